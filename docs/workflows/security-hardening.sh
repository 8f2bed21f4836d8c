#!/usr/bin/env bash
# security-hardening [DIR]: a generated server is attacked where services are weak.
# What is written goes to DIR (default: a new temporary folder).
set -euo pipefail
cd "$(dirname "$0")/../.."
. docs/workflows/begin.sh

step "1. The document asks for a signed token"
cat >"$out/openapi.yaml" <<'YAML'
openapi: 3.1.0
info: {title: Accounts, version: 1.0.0}
security: [{token: []}]
paths:
  /login:
    post:
      operationId: login
      security: []
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [email], properties: {email: {type: string, format: email, maxLength: 255}}, additionalProperties: false}}}
      responses: {'204': {description: Welcome.}}
  /accounts:
    get:
      operationId: listAccounts
      responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {type: string}}}}}}
components:
  securitySchemes: {token: {type: http, scheme: bearer, bearerFormat: JWT}}
YAML
run scaffolder generate "$out/openapi.yaml" --framework express --output "$out/server"

step "2. Only the token that our key signed is taken"
node -e '
const { generateKeyPairSync } = require("node:crypto");
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const fs = require("node:fs");
fs.writeFileSync(process.argv[1] + "/public.pem", publicKey.export({ type: "spki", format: "pem" }));
fs.writeFileSync(process.argv[1] + "/private.pem", privateKey.export({ type: "pkcs8", format: "pem" }));
' "$out"
token() { # ALGORITHM KEY-FILE EXPIRES-IN
  node -e '
const { createSign, createHmac } = require("node:crypto");
const [algorithm, file, seconds] = process.argv.slice(1);
const text = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const body = text({ alg: algorithm, typ: "JWT" }) + "." + text({ sub: "ann", iat: now, exp: now + Number(seconds) });
const key = require("node:fs").readFileSync(file);
let signature = "";
if (algorithm === "RS256") signature = createSign("sha256").update(body).sign(key, "base64url");
if (algorithm === "HS256") signature = createHmac("sha256", key).update(body).digest("base64url");
console.log(body + "." + signature);
' "$@"
}
start_server "$out/server" JWT_PUBLIC_KEY="$(cat "$out/public.pem")"
ask() { # WANTED-STATUS TOKEN
  run loadtester run "$url/accounts" ${2:+--header "Authorization: Bearer $2"} --requests 20 --rate 50 --expect-status "$1" --allow-generator-limited --format markdown | sed -n '/status/p'
}
ask 200 "$(token RS256 "$out/private.pem" 60)"
ask 401 ""
ask 401 "$(token RS256 "$out/private.pem" -60)"
ask 401 "$(token none "$out/public.pem" 60)"
ask 401 "$(token HS256 "$out/public.pem" 60)"

step "3. Inputs are refused when they are not what the document says"
run loadtester run "$url/login" --method POST --header 'content-type: application/json' --body '{"email": "not-an-email"}' --expect-status 400 --requests 20 --rate 50 --allow-generator-limited

step "4. The limiter limits"
stop_server
start_server "$out/server" JWT_PUBLIC_KEY="$(cat "$out/public.pem")" RATE_LIMIT_MAX=20 RATE_LIMIT_WINDOW=5
run loadtester run "$url/login" --method POST --header 'content-type: application/json' --body '{"email": "ann@example.com"}' --concurrency 20 --duration 3 --expect-rate-limit --allow-generator-limited

step "5. The headers are there"
headers=$(curl -sS -D - -o /dev/null "$url/accounts")
for name in content-security-policy strict-transport-security x-content-type-options; do
  grep -qi "^$name:" <<<"$headers" || fail "the header $name is missing" ""
done
! grep -qi '^x-powered-by:' <<<"$headers" || fail "the server names its framework" ""

step "Proved: unsigned, expired and re-signed tokens get 401, wrong input 400, the limiter and its headers are as promised."

#!/usr/bin/env bash
# api-design [DIR]: from a document to a server that keeps to it. What is written goes
# to DIR (default: a new temporary folder). Needs Go and Node.js.
set -euo pipefail
cd "$(dirname "$0")/../.."
. docs/workflows/begin.sh

step "1. Resources and operations are defined in openapi.yaml"
cat >"$out/openapi.yaml" <<'YAML'
openapi: 3.0.3
info: {title: User Service API, version: 1.0.0}
paths:
  /users:
    get:
      summary: List users
      operationId: listUsers
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
      responses:
        '200':
          description: The users.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}
    post:
      summary: Create user
      operationId: createUser
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/CreateUser'}}}
      responses:
        '201': {description: Created., content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
components:
  schemas:
    CreateUser:
      type: object
      required: [email, name]
      properties: {email: {type: string, format: email, maxLength: 255}, name: {type: string, minLength: 1, maxLength: 100}}
    User:
      allOf:
        - {$ref: '#/components/schemas/CreateUser'}
        - {type: object, required: [id], properties: {id: {type: integer}}}
YAML

step "2. The routes are generated"
run scaffolder "$out/openapi.yaml" --framework express --output "$out/server"

step "3. The business logic is written: createUser in src/routes/users.ts"
node - "$out/server/src/routes/users.ts" <<'JS'
const fs = require("node:fs");
const file = process.argv[2];
const text = fs.readFileSync(file, "utf8");
const at = text.indexOf("createUser");
if (at < 0) throw new Error("no handler createUser");
fs.writeFileSync(file, text + "\n// Users are welcome: this line is ours.\n");
JS

step "4. The document changes, the server is generated again"
sed -i.bak 's|^components:|  /users/{id}:\n    get:\n      summary: Get user\n      operationId: getUser\n      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]\n      responses:\n        "200": {description: The user., content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}\ncomponents:|' "$out/openapi.yaml"
run scaffolder "$out/openapi.yaml" --output "$out/server"
grep -q 'this line is ours' "$out/server/src/routes/users.ts" || fail "what was written by hand is gone" ""

step "5. The document is read back from the code, and both agree"
run scaffolder "$out/server" --generate-spec --output "$out/read-back.yaml"
run scaffolder generate "$out/openapi.yaml" --output "$out/server" --check

step "6. The server starts and is asked, with what is right and with what is wrong"
start_server "$out/server"
run loadtester run "$url" --openapi "$out/read-back.yaml" --rate 50 --duration 3 --allow-generator-limited
run loadtester run "$url" --openapi "$out/openapi.yaml" --invalid --expect-status 400 --rate 50 --duration 3 --allow-generator-limited

step "Proved: the handler's file kept what was written in it, code and document agree, every wrong request got 400."

# What the pages speak of, beside the files of docs/example: run once, in a folder
# that each page gets a copy of. $ANY is a server that answers everything.
mkdir tables
cat schema/v2.sql - > tables/shop.sql <<'SQL'
CREATE TABLE users (id bigint PRIMARY KEY, full_name text);
SQL
for version in 1 2; do
  echo 'CREATE TABLE users (id bigint PRIMARY KEY, name text);' >> schema/v$version.sql
done
cp schema/v2.sql schema.sql
printf '{"scripts":{"test":"node -e 0"}}' > package.json

# scaffolder spec
mkdir -p src/routes
cat > src/app.ts <<'TS'
import express from "express";
import users from "./routes/users";

const app = express();
app.use("/users", users);
export default app;
TS
cat > src/server.ts <<'TS'
import app from "./app";

app.listen(3000);
TS
cat > src/routes/users.ts <<'TS'
import { Router } from "express";

const users = Router();
users.get("/", (req, res) => res.json([{ name: String(req.query.name) }]));
export default users;
TS
mkdir -p my/common
cp "$ROOT"/scaffolder/internal/tsgen/templates/common/Dockerfile.tmpl my/common/

# migrator
mkdir migrations
migrator diff --from schema/v1.sql --to schema/v2.sql --up migrations/20260102_add_books.sql --down migrations/20260102_add_books_rollback.sql > /dev/null
migrator analyze --connection "$DATABASE_URL" --format json --output before.json
printf 'CREATE INDEX CONCURRENTLY idx_books_title ON books (title);\n' > migrations/20260103_add_index.sql

# loadtester
printf '#!/bin/sh\necho "curl %s/users"\n' "$ANY" > "$(dirname "$(command -v loadtester)")"/pbpaste
chmod +x "$(dirname "$(command -v loadtester)")"/pbpaste
cat > targets.yaml <<YAML
targets: [{get: $ANY/users}]
YAML
cat > login.yaml <<YAML
chain:
  - {post: $ANY/login, json: {user: me}, save: {token: body.token}}
  - {get: $ANY/users, header: {Authorization: "Bearer {{\$token}}"}}
YAML
cat > shop.http <<HTTP
GET $ANY/cart

GET $ANY/books
HTTP
cp targets.yaml t.yaml
echo '{"product_id": 1}' > order.json
printf '\211PNG\r\n\032\n' > me.png
cat > session.har <<HAR
{"log": {"version": "1.2", "creator": {"name": "a browser", "version": "1"}, "entries": [
  {"startedDateTime": "2026-01-10T09:30:00.000Z", "time": 5, "request": {"method": "GET", "url": "$ANY/users", "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0}, "response": {"status": 200, "headers": []}},
  {"startedDateTime": "2026-01-10T09:30:00.100Z", "time": 5, "request": {"method": "GET", "url": "$ANY/books", "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0}, "response": {"status": 200, "headers": []}}]}}
HAR
cat > access.log <<'LOG'
127.0.0.1 - - [10/Jan/2026:09:30:00 +0000] "GET /users HTTP/1.1" 200 12 "-" "a browser"
127.0.0.1 - - [10/Jan/2026:09:30:01 +0000] "GET /books HTTP/1.1" 200 12 "-" "a browser"
LOG
for i in 1 2 3; do
  loadtester "$ANY/users" --rate 50 --duration 1 --format json --save $i.ltr --shard $i/3 -q > $i.json
done
loadtester "$ANY/users" --rate 50 --duration 1 --save before.ltr -q --format json > baseline.json
cp before.ltr after.ltr
cp before.ltr run.ltr
cp baseline.json a.json
loadtester "$ANY/users" --rate 50 --duration 1 -q --format json > b.json
loadtester capacity "$ANY/users" --max 60 --step 1 --save search.ltr -q > /dev/null || true

# pages of the load tester speak of another document
mkdir -p own/docs/loadtester
cat > own/docs/loadtester/openapi.yaml <<'YAML'
openapi: 3.1.0
info: {title: Users, version: 1.0.0}
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'200': {description: the users}}
    post:
      operationId: createUser
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [email], properties: {email: {type: string, format: email}}}}}
      responses: {'201': {description: the user}}
YAML

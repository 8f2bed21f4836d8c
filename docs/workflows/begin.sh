# begin.sh is sourced by the workflows, from the root of the clone: the tools are
# built, $out is the folder to write to, and what is started is stopped at the end.
. scripts/need.sh
need_go
need_node
export CGO_ENABLED=0
out=${1:-$(mktemp -d "${TMPDIR:-/tmp}/workflow.XXXXXX")}
mkdir -p "$out"
out=$(cd "$out" && pwd)
path=$(sed -n 's|^module \(.*\)/shared$|\1|p' shared/go.mod)
export PATH=$PWD/bin:$PATH
go build -o bin/ "$path"/{scaffolder,migrator,loadtester}

server=
stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
trap stop_server EXIT

step() { printf '\n%s\n' "$*"; }
run() {
  printf '$ %s\n' "$*"
  "$@"
}

# start_server DIR [NAME=VALUE…]: builds and starts a generated server; its address
# is $url.
start_server() {
  local dir=$1 port
  shift
  [ -d "$dir/dist" ] || (cd "$dir" && npm install --no-audit --no-fund --loglevel=error && npm run --silent build) >"$out/npm.log" 2>&1 ||
    fail "the generated server does not build" "read $out/npm.log"
  port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
  url=http://127.0.0.1:$port
  (cd "$dir" && exec env HOST=127.0.0.1 PORT="$port" LOG_LEVEL=error RATE_LIMIT_MAX=1000000 "$@" node dist/server.js) >"$out/server.log" 2>&1 &
  server=$!
  node scripts/wait-for.mjs "$url/health" 30 || fail "the server does not answer on $url" "read $out/server.log"
}

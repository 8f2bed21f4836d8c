# need.sh is sourced: what the scripts need of a machine, and one line that says
# what is missing.

fail() {
  printf 'error: %s\n' "$1" >&2
  [ -z "${2:-}" ] || printf 'hint: %s\n' "$2" >&2
  exit 2
}

# at_least HAVE WANT: version numbers with dots.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_go() {
  local want have
  want=$(sed -n 's/^go //p' go.work)
  command -v go >/dev/null || fail "Go is missing" "install Go $want or later from go.dev/dl"
  have=$(GOTOOLCHAIN=local GOWORK=off go env GOVERSION | sed 's/^go//; s/[ -].*//')
  at_least "$have" "$want" || [ "$(GOWORK=off go env GOTOOLCHAIN)" != local ] ||
    fail "Go $have is too old: $want or later is needed" "install it from go.dev/dl, or set GOTOOLCHAIN=auto"
}

need_node() {
  local have
  command -v node >/dev/null || fail "Node.js is missing" "install Node.js 20 or later from nodejs.org"
  command -v npm >/dev/null || fail "npm is missing" "it comes with Node.js from nodejs.org; on Debian: apt-get install npm"
  have=$(node --version)
  at_least "${have#v}" 20 || fail "Node.js $have is too old: 20 or later is needed" "install it from nodejs.org"
}

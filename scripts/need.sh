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

# need_hypopg: the extension that the index advice tries indexes with. Where this
# machine's PostgreSQL lacks it, Debian's package brings it.
need_hypopg() {
  local bin share package
  for bin in /usr/lib/postgresql/*/bin; do
    [ -x "$bin/postgres" ] || continue
    share=/usr/share/postgresql/$(basename "$(dirname "$bin")")
    [ -f "$share/extension/hypopg.control" ] && return
    package=postgresql-$(basename "$share")-hypopg
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      { apt-get install -y -qq "$package" || { apt-get update -qq && apt-get install -y -qq "$package"; }; } >/dev/null 2>&1
      [ -f "$share/extension/hypopg.control" ] && return
    fi
    fail "HypoPG is missing for $bin" "on Debian: apt-get install $package"
  done
}

# need_programs PROGRAM…: what tests of releases and completions ask: shells that
# people have, readers of packages and pages. Debian calls the packages the same.
need_programs() {
  local missing=() p
  for p; do command -v "$p" >/dev/null || missing+=("$p"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get install -y -qq "${missing[@]}" || { apt-get update -qq && apt-get install -y -qq "${missing[@]}"; }; } >/dev/null 2>&1 || true
  fi
  for p in "${missing[@]}"; do
    command -v "$p" >/dev/null || fail "$p is missing" "on Debian: apt-get install $p"
  done
}

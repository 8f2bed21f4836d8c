#!/usr/bin/env bash
# check.sh runs the tools that SCAFFOLDER, MIGRATOR and LOADTESTER give arguments for,
# and writes one page of their reports to GITHUB_STEP_SUMMARY, its verdict first.
# Annotations go to standard output, JUnit files to the folder reports. It ends as the
# worst of them did: 1 where a check failed, 2 where one could not run.
set -euo pipefail

home=github.com/seniorbackend/tools
summary=${GITHUB_STEP_SUMMARY:-/dev/stdout}
reports=${REPORTS:-reports}
mkdir -p "$reports"
worst=0
asked=0

# words splits arguments as a shell would, and expands nothing.
words() { printf '%s\n' "$1" | xargs -n 1 printf '%s\n'; }

# check TOOL ARGUMENTS
check() {
  local tool=$1 code=0 arguments
  [ -n "$2" ] || return 0
  asked=1
  command -v "$tool" >/dev/null || go install "$home/$tool@${TOOLS_VERSION:-latest}"
  mapfile -t arguments < <(words "$2")
  rm -f "$reports/$tool".{xml,md}
  PATH=$PATH:$(go env GOPATH)/bin "$tool" "${arguments[@]}" --format github \
    --report junit="$reports/$tool.xml" --report markdown="$reports/$tool.md" || code=$?
  [ "$code" -le "$worst" ] || worst=$code
}

check scaffolder "${SCAFFOLDER:-}"
check migrator "${MIGRATOR:-}"
check loadtester "${LOADTESTER:-}"
if [ "$asked" = 0 ]; then
  echo "::error title=backend tools::nothing was asked for: give the arguments of a tool"
  worst=2
fi

case $worst in
  0) verdict=PASS ;;
  1) verdict=FAIL ;;
  *) verdict=ERROR ;;
esac
{
  printf '# Backend tools: %s\n' "$verdict"
  for tool in scaffolder migrator loadtester; do
    [ ! -f "$reports/$tool.md" ] || printf '\n%s\n' "$(cat "$reports/$tool.md")"
  done
} >>"$summary"
[ -z "${GITHUB_OUTPUT:-}" ] || echo "verdict=$verdict" >>"$GITHUB_OUTPUT"
exit "$worst"

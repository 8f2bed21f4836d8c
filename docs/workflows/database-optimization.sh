#!/usr/bin/env bash
# database-optimization [DIR]: slow queries are found, indexes are suggested as a
# migration, tried, applied, and what they brought is measured. It is the loop of
# scripts/tune, which says each step.
set -euo pipefail
exec "$(dirname "$0")/../../scripts/tune" "$@"

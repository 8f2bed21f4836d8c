#!/bin/sh
# machines.sh URL HOST...: one load test from several machines, each of which
# has loadtester. Their clocks have to agree (NTP). RATE and DURATION are those of
# the whole run.
set -eu
url=$1
shift
start=$(($(date +%s) + ${LEAD:-10})) # time enough to log in everywhere
results=$(mktemp -d)
part=0
for host; do
  part=$((part + 1))
  ${SSH:-ssh} "$host" loadtester run "$url" --rate "${RATE:-1000}" --duration "${DURATION:-30}" \
    --shard "$part/$#" --start-at "$start" --format json --quiet >"$results/$part.json" &
done
wait
loadtester report "$results"/*.json
rm -r "$results"

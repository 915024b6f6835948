#!/usr/bin/env bash
# Two throw-away peers on this machine: alice shares this clone's src/ and a large file, bob finds her, downloads both
# and verifies them.
#
#   tools/demo.sh BINARY      (./run demo builds BINARY first)
#
# Everything lives in a temporary folder, and the discovery port is a free one, so no peer of the network is disturbed.
set -euo pipefail
essaim=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
large_mib=256

work=$(mktemp -d "${TMPDIR:-/tmp}/essaim-demo.XXXXXX")
nodes=()
clean_up() {
  ((${#nodes[@]} == 0)) || kill "${nodes[@]}" 2>/dev/null || true
  ((${#nodes[@]} == 0)) || wait "${nodes[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

fail() {
  echo "demo: $1" >&2
  tail -n 20 "$work"/*.log >&2
  exit 1
}
milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
# The value of a field in the last line of JSON on standard input: json_field NAME
json_field() { tail -n 1 | sed -nE "s/.*\"$1\": *\"?([^\",}]*).*/\1/p"; }
as() { local peer=$1; shift; "$essaim" "$@" --home "$work/$peer"; }

free_udp_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    grep -qi ":$(printf %04X "$port") " /proc/net/udp /proc/net/udp6 || break
  done
  echo "$port"
}
discovery_port=$(free_udp_port)

# start PEER: its node, in the background; returns when it can be reached.
start() {
  local peer=$1 line
  exec {output}< <(exec "$essaim" up --home "$work/$peer" --dest "$work/$peer.downloads" --name "$peer" \
    --discovery-port "$discovery_port" --web off 2>"$work/$peer.log")
  nodes+=("$!")
  while read -r -u "$output" line; do
    [[ $line == ready* ]] && return
  done
  fail "$peer did not start"
}

# copy NAME SOURCE: bob downloads NAME and compares it with SOURCE.
copy() {
  local name=$1 source=$2 link bytes seconds
  link=$(as alice share "$source" --name "$name" | grep -o 'essaim:[^ ]*' | head -n 1)
  as bob get "$link" --json >"$work/get.json" || fail "bob could not get $name"
  bytes=$(json_field bytes <"$work/get.json")
  seconds=$(json_field seconds <"$work/get.json")
  as bob verify "$work/bob.downloads/$name" "$link" >/dev/null || fail "$name is not what its link says"
  diff -r "$source" "$work/bob.downloads/$name" || fail "$name differs"
  awk -v name="$name" -v bytes="$bytes" -v seconds="$seconds" 'BEGIN {
    printf "bob got and verified %-9s %8.1f MiB in %6.3f s", name, bytes / 1048576, seconds
    if (seconds > 0) printf "  (%.0f MB/s, encrypted, every chunk checked)", bytes / 1e6 / seconds
    print "" }'
}

start alice
echo "alice is up (discovery on UDP port $discovery_port)"

begun=$(milliseconds)
start bob
until as bob peers --json | grep -q '"alice"'; do
  (($(milliseconds) - begun < 20000)) || fail "bob did not find alice within 20 s"
done
echo "bob is up and found alice; from his start to seeing her: $(($(milliseconds) - begun)) ms"

copy src "$root/src"
head -c "${large_mib}M" /dev/urandom >"$work/large.bin"
copy large.bin "$work/large.bin"
echo "Both copies are identical to what alice shares. Nothing of this stays on the machine."

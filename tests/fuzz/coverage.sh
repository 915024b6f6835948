#!/usr/bin/env bash
# How many lines of the parsers and of the machines that peers drive the committed corpora reach by themselves: builds the
# targets with coverage, runs each over its corpus once, and fails below the limit.
#
#   tests/fuzz/coverage.sh [BUILD]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

build=${1:-build/coverage}
lines_min=90
# What peers and networks feed. What only sends, or only a person at this machine reaches, is not counted here.
folders='/src/(wire|content|discovery|access)/'
machines='/src/swarm/(upload_queue|served_counts|download[a-z_]*|picker|request_book|failure_marks|holdings|open_item|item_table|source|source_window)\.cpp'

cmake --preset fuzz -B "$build" -DESSAIM_SANITIZE= -DESSAIM_FUZZ=OFF -DESSAIM_TESTS=ON \
  -DCMAKE_CXX_FLAGS='-fprofile-instr-generate -fcoverage-mapping' -DCMAKE_BUILD_TYPE=Debug >/dev/null
targets=()
for source in tests/fuzz/*_fuzz.cpp; do targets+=("$(basename "$source" .cpp)"); done
ninja -C "$build" "${targets[@]}" >"$build/build.log" || { cat "$build/build.log"; exit 1; }

objects=()
rm -f "$build"/*.profraw
for target in "${targets[@]}"; do
  program=$build/tests/fuzz/$target
  LLVM_PROFILE_FILE=$build/$target.profraw "$program" "tests/fuzz/corpus/${target%_fuzz}" >/dev/null
  objects+=(-object "$program")
done
llvm-profdata-19 merge -o "$build/all.profdata" "$build"/*.profraw
llvm-cov-19 export -summary-only -instr-profile "$build/all.profdata" "${objects[@]}" 2>/dev/null |
  python3 -c '
import json, re, sys
wanted, limit = re.compile(sys.argv[1]), float(sys.argv[2])
total = reached = 0
for entry in json.load(sys.stdin)["data"][0]["files"]:
    lines = entry["summary"]["lines"]
    if not wanted.search(entry["filename"]) or not entry["filename"].endswith(".cpp"):
        continue
    total, reached = total + lines["count"], reached + lines["covered"]
    name = entry["filename"].split("/src/")[1]
    print("{:42} {:5} lines {:6.1f} %".format(name, lines["count"], lines["percent"]))
percent = 100 * reached / total
print("{} of {} lines are reached by the corpora: {:.1f} %, and {:g} % is the least".format(reached, total, percent, limit))
sys.exit(percent < limit)' "$folders|$machines" "$lines_min"

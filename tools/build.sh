#!/usr/bin/env bash
# Configures and builds a preset of CMakePresets.json as far as that is needed.
#
#   tools/build.sh PRESET [-DNAME=VALUE]… [TARGET…]      (no TARGET: everything)
#
# Says nothing when there is nothing to do, shows one moving line on a terminal, and the compiler's words only if the
# build fails. Everything goes to standard error, so that standard output stays the program's own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=$1
shift
build=build/$preset
cache_entries=() targets=()
for argument in "$@"; do
  case $argument in
    -D*) cache_entries+=("$argument") ;;
    *) targets+=("$argument") ;;
  esac
done

mkdir -p "$build"
log=$build/build.log
# Two terminals may start ./run at once; the second waits for the first one's build.
exec {lock}>"$build/.lock"
flock "$lock"

if [[ ! -f $build/build.ninja || ${#cache_entries[@]} -gt 0 ]]; then
  if ! cmake --preset "$preset" "${cache_entries[@]}" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    exit 1
  fi
fi

# A file full of coroutines takes the compiler up to 1 GiB.
jobs_by_memory=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)
jobs=$(nproc)
((jobs_by_memory < jobs)) && jobs=$jobs_by_memory
((jobs < 1)) && jobs=1

show_progress() {
  [[ -t 2 ]] || { cat >/dev/null; return; }
  awk '/^\[[0-9]+\/[0-9]+\]/ { printf "\r\033[Kbuilding %s", $1; fflush(); shown = 1 }
       END { if (shown) printf "\r\033[K" }' >&2
}

if ! NINJA_STATUS='[%f/%t] ' ninja -C "$build" -j "$jobs" "${targets[@]}" </dev/null 2>&1 {lock}>&- | tee "$log" | show_progress; then
  grep -v '^\[[0-9]*/[0-9]*\]' "$log" >&2
  echo "The $preset build failed; its whole log is $log." >&2
  exit 1
fi

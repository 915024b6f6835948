#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing (and, for the tests, the npm packages of tests/web); when none is, it
# changes nothing and takes no time.
#
#   tools/install_dependencies.sh [--tests] [--bench]
#
# Without options: what a build of the program needs. --tests adds what ./check needs, --bench what bench/run needs.
set -euo pipefail

packages=(
  clang-19 lld-19 cmake ninja-build pkg-config
  libboost1.81-dev libssl-dev librust-blake3-dev libsqlite3-dev libsqlitecpp-dev
  libcli11-dev libtomlplusplus-dev libspdlog-dev libfmt-dev libqrencode-dev
  python3
)
test_packages=(
  libgtest-dev libgmock-dev
  clang-format-19 clang-tidy-19 llvm-19 libclang-rt-19-dev
  python3 util-linux iproute2 nftables openssl curl
  chromium
)
# Node.js of another origin than Debian brings npm with it, and does not go with Debian's.
command -v npm >/dev/null || test_packages+=(nodejs npm)
bench_packages=(libbenchmark-dev python3 util-linux iproute2 openssl nginx-light curl rsync b3sum)

with_tests=
for option in "$@"; do
  case $option in
    --tests) packages+=("${test_packages[@]}") with_tests=yes ;;
    --bench) packages+=("${bench_packages[@]}") ;;
    *) echo "usage: $0 [--tests] [--bench]" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This system has no apt-get, so nothing is installed. The build needs what these Debian packages hold:" >&2
  echo "  ${packages[*]}" >&2
  exit 0
fi

installed() { dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null | sed -n 's/^installed //p'; }

# The drivers of the browser, as tests/web/package.json names them, for that folder alone.
install_web_drivers() {
  local folder
  folder=$(dirname "${BASH_SOURCE[0]}")/../tests/web
  [[ -z $with_tests || $folder/node_modules/.installed -nt $folder/package.json ]] && return
  echo "Installing with npm: what tests/web/package.json names" >&2
  (cd "$folder" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts >/dev/null && touch node_modules/.installed)
}

mapfile -t missing < <(comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) <(installed | sort -u))
if [[ ${#missing[@]} -eq 0 ]]; then
  install_web_drivers
  exit
fi

as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing; as root, run:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing with ${as_root[*]-} apt-get: ${missing[*]}" | tr -s ' ' >&2

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Without recommends, or librust-blake3-dev would bring a Rust compiler. Never removing, because Boost 1.81's headers
# conflict with those of Debian's default Boost: that choice belongs to the machine's owner.
apt_get() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" </dev/null >"$log" 2>&1; }
if ! apt_get update || ! apt_get install --no-install-recommends --no-remove "${missing[@]}"; then
  cat "$log" >&2
  echo "Could not install: ${missing[*]}" >&2
  exit 1
fi
install_web_drivers

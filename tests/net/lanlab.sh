#!/usr/bin/env bash
# Many hosts on one machine: lanlab.sh N COMMAND… runs COMMAND in private namespaces where the hosts h1 … hN stand on
# one bridge, with the addresses 10.77.0.i/24 and fd77::i/64. `ip netns exec h2 …` runs something on the second one.
#
# Needs no root, and changes nothing outside: all is gone when COMMAND ends, with every process started in it.
# ESSAIM_LANLAB is set for COMMAND.
set -euo pipefail
if [[ $# -lt 2 ]]; then
  echo "usage: $0 HOSTS COMMAND…" >&2
  exit 2
fi
export PATH=$PATH:/usr/sbin:/sbin

if [[ -z ${ESSAIM_LANLAB-} ]]; then
  become_root=()
  [[ $EUID -eq 0 ]] || become_root=(--map-root-user)
  exec env ESSAIM_LANLAB=1 unshare "${become_root[@]}" --net --mount --fork --pid --kill-child --mount-proc \
    bash "${BASH_SOURCE[0]}" "$@"
fi

hosts=$1
shift
mount -t tmpfs tmpfs /run  # a private one, so that `ip netns` works without root
mkdir /run/netns
ip link set lo up
ip link add br0 type bridge mcast_snooping 0 forward_delay 0
ip link set br0 up
for i in $(seq "$hosts"); do
  ip netns add "h$i"
  ip link add "v$i" type veth peer name eth0 netns "h$i"
  ip link set "v$i" master br0 up
  ip -n "h$i" link set lo up
  ip -n "h$i" link set eth0 up
  ip -n "h$i" addr add "10.77.0.$i/24" brd + dev eth0
  ip -n "h$i" addr add "fd77::$i/64" dev eth0 nodad
  ip -n "h$i" route add default via 10.77.0.254 dev eth0  # 255.255.255.255 and 239/8 need a route
done
"$@"

"""The cable between each host of the laboratory and the switch: how fast it is, and what went over it.

For programs inside the laboratory, on none of its hosts: the switch's ends of the cables, v1, v2, …, are there.
"""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path
from typing import Iterator, Mapping

import lanlab

# More than the kernel hands over in one piece (64 KiB), and nothing beside what is measured.
BURST = "128kb"
# What would wait longer than this for its turn is dropped, as by a switch with a small buffer.
QUEUE = "50ms"


def _ip(host: int, arguments: str) -> None:
    subprocess.run(["ip", "-n", f"h{host}", *arguments.split()], check=True)


def _tc_at_both_ends(host: int, arguments: str) -> None:
    """Each end of a cable limits what leaves by it. `arguments` name the device as {device}."""
    subprocess.run(["tc", *arguments.format(device=f"v{host}").split()], check=True)
    subprocess.run(["tc", "-n", f"h{host}", *arguments.format(device="eth0").split()], check=True)


def _use_cubic(host: int) -> None:
    """The congestion control that Linux has by default, whatever this machine has. Told with the routes, because the
    kernel lets no network namespace choose another default than the machine's."""
    _ip(host, f"route replace 10.77.0.0/24 dev eth0 proto kernel scope link src {lanlab.address(host)} congctl cubic")
    for prefix in ("fd77::/64", "fe80::/64"):
        _ip(host, f"-6 route replace {prefix} dev eth0 proto kernel metric 256 congctl cubic")


@contextlib.contextmanager
def limited(megabits_per_second: Mapping[int, int]) -> Iterator[None]:
    """Gives each of these hosts a cable that carries so much in either direction."""
    with contextlib.ExitStack() as undo:
        for host, megabits in megabits_per_second.items():
            _use_cubic(host)
            bucket = f"tbf rate {megabits}mbit burst {BURST} latency {QUEUE}"
            _tc_at_both_ends(host, f"qdisc add dev {{device}} root {bucket}")
            undo.callback(_tc_at_both_ends, host, "qdisc del dev {device} root")
        yield


def _counters(host: int) -> list[int]:
    for line in Path("/proc/net/dev").read_text().splitlines():
        device, _, counters = line.partition(":")
        if device.strip() == f"v{host}":
            return [int(counter) for counter in counters.split()]
    raise AssertionError(f"the laboratory has no host {host}")


def bytes_sent(host: int) -> int:
    """By the host, headers included: what the switch's end has received."""
    return _counters(host)[0]


def bytes_received(host: int) -> int:
    return _counters(host)[8]

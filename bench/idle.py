"""What a node takes while nothing happens, with another peer near."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import cpu
from essaim_node import EssaimNode
from hosts import Hosts


def run(hosts: Hosts, work: Path, seconds: float) -> dict[str, Any]:
    idler = EssaimNode(work, "idler", hosts.node_options, hosts.on_server)
    other = EssaimNode(work, "neighbour", hosts.node_options, hosts.on_client)
    with idler, other:
        idler.wait_for_peer(other.name)
        before = cpu.thread_cpu_seconds(idler.pid)
        time.sleep(seconds)
        return {
            "resident_mebibytes": cpu.resident_bytes(idler.pid) / (1 << 20),
            "cpu_milliseconds_per_second": 1000 * (cpu.thread_cpu_seconds(idler.pid) - before) / seconds,
            "watched_seconds": seconds,
        }

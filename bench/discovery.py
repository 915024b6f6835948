"""How long it takes from a peer's start until another one lists it."""

from __future__ import annotations

import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from essaim_node import EssaimNode
from hosts import Hosts


def run(hosts: Hosts, work: Path, runs: int) -> dict[str, Any]:
    """Milliseconds from starting the second process (a new peer, which makes its key first) to its name in the first
    one's `peers --watch`."""
    seconds = []
    with EssaimNode(work, "watcher", hosts.node_options, hosts.on_server) as watcher:
        command = watcher.command("peers", "--watch", "--json")
        watch = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, bufsize=1)
        assert watch.stdout is not None
        try:
            for number in range(runs):
                newcomer = EssaimNode(work, f"newcomer-{number}", hosts.node_options, hosts.on_client)
                begun = time.monotonic()
                newcomer.launch()
                for line in watch.stdout:
                    if newcomer.name in line:
                        break
                seconds.append(time.monotonic() - begun)
                newcomer.stop()
        finally:
            watch.kill()
            watch.wait()
            watch.stdout.close()
    milliseconds = [1000 * value for value in seconds]
    return {
        "over": hosts.description,
        "median_milliseconds": statistics.median(milliseconds),
        "slowest_milliseconds": max(milliseconds),
        "runs": milliseconds,
    }

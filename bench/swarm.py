"""One file from one seed to eight others at the same moment, on a switch with a cable of 200 Mbit/s to each host."""

from __future__ import annotations

import contextlib
import filecmp
import statistics
from dataclasses import asdict
from pathlib import Path
from typing import Any, Iterator

import cpu
import lanlab
import links
import swarm_others
from delivery import (
    FILE_BYTES,
    LINK_MEGABITS,
    LINK_SECONDS,
    RECEIVERS,
    SEED,
    Delivery,
    Way,
    deliver_by_commands,
    result_path,
)
from essaim_node import EssaimNode
from hosts import Hosts
from transfer import make_file


class Essaim:
    name = "essaim, TLS 1.3, verified"

    def __init__(self, seed: EssaimNode, source: Path, work: Path) -> None:
        self._seed, self._source, self._work = seed, source, work
        self._deliveries = 0

    @classmethod
    @contextlib.contextmanager
    def running(cls, source: Path, work: Path) -> Iterator["Essaim"]:
        with EssaimNode(work, "seed", inside=lanlab.on_host(SEED)) as seed:
            seed.ask("share", str(source))
            seed.wait_for_share(source.name)
            yield cls(seed, source, work)

    def deliver(self, results: Path) -> Delivery:
        """To new peers each time, which hold nothing yet."""
        self._deliveries += 1
        with contextlib.ExitStack() as running:
            receivers = []
            for host in RECEIVERS:
                name = f"receiver-{self._deliveries}-{host}"
                receivers.append(running.enter_context(EssaimNode(self._work, name, inside=lanlab.on_host(host))))
            for receiver in receivers:
                for other in (self._seed, *receivers):
                    if other is not receiver:
                        receiver.wait_for_peer(other.name)
            commands = [
                receiver.command("get", f"seed/{self._source.name}", "-o", str(result_path(results, host)), "--quiet")
                for host, receiver in zip(RECEIVERS, receivers)
            ]
            nodes = [self._seed, *receivers]
            return deliver_by_commands(commands, lambda: sum(cpu.cpu_seconds(node.pid) for node in nodes))


def measure(way: Way, source: Path, results: Path) -> dict[str, Any]:
    for host in RECEIVERS:
        result_path(results, host).parent.mkdir(parents=True, exist_ok=True)
    delivery = way.deliver(results)
    for host in RECEIVERS:
        result = result_path(results, host)
        if not filecmp.cmp(source, result, shallow=False):
            raise RuntimeError(f"{way.name} left something else on host {host}")
        result.unlink()
    return {
        "last_seconds": max(delivery.seconds),
        "median_seconds": statistics.median(delivery.seconds),
        "times_the_links_own": max(delivery.seconds) / LINK_SECONDS,
        "copies_sent_by_seed": delivery.seed_bytes / FILE_BYTES,
        **asdict(delivery),
    }


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    keys = ("last_seconds", "median_seconds", "times_the_links_own", "copies_sent_by_seed", "cpu_seconds")
    return {key: statistics.median(run[key] for run in runs) for key in keys} | {"runs": runs}


def run(hosts: Hosts, memory: Path, runs: int, compare: bool) -> dict[str, Any]:
    """All files and homes are in `memory`, so that no disk is measured."""
    source = memory / "swarm" / "image.bin"
    make_file(source, FILE_BYTES)
    found: dict[str, list[dict[str, Any]]] = {}
    with contextlib.ExitStack() as running:
        ways: list[Way] = [running.enter_context(Essaim.running(source, memory / "swarm-nodes"))]
        if compare:
            ways += [running.enter_context(other) for other in swarm_others.all_possible(hosts, source, memory)]
        running.enter_context(links.limited({host: LINK_MEGABITS for host in (SEED, *RECEIVERS)}))
        for _ in range(runs):
            for way in ways:
                found.setdefault(way.name, []).append(measure(way, source, memory / "swarm-results"))
    source.unlink()
    return {
        "bytes": FILE_BYTES,
        "receivers": len(RECEIVERS),
        "link_megabits_per_second": LINK_MEGABITS,
        "link_seconds": LINK_SECONDS,
        "ways": {name: summary(measured) for name, measured in found.items()},
    }

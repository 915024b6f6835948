"""A folder of many small files from one host's memory into the other's: essaim and an rsync daemon, taking turns."""

from __future__ import annotations

import contextlib
import random
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Protocol

import cpu
import rsync
from essaim_node import EssaimNode
from hosts import Hosts

FILES = 10_000
FILE_BYTES_MIN, FILE_BYTES_MAX = 4 << 10, 64 << 10
FILES_A_FOLDER = 100
MIB = 1 << 20


class Way(Protocol):
    name: str

    def fetch(self, result: Path) -> dict[str, float]:
        """Gets the folder; at least `seconds` and `cpu_seconds` of the receiving end."""


class Essaim:
    name = "essaim, TLS 1.3, verified"

    def __init__(self, source: EssaimNode, folder: Path, hosts: Hosts, work: Path) -> None:
        self._source, self._folder, self._hosts, self._work = source, folder, hosts, work
        self._fetches = 0

    @classmethod
    @contextlib.contextmanager
    def running(cls, hosts: Hosts, folder: Path, work: Path) -> Iterator["Essaim"]:
        with EssaimNode(work, "source", hosts.node_options, hosts.on_server) as source:
            source.ask("share", str(folder))
            source.wait_for_share(folder.name)
            yield cls(source, folder, hosts, work)

    def fetch(self, result: Path) -> dict[str, float]:
        """By a new peer each time, which holds nothing yet. Timed from the command's start to its end."""
        self._fetches += 1
        name = f"receiver-{self._fetches}"
        with EssaimNode(self._work, name, self._hosts.node_options, self._hosts.on_client) as receiver:
            receiver.wait_for_peer("source")
            before = cpu.cpu_seconds(receiver.pid)
            run = cpu.timed(receiver.command("get", f"source/{self._folder.name}", "-o", str(result), "--quiet"), 300)
            return {
                "seconds": run.seconds,
                "cpu_seconds": run.cpu_seconds + cpu.cpu_seconds(receiver.pid) - before,
                "receiver_peak_mebibytes": cpu.peak_resident_bytes(receiver.pid) / MIB,
                "sender_peak_mebibytes": cpu.peak_resident_bytes(self._source.pid) / MIB,
            }


class Rsync:
    name = "rsync daemon, plain text"

    def __init__(self, daemon: rsync.Daemon, folder: Path, hosts: Hosts) -> None:
        self._daemon, self._folder, self._hosts = daemon, folder, hosts

    @classmethod
    @contextlib.contextmanager
    def running(cls, hosts: Hosts, folder: Path, work: Path) -> Iterator["Rsync"]:
        with rsync.daemon(hosts, folder.parent, work) as daemon:
            yield cls(daemon, folder, hosts)

    def fetch(self, result: Path) -> dict[str, float]:
        url = f"{self._daemon.url}/{self._folder.name}/"
        run = cpu.timed([*self._hosts.on_client, "rsync", "-a", "--whole-file", url, f"{result}/"], 300)
        return {"seconds": run.seconds, "cpu_seconds": run.cpu_seconds}


def make_files(folder: Path) -> int:
    """How many bytes are in them; the same files in every run."""
    noise = random.Random(2026)
    total = 0
    for number in range(FILES):
        path = folder / str(number // FILES_A_FOLDER) / f"{number}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        total += path.write_bytes(noise.randbytes(noise.randint(FILE_BYTES_MIN, FILE_BYTES_MAX)))
    return total


def measure(way: Way, folder: Path, result: Path) -> dict[str, float]:
    figures = way.fetch(result)
    subprocess.run(["diff", "-qr", str(folder), str(result)], check=True)
    shutil.rmtree(result)
    return figures


def summary(runs: list[dict[str, float]]) -> dict[str, Any]:
    medians = {key: statistics.median(run[key] for run in runs) for key in ("seconds", "cpu_seconds")}
    peaks = {key: max(run[key] for run in runs) for key in runs[0] if key.endswith("_peak_mebibytes")}
    return medians | peaks | {"runs": runs}


def run(hosts: Hosts, memory: Path, runs: int) -> dict[str, Any]:
    """All files and homes are in `memory`, so that no disk is measured."""
    folder = memory / "small"
    total = make_files(folder)
    found: dict[str, list[dict[str, float]]] = {}
    with contextlib.ExitStack() as running:
        ways: list[Way] = [running.enter_context(Essaim.running(hosts, folder, memory / "small-nodes"))]
        if rsync.is_possible():
            ways.append(running.enter_context(Rsync.running(hosts, folder, memory)))
        else:
            print("rsync is left out: its daemon needs real root", file=sys.stderr)
        for _ in range(runs):
            for way in ways:
                found.setdefault(way.name, []).append(measure(way, folder, memory / "small-result"))
    shutil.rmtree(folder)
    figures = {name: summary(measured) for name, measured in found.items()}
    ours = figures[Essaim.name]["seconds"]
    for figure in figures.values():
        figure["times_as_long_as_essaim"] = figure["seconds"] / ours
    return {"files": FILES, "bytes": total, "over": hosts.description, "ways": figures}

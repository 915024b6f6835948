"""What two sources give together, also to who reads it while it comes, and what of it is left where a third one stalls
or lies.

Each source has a cable of 100 Mbit/s, the receiver one of 1 Gbit/s. Headers of Ethernet, IP and TCP are 66 of 1514
bytes, so the most that two can give is 191 Mbit/s.
"""

from __future__ import annotations

import contextlib
import filecmp
import mmap
import os
import shutil
import signal
import statistics
import subprocess
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Iterator

import cpu
import lanlab
import links
from essaim_node import EssaimNode
from transfer import MIB, make_file

RECEIVER = 1
SOURCES = (2, 3)
THIRD = 4
MEGABITS = {RECEIVER: 1000, 2: 100, 3: 100, THIRD: 100}
FILE_BYTES = 256 * MIB
NAME = "image.bin"
# The third source stalls once it has sent so much: in the midst of what it was asked for.
STALLS_AFTER_BYTES = 4 * MIB
SECONDS_MAX = 120.0

PIECE_BYTES = 64 << 10

Figures = dict[str, float]
Disturb = Callable[[EssaimNode, "Future[Figures]"], None]
# Gets the file by a command of the receiver's, which lacks where it goes.
Way = Callable[[list[str], Path], Figures]


def kept(command: list[str], result: Path) -> Figures:
    return {"seconds": cpu.timed([*command, "-o", str(result)], SECONDS_MAX).seconds}


def read(command: list[str], result: Path) -> Figures:
    """As a player would, that takes all it can get."""
    began = time.monotonic()
    moments: list[float] = []
    with subprocess.Popen([*command, "--stdout"], stdout=subprocess.PIPE, bufsize=0) as process, open(result, "wb") as kept_in:
        assert process.stdout is not None
        while piece := process.stdout.read(PIECE_BYTES):
            moments.append(time.monotonic())
            kept_in.write(piece)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return {
        "seconds": time.monotonic() - began,
        "first_byte_seconds": moments[0] - began,
        "longest_pause_seconds": max(after - before for before, after in zip(moments, moments[1:])),
    }


@contextlib.contextmanager
def source(name: str, host: int, file: Path, work: Path) -> Iterator[EssaimNode]:
    with EssaimNode(work, name, inside=lanlab.on_host(host)) as node:
        node.ask("share", str(file))
        node.wait_for_share(file.name)
        yield node


def falsify(file: Path) -> None:
    """Turns a bit of every 64 KiB, unnoticed: writing through a mapping in a tmpfs leaves a file's times alone and
    tells nobody who watches it."""
    before = file.stat()
    with open(file, "r+b") as opened, mmap.mmap(opened.fileno(), 0) as mapped:
        for at in range(0, len(mapped), 64 << 10):
            mapped[at] ^= 1
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def stall(third: EssaimNode, getting: "Future[Figures]") -> None:
    enough = links.bytes_sent(THIRD) + STALLS_AFTER_BYTES
    while links.bytes_sent(THIRD) < enough and not getting.done():
        with contextlib.suppress(TimeoutError):
            getting.result(timeout=0.001)
    os.kill(third.pid, signal.SIGSTOP)


def leave_alone(_third: EssaimNode, _getting: "Future[Figures]") -> None:
    pass


def fetch(nodes: list[EssaimNode], disturb: Disturb, work: Path, result: Path, way: Way = kept) -> Figures:
    """Gets the file from all of `nodes` by a new peer, while `disturb` does what it does to the last of them."""
    third_sent = links.bytes_sent(THIRD)
    with EssaimNode(work, f"receiver-{os.urandom(4).hex()}", inside=lanlab.on_host(RECEIVER)) as receiver:
        for node in nodes:
            receiver.wait_for_peer(node.name)
        command = receiver.command("get", f"{nodes[0].name}/{NAME}", "--quiet")
        with ThreadPoolExecutor(1) as beside:
            getting = beside.submit(way, command, result)
            disturb(nodes[-1], getting)
            figures = getting.result()
    return figures | {
        "megabits_per_second": 8e-6 * FILE_BYTES / figures["seconds"],
        "third_sent_mebibytes": (links.bytes_sent(THIRD) - third_sent) / MIB,
    }


def from_two(nodes: list[EssaimNode], file: Path, work: Path, result: Path) -> Figures:
    return fetch(nodes, leave_alone, work, result)


def read_from_two(nodes: list[EssaimNode], file: Path, work: Path, result: Path) -> Figures:
    return fetch(nodes, leave_alone, work, result, read)


def with_one_that_stalls(
    nodes: list[EssaimNode], file: Path, work: Path, result: Path, way: Way = kept
) -> Figures:
    with source("staller", THIRD, file, work) as third:
        try:
            return fetch([*nodes, third], stall, work, result, way)
        finally:
            os.kill(third.pid, signal.SIGCONT)


def read_with_one_that_stalls(nodes: list[EssaimNode], file: Path, work: Path, result: Path) -> Figures:
    return with_one_that_stalls(nodes, file, work, result, read)


def with_one_that_lies(nodes: list[EssaimNode], file: Path, work: Path, result: Path) -> Figures:
    other = work / "false" / NAME
    other.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, other)
    # A new peer each time: one that had the file before would look at it again, and notice.
    with source(f"liar-{os.urandom(4).hex()}", THIRD, other, work) as third:
        falsify(other)
        return fetch([*nodes, third], leave_alone, work, result)


CASES = {
    "two sources": from_two,
    "and one that stalls": with_one_that_stalls,
    "and one that lies": with_one_that_lies,
    "two sources, read as it comes": read_from_two,
    "the same, and one that stalls": read_with_one_that_stalls,
}


def summary(runs: list[Figures]) -> dict[str, Any]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]} | {"runs": runs}


def run(memory: Path, runs: int) -> dict[str, Any]:
    """All files and homes are in `memory`, which must be a tmpfs."""
    work = memory / "sources"
    file = work / NAME
    make_file(file, FILE_BYTES)
    result = work / "result.bin"
    found: dict[str, list[Figures]] = {}
    with contextlib.ExitStack() as running:
        nodes = [running.enter_context(source(f"source-{host}", host, file, work)) for host in SOURCES]
        running.enter_context(links.limited(MEGABITS))
        for _ in range(runs):
            for name, case in CASES.items():
                found.setdefault(name, []).append(case(nodes, file, work, result))
                if not filecmp.cmp(file, result, shallow=False):
                    raise RuntimeError(f"{name}: the result differs")
                result.unlink()
    file.unlink()
    figures = {name: summary(measured) for name, measured in found.items()}
    alone = figures["two sources"]["seconds"]
    for figure in figures.values():
        figure["of_the_speed_of_two"] = alone / figure["seconds"]
    return {"bytes": FILE_BYTES, "ways": figures}

"""How fast shared files are hashed, against b3sum on the same files, and how fast a restart with nothing changed is."""

from __future__ import annotations

import random
import statistics
import time
from pathlib import Path
from typing import Any

import cpu
from essaim_node import EssaimNode
from hosts import Hosts
from transfer import make_file, warm

LARGE_FILES = 8
SMALL_FILE_BYTES = 4096
SMALL_FILES_A_FOLDER = 1000
RUNS = 3
POLL_SECONDS = 0.01


def make_large_files(folder: Path, total: int) -> None:
    for number in range(LARGE_FILES):
        make_file(folder / f"{number}.bin", total // LARGE_FILES)


def make_small_files(folder: Path, count: int) -> None:
    noise = random.Random(2026)
    for number in range(count):
        path = folder / str(number // SMALL_FILES_A_FOLDER) / f"{number}.bin"
        if number % SMALL_FILES_A_FOLDER == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(noise.randbytes(SMALL_FILE_BYTES))


def warm_folder(folder: Path) -> None:
    for path in folder.rglob("*.bin"):
        warm(path)


def seconds_until_shared(node: EssaimNode, folder: Path) -> float:
    begun = time.monotonic()
    node.ask("share", str(folder), seconds=1800)
    # Asking without a pause would take a core from the hashing that is measured.
    while not any(share["name"] == folder.name and share["id"] for share in node.ask("shares")):
        time.sleep(POLL_SECONDS)
    return time.monotonic() - begun


def index_once(hosts: Hosts, work: Path, folder: Path, number: int) -> dict[str, float]:
    """In a new home, and what a restart in it then costs."""
    node = EssaimNode(work, f"indexer-{folder.name}-{number}", hosts.node_options, hosts.on_server)
    with node:
        before = cpu.cpu_seconds(node.pid)
        seconds = seconds_until_shared(node, folder)
        cpu_taken = cpu.cpu_seconds(node.pid) - before
    begun = time.monotonic()
    with node:
        node.wait_for_share(folder.name, seconds=1800)
        restart_seconds = time.monotonic() - begun
        restart_cpu = cpu.cpu_seconds(node.pid)
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_taken,
        "restart_seconds": restart_seconds,
        "restart_cpu_seconds": restart_cpu,
    }


def measure(hosts: Hosts, work: Path, folder: Path) -> dict[str, Any]:
    """Medians of runs that take turns with b3sum's."""
    warm_folder(folder)
    ours, theirs = [], []
    for number in range(RUNS):
        b3sum = cpu.timed(["bash", "-c", f"find '{folder}' -type f -print0 | xargs -0 b3sum >/dev/null"])
        theirs.append({"b3sum_seconds": b3sum.seconds, "b3sum_cpu_seconds": b3sum.cpu_seconds})
        ours.append(index_once(hosts, work, folder, number))
    figures = {
        key: statistics.median(run[key] for run in runs) for runs in (ours, theirs) for key in runs[0]
    }
    return figures | {"times_as_long_as_b3sum": figures["seconds"] / figures["b3sum_seconds"]}


def run(hosts: Hosts, files: Path, work: Path, large_bytes: int, small_files: int) -> dict[str, Any]:
    """`files` keeps what is indexed, `work` the homes."""
    large, small = files / "large", files / "small"
    make_large_files(large, large_bytes)
    make_small_files(small, small_files)
    return {
        "large files": {"bytes": large_bytes, "files": LARGE_FILES} | measure(hosts, work, large),
        "small files": {"bytes": small_files * SMALL_FILE_BYTES, "files": small_files} | measure(hosts, work, small),
    }

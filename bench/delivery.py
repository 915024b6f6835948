"""What it means to get one file to everybody at the same moment, whatever carries it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Protocol, Sequence

import cpu
import links
from transfer import MIB

SEED = 1
RECEIVERS = range(2, 10)
LINK_MEGABITS = 200
FILE_BYTES = 256 * MIB
# What the cable of the seed needs for the bytes of one copy. Headers of Ethernet, IP and TCP are 66 of 1514 bytes, so
# 1.05 times this is the best that there can be.
LINK_SECONDS = 8 * FILE_BYTES / (LINK_MEGABITS * 1e6)
DELIVERY_SECONDS_MAX = 240.0


@dataclass(frozen=True)
class Delivery:
    seconds: list[float]  # until each receiver had the file
    seed_bytes: int  # that left the seed, headers included
    cpu_seconds: float  # of all processes that took part


class Way(Protocol):
    """One way to get a file to everybody."""

    name: str

    def deliver(self, results: Path) -> Delivery:
        """Puts the file into results/2, results/3, …, as every receiver's result_path()."""


def result_path(results: Path, host: int) -> Path:
    return results / str(host) / "image.bin"


def deliver_by_commands(commands: Sequence[Sequence[str]], cpu_of_others: Callable[[], float]) -> Delivery:
    """Starts a command for each receiver at the same moment; it ends when its receiver has the file."""
    sent_before, cpu_before = links.bytes_sent(SEED), cpu_of_others()
    with ThreadPoolExecutor(len(commands)) as together:
        runs = list(together.map(lambda command: cpu.timed(command, DELIVERY_SECONDS_MAX), commands))
    return Delivery(
        seconds=[run.seconds for run in runs],
        seed_bytes=links.bytes_sent(SEED) - sent_before,
        cpu_seconds=sum(run.cpu_seconds for run in runs) + cpu_of_others() - cpu_before,
    )

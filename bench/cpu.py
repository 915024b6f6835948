"""How much processor time a process has taken, and how much memory it holds, from /proc."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, of all its threads, and of the children it has waited for."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    # The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    fields = stat[stat.rindex(")") + 2 :].split()
    utime, stime, cutime, cstime = (int(field) for field in fields[11:15])
    return (utime + stime + cutime + cstime) / TICKS_PER_SECOND


def thread_cpu_seconds(pid: int) -> float:
    """User and system time of a process's living threads, to the nanosecond; cpu_seconds() counts clock ticks."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _memory_bytes(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no {field}")


def resident_bytes(pid: int) -> int:
    return _memory_bytes(pid, "VmRSS")


def peak_resident_bytes(pid: int) -> int:
    """The most that a process has held since its start."""
    return _memory_bytes(pid, "VmHWM")


def has_children(pid: int) -> bool:
    return any(Path(f"/proc/{pid}/task/{thread}/children").read_text() for thread in os.listdir(f"/proc/{pid}/task"))


@dataclass(frozen=True)
class Run:
    """What one command took."""

    seconds: float
    cpu_seconds: float
    output: str


def timed(command: Sequence[str], seconds_max: float = 1800) -> Run:
    """Runs a command to its end; its processor time includes its children's. After `seconds_max` it is killed."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    too_late = threading.Timer(seconds_max, process.kill)
    too_late.start()
    with process.stdout as stdout:
        output = stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    too_late.cancel()
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait for it again
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {output}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, output)

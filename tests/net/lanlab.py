"""Runs a test program inside lanlab.sh: private namespaces with a few hosts on one bridge."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LANLAB = str(Path(__file__).resolve().parent / "lanlab.sh")
SKIPPED = 77  # the exit code that tells ctest that a test was skipped


def skip(reason: str) -> None:
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def address(host: int) -> str:
    return f"10.77.0.{host}"


def on_host(host: int) -> list[str]:
    """The command prefix that runs something on host 1, 2, …"""
    return ["ip", "netns", "exec", f"h{host}"]


def why_not() -> str:
    """Why the system permits no laboratory; empty where it does."""
    try:
        trial = subprocess.run([LANLAB, "1", "true"], capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return "" if trial.returncode == 0 else trial.stderr.strip() or f"exit code {trial.returncode}"


def is_inside() -> bool:
    return "ESSAIM_LANLAB" in os.environ


def enter(hosts: int, inside: list[str] | None = None) -> None:
    """Starts this program again inside the laboratory, on one of its hosts if `inside` is on_host(…), and returns only
    in there."""
    if not is_inside():
        os.execv(LANLAB, [LANLAB, str(hosts), *(inside or []), sys.executable, *sys.argv])


def enter_or_skip(hosts: int, inside: list[str] | None = None) -> None:
    """enter(), or the end of the test with a word about why that is not possible here."""
    if not is_inside() and (reason := why_not()):
        skip(f"no private network is possible here ({reason})")
    enter(hosts, inside)

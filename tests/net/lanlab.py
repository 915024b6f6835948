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


def enter(hosts: int, inside: list[str] | None = None) -> None:
    """Starts this program again inside the laboratory, on one of its hosts if `inside` is on_host(…), and returns only
    in there. Skips the test with a word where the system permits no namespaces."""
    if "ESSAIM_LANLAB" in os.environ:
        return
    try:
        trial = subprocess.run([LANLAB, str(hosts), "true"], capture_output=True, text=True, check=False)
        reason = trial.stderr.strip() if trial.returncode != 0 else ""
    except OSError as error:
        reason = str(error)
    if reason:
        skip(f"no private network is possible here ({reason})")
    os.execv(LANLAB, [LANLAB, str(hosts), *(inside or []), sys.executable, *sys.argv])

"""A program that serves on one of the hosts while something is measured."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from typing import Iterator, Sequence

from essaim_node import wait_for


@contextlib.contextmanager
def server(command: Sequence[str], address: tuple[str, int], on_client: Sequence[str]) -> Iterator[int]:
    """The pid of a server, once it accepts connections; ended afterwards."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        probe = [*on_client, "bash", "-c", f"exec 3<>/dev/tcp/{address[0]}/{address[1]}"]
        wait_for(f"server {command[0]}", lambda: subprocess.run(probe, capture_output=True).returncode == 0)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()

"""How soon the first chunk of a large file arrives that has just been shared, and is not hashed yet."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from essaim_node import EssaimNode
from hosts import Hosts

MIB = 1 << 20
FILE_BYTES = 12 << 30
# The rest of the file is a hole: it is read and hashed like anything else, and takes no memory.
WRITTEN_BYTES = 64 * MIB
SECONDS_MAX = 60.0


def make_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(WRITTEN_BYTES))
    os.truncate(path, FILE_BYTES)


def has_a_chunk(folder: Path) -> bool:
    """The part file is made with its full size and without blocks; the first chunk that is written gives it some."""
    return folder.is_dir() and any(entry.stat().st_blocks > 0 for entry in os.scandir(folder) if entry.is_file())


def measure(hosts: Hosts, work: Path, file: Path, run: int) -> float:
    """Milliseconds from the start of `essaim share` to the first verified chunk at the receiver, both commands' own
    start included. Both nodes are new, so that nothing is known of the file."""
    with EssaimNode(work, f"source-{run}", hosts.node_options, hosts.on_server) as source, \
            EssaimNode(work, f"receiver-{run}", hosts.node_options, hosts.on_client) as receiver:
        receiver.wait_for_peer(source.name)
        receiver.ask("ls", source.name)  # they have a session, as peers that have met have
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        commands = [source.command("share", str(file)), receiver.command("get", f"{source.name}/{file.name}", "--quiet")]
        begun = time.monotonic()
        share, get = (subprocess.Popen(command, **quiet) for command in commands)
        try:
            while not has_a_chunk(receiver.dest):
                if time.monotonic() > begun + SECONDS_MAX:
                    raise AssertionError(f"after {SECONDS_MAX:g} s there is still no chunk")
                if get.poll() not in (None, 0):  # it was sooner than the share
                    get = subprocess.Popen(commands[1], **quiet)
                time.sleep(0.0005)
            milliseconds = 1000 * (time.monotonic() - begun)
            if share.poll() is not None:
                raise RuntimeError("the file was hashed before anybody could ask for it")
            return milliseconds
        finally:
            for process in (share, get):
                process.kill()
                process.wait()
            receiver.kill()


def run(hosts: Hosts, memory: Path, runs: int) -> dict[str, Any]:
    """All files and homes are in `memory`, so that no disk is measured."""
    file = memory / "draft" / "large.bin"
    make_file(file)
    found = [measure(hosts, memory / "draft-nodes", file, run) for run in range(runs)]
    file.unlink()
    figure = {"milliseconds_to_chunk": statistics.median(found), "slowest_milliseconds": max(found), "runs": found}
    return {"bytes": FILE_BYTES, "ways": {"12 GiB, not hashed yet": figure}}

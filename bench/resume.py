"""How soon a download that was stopped near its end goes on, and how much of it is sent twice."""

from __future__ import annotations

import statistics
import subprocess
import time
from pathlib import Path
from typing import Any, Callable

import links
from essaim_node import EssaimNode, wait_for
from hosts import Hosts
from transfer import make_file

MIB = 1 << 20
FILE_BYTES = 2 << 30
STOPPED_AT = 0.9
SOURCE = 1  # the host; what is told to the receiver leaves it through this cable
# Chunks flow once so much has come from the source: more than everything that may precede them (handshakes, lists, the
# leaves of the file, 256 KiB), and less than a millisecond's worth of a fast transfer.
CHUNKS_FLOW_BYTES = MIB
SECONDS_MAX = 120.0


def wait_for_bytes(enough: int, what: str) -> None:
    """Until the source has sent so many in all. Looks every half millisecond."""
    deadline = time.monotonic() + SECONDS_MAX
    while links.bytes_sent(SOURCE) < enough:
        if time.monotonic() > deadline:
            raise AssertionError(f"after {SECONDS_MAX:g} s there is still no {what}")
        time.sleep(0.0005)


def measure(source: EssaimNode, receiver: EssaimNode, target: str, end: Callable[[], object]) -> dict[str, float]:
    """One download that `end` ends at STOPPED_AT; the receiver's node is started again and goes on by itself."""
    result = receiver.dest / target
    payload_before = source.ask("status")["bytes_sent"]
    receiver.start()
    receiver.wait_for_peer(source.name)
    wire_before = links.bytes_sent(SOURCE)
    command = receiver.command("get", f"{source.name}/{target}", "--quiet")
    get = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_bytes(wire_before + int(STOPPED_AT * FILE_BYTES), "most of the file")
        ending = time.monotonic()
        end()
        stop_seconds = time.monotonic() - ending
        get.wait(SECONDS_MAX)
    finally:
        get.kill()
        get.wait()
    if result.exists():
        raise RuntimeError("the download was over before it could be stopped")

    wire_before = links.bytes_sent(SOURCE)
    begun = time.monotonic()
    receiver.launch()
    wait_for_bytes(wire_before + CHUNKS_FLOW_BYTES, "chunk after the restart")
    milliseconds = 1000 * (time.monotonic() - begun)
    receiver.wait_ready()
    wait_for("whole file", result.exists, SECONDS_MAX)
    sent = source.ask("status")["bytes_sent"] - payload_before
    receiver.stop()
    if result.stat().st_size != FILE_BYTES:
        raise RuntimeError(f"the download left {result.stat().st_size} bytes")
    result.unlink()
    return {
        "milliseconds_to_chunks": milliseconds,
        "mebibytes_sent_twice": (sent - FILE_BYTES) / MIB,
        "milliseconds_to_stop": 1000 * stop_seconds,
    }


def summary(runs: list[dict[str, float]]) -> dict[str, Any]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]} | {"runs": runs}


def run(hosts: Hosts, memory: Path, runs: int) -> dict[str, Any]:
    """All files and homes are in `memory`, so that no disk is measured."""
    file = memory / "resume" / "large.bin"
    make_file(file, FILE_BYTES)
    found: dict[str, list[dict[str, float]]] = {}
    work = memory / "resume-nodes"
    receiver = EssaimNode(work, "receiver", hosts.node_options, hosts.on_client)
    ends: dict[str, Callable[[], object]] = {"a clean stop": receiver.stop, "kill -9": receiver.kill}
    with EssaimNode(work, "source", hosts.node_options, hosts.on_server) as source:
        source.ask("share", str(file))
        source.wait_for_share(file.name)
        try:
            for _ in range(runs):
                for name, end in ends.items():
                    found.setdefault(f"after {name}", []).append(measure(source, receiver, file.name, end))
        finally:
            receiver.kill()
    file.unlink()
    return {"bytes": FILE_BYTES, "stopped_at": STOPPED_AT, "ways": {name: summary(of) for name, of in found.items()}}

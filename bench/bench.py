#!/usr/bin/env python3
"""Measures essaim against what people use instead; see bench/run, which starts this."""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "net")]

import discovery  # noqa: E402
import idle  # noqa: E402
import indexing  # noqa: E402
import lanlab  # noqa: E402
import transfer  # noqa: E402
from essaim_node import free_port  # noqa: E402
from hosts import find_hosts  # noqa: E402

GIB = 1 << 30


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures essaim against what people use instead.")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help="transfer discovery indexing idle; default: all")
    parser.add_argument("--runs", type=int, default=5, help="how often each way carries the file (default 5)")
    parser.add_argument("--transfer-gib", type=float, default=2, help="size of that file (default 2)")
    parser.add_argument("--discoveries", type=int, default=20, help="how often a peer is started (default 20)")
    parser.add_argument("--index-gib", type=float, default=4, help="bytes in large files to index (default 4)")
    parser.add_argument("--index-files", type=int, default=100_000, help="small files to index (default 100000)")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench", help="for the files that are sent")
    parser.add_argument("--memory", type=Path, default=Path("/dev/shm"), help="a tmpfs, for the files that arrive")
    parser.add_argument("--results", type=Path, default=ROOT / "bench" / "results.json")
    return parser.parse_args()


def machine() -> dict[str, Any]:
    models = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    commit = subprocess.run(f"git -C '{ROOT}' describe --always --dirty", shell=True, capture_output=True, text=True)
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "date": time.strftime("%Y-%m-%d"),
        "commit": commit.stdout.strip(),
        "load_before": os.getloadavg()[0],
    }


def print_rows(title: str, figures: dict[str, Any], names: dict[str, Any]) -> None:
    """A table with a row for each of `figures` that is itself a table of figures; columns by their keys."""
    print(f"\n{title}")
    width = max(len(name) for name in figures)
    print(f"  {'':{width}}  " + "  ".join(f"{column:>14}" for column in names.values()))
    for name, figure in figures.items():
        print(f"  {name:{width}}  " + "  ".join(f"{figure[key]:14.2f}" for key in names))


TRANSFER_COLUMNS = {
    "gigabytes_per_second": "GB/s",
    "seconds": "seconds",
    "times_as_long_as_essaim": "times ours",
    "sender_cpu_seconds_per_gigabyte": "sender s/GB",
    "receiver_cpu_seconds_per_gigabyte": "receiver s/GB",
}
INDEXING_COLUMNS = {
    "seconds": "seconds",
    "cpu_seconds": "cpu s",
    "b3sum_seconds": "b3sum s",
    "times_as_long_as_b3sum": "times b3sum",
    "restart_seconds": "restart s",
}


def print_table(results: dict[str, Any]) -> None:
    if found := results.get("transfer"):
        title = f"{found['bytes'] / GIB:.1f} GiB from page cache to tmpfs ({found['over']}), medians"
        print_rows(title, found["ways"], TRANSFER_COLUMNS)
    if found := results.get("discovery"):
        print(f"\nFrom a peer's start to being listed ({found['over']}, {len(found['runs'])} runs)")
        print(f"  median {found['median_milliseconds']:.0f} ms, slowest {found['slowest_milliseconds']:.0f} ms")
    if found := results.get("indexing"):
        print_rows("Indexing, from page cache", found, INDEXING_COLUMNS)
    if found := results.get("idle"):
        print(f"\nIdle, for {found['watched_seconds']:.0f} s")
        print(f"  {found['resident_mebibytes']:.1f} MiB, {found['cpu_milliseconds_per_second']:.2f} ms of CPU a second")


def main() -> None:
    arguments = parse_arguments()
    if lanlab.is_inside() or not lanlab.why_not():
        lanlab.enter(hosts=2)
    hosts = find_hosts(free_port(socket.SOCK_DGRAM))
    arguments.work.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory(prefix="homes-", dir=arguments.work) as homes, \
            tempfile.TemporaryDirectory(prefix="essaim-bench-", dir=arguments.memory) as memory:
        work = arguments.work
        figures: dict[str, Callable[[], dict[str, Any]]] = {
            "transfer": lambda: transfer.run(
                hosts, work, Path(homes), Path(memory), int(arguments.transfer_gib * GIB), arguments.runs
            ),
            "discovery": lambda: discovery.run(hosts, Path(homes), arguments.discoveries),
            "indexing": lambda: indexing.run(
                hosts, work, Path(homes), int(arguments.index_gib * GIB), arguments.index_files
            ),
            "idle": lambda: idle.run(hosts, Path(homes), seconds=10.0),
        }
        for name in arguments.figures or figures:
            print(f"measuring {name} …", file=sys.stderr)
            results[name] = figures[name]()
    arguments.results.write_text(json.dumps(results, indent=1) + "\n")
    print_table(results)


if __name__ == "__main__":
    main()

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
import door  # noqa: E402
import draft  # noqa: E402
import idle  # noqa: E402
import indexing  # noqa: E402
import lanlab  # noqa: E402
import resume  # noqa: E402
import small  # noqa: E402
import sources  # noqa: E402
import swarm  # noqa: E402
import transfer  # noqa: E402
from essaim_node import free_port  # noqa: E402
from hosts import Hosts, find_hosts  # noqa: E402
from tables import print_tables  # noqa: E402

GIB = 1 << 30
LAB_HOSTS = 9
FIGURES = ("transfer", "discovery", "indexing", "idle", "small", "resume", "draft", "sources", "swarm", "door")
# These look at or limit what goes over a cable, or need more than two hosts.
IN_A_LAB_ONLY = ("resume", "sources", "swarm")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures essaim against what people use instead.")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"{' '.join(FIGURES)}; default: all")
    parser.add_argument("--runs", type=int, default=5, help="how often each way is measured (default 5)")
    parser.add_argument("--limited-runs", type=int, default=3, help="the same for sources and swarm (default 3)")
    parser.add_argument("--compare", action="store_true", help="swarm: other programs too, which takes minutes more")
    parser.add_argument("--transfer-gib", type=float, default=2, help="size of the file of transfer (default 2)")
    parser.add_argument("--discoveries", type=int, default=20, help="how often a peer is started (default 20)")
    parser.add_argument("--index-gib", type=float, default=4, help="bytes in large files to index (default 4)")
    parser.add_argument("--index-files", type=int, default=100_000, help="small files to index (default 100000)")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench", help="for the files that are sent")
    parser.add_argument("--memory", type=Path, default=Path("/dev/shm"), help="a tmpfs, for the files that arrive")
    parser.add_argument("--results", type=Path, default=ROOT / "bench" / "results.json")
    arguments = parser.parse_args()
    if unknown := set(arguments.figures) - set(FIGURES):
        parser.error(f"there is no figure {', '.join(sorted(unknown))}")
    return arguments


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


def measures(arguments: argparse.Namespace, hosts: Hosts, homes: Path, memory: Path) -> dict[str, Callable[[], Any]]:
    """How each figure is measured; `homes` is on the disk."""
    work, runs, limited_runs = arguments.work, arguments.runs, arguments.limited_runs
    transfer_bytes, index_bytes = int(arguments.transfer_gib * GIB), int(arguments.index_gib * GIB)
    return {
        "transfer": lambda: transfer.run(hosts, work, homes, memory, transfer_bytes, runs),
        "discovery": lambda: discovery.run(hosts, homes, arguments.discoveries),
        "indexing": lambda: indexing.run(hosts, work, homes, index_bytes, arguments.index_files),
        "idle": lambda: idle.run(hosts, homes, seconds=10.0),
        "small": lambda: small.run(hosts, memory, runs),
        "resume": lambda: resume.run(hosts, memory, runs),
        "draft": lambda: draft.run(hosts, memory, runs),
        "sources": lambda: sources.run(memory, limited_runs),
        "swarm": lambda: swarm.run(hosts, memory, limited_runs, arguments.compare),
        "door": lambda: door.run(hosts, homes, memory, transfer_bytes, runs),
    }


def main() -> None:
    arguments = parse_arguments()
    no_lab = "" if lanlab.is_inside() else lanlab.why_not()
    if not no_lab:
        lanlab.enter(LAB_HOSTS)
    hosts = find_hosts(free_port(socket.SOCK_DGRAM))
    arguments.work.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory(prefix="homes-", dir=arguments.work) as homes, \
            tempfile.TemporaryDirectory(prefix="essaim-bench-", dir=arguments.memory) as memory:
        by_name = measures(arguments, hosts, Path(homes), Path(memory))
        for name in arguments.figures or FIGURES:
            if no_lab and name in IN_A_LAB_ONLY:
                print(f"{name} is left out: no private network is possible here ({no_lab})", file=sys.stderr)
                continue
            print(f"measuring {name} …", file=sys.stderr)
            results[name] = by_name[name]()
    arguments.results.write_text(json.dumps(results, indent=1) + "\n")
    print_tables(results)


if __name__ == "__main__":
    main()

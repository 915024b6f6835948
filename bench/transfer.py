"""One large file from one host's page cache into the other host's memory: essaim against nginx (TLS 1.3) with curl, and
against an rsync daemon, which sends plain text.

Each way has a server on host 1 that is started once, and a client on host 2 that is timed. The ways take turns, so
that what else the machine does falls on all of them.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Protocol, Sequence

import cpu
import rsync
from essaim_node import EssaimNode
from hosts import Hosts
from server import server

MIB = 1 << 20


class Way(Protocol):
    """One way to get a file across."""

    name: str

    def server_pid(self) -> int: ...

    def fetch(self, result: Path) -> tuple[float, float]:
        """Gets the file; (seconds, processor seconds of the receiving end)."""


# ---- nginx and curl -------------------------------------------------------------------------------------------------

# One process without a master, because in a namespace of our own there is no other user to change to; the cipher that
# essaim would choose.
NGINX_CONFIG = """
user root root; daemon off; master_process off; pid {work}/nginx.pid; error_log {work}/nginx.log;
events {{ }}
http {{
  access_log off; sendfile on;
  client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
  uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
  server {{
    listen {address}:8443 ssl;
    ssl_certificate {work}/cert.pem; ssl_certificate_key {work}/key.pem;
    ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    root {root};
  }}
}}
"""


class Nginx:
    name = "nginx + curl, TLS 1.3"

    def __init__(self, pid: int, url: str, on_client: Sequence[str]) -> None:
        self._pid, self._url, self._on_client = pid, url, on_client

    @classmethod
    @contextlib.contextmanager
    def running(cls, hosts: Hosts, source: Path, work: Path) -> Iterator["Nginx"]:
        make_certificate = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bench"
        keys = ["-keyout", f"{work}/key.pem", "-out", f"{work}/cert.pem"]
        subprocess.run([*make_certificate.split(), *keys], check=True, capture_output=True)
        config = work / "nginx.conf"
        config.write_text(NGINX_CONFIG.format(work=work, address=hosts.server_address, root=source.parent))
        command = [*hosts.on_server, "nginx", "-c", str(config), "-e", str(work / "nginx.log")]
        with server(command, (hosts.server_address, 8443), hosts.on_client) as pid:
            yield cls(pid, f"https://{hosts.server_address}:8443/{source.name}", hosts.on_client)

    def server_pid(self) -> int:
        return self._pid

    def fetch(self, result: Path) -> tuple[float, float]:
        run = cpu.timed([*self._on_client, "curl", "-ksf", "-o", str(result), self._url])
        return run.seconds, run.cpu_seconds


# ---- rsync ----------------------------------------------------------------------------------------------------------


class Rsync:
    name = "rsync daemon, plain text"

    def __init__(self, daemon: rsync.Daemon, source: Path, on_client: Sequence[str]) -> None:
        self._daemon, self._source, self._on_client = daemon, source, on_client

    @classmethod
    @contextlib.contextmanager
    def running(cls, hosts: Hosts, source: Path, work: Path) -> Iterator["Rsync"]:
        with rsync.daemon(hosts, source.parent, work) as daemon:
            yield cls(daemon, source, hosts.on_client)

    def server_pid(self) -> int:
        return self._daemon.idle_pid()

    def fetch(self, result: Path) -> tuple[float, float]:
        url = f"{self._daemon.url}/{self._source.name}"
        run = cpu.timed([*self._on_client, "rsync", "--whole-file", "--inplace", url, str(result)])
        return run.seconds, run.cpu_seconds


# ---- essaim ---------------------------------------------------------------------------------------------------------


class Essaim:
    name = "essaim, TLS 1.3, verified"

    def __init__(self, alice: EssaimNode, source: Path, hosts: Hosts, work: Path) -> None:
        self._alice, self._source, self._hosts, self._work = alice, source, hosts, work
        self._fetches = 0

    @classmethod
    @contextlib.contextmanager
    def running(cls, hosts: Hosts, source: Path, work: Path) -> Iterator["Essaim"]:
        with EssaimNode(work, "alice", hosts.node_options, hosts.on_server) as alice:
            alice.ask("share", str(source), seconds=600)
            alice.wait_for_share(source.name, seconds=600)
            yield cls(alice, source, hosts, work)

    def server_pid(self) -> int:
        return self._alice.pid

    def fetch(self, result: Path) -> tuple[float, float]:
        """A new peer each time, so that it holds nothing yet. Timed from the command's start to its end."""
        self._fetches += 1
        with EssaimNode(self._work, f"bob-{self._fetches}", self._hosts.node_options, self._hosts.on_client) as bob:
            bob.wait_for_peer("alice")
            before = cpu.cpu_seconds(bob.pid)
            run = cpu.timed(bob.command("get", f"alice/{self._source.name}", "-o", str(result), "--quiet"))
            return run.seconds, run.cpu_seconds + cpu.cpu_seconds(bob.pid) - before


# ---- the figure -----------------------------------------------------------------------------------------------------


def make_file(path: Path, size: int) -> None:
    """Random bytes, so that nothing on the way can compress them; the same in every run."""
    if path.exists() and path.stat().st_size == size:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = random.Random(2026)
    with open(path, "wb") as file:
        for start in range(0, size, MIB):
            file.write(noise.randbytes(min(MIB, size - start)))


def warm(path: Path) -> None:
    with open(path, "rb") as file:
        while file.read(MIB):
            pass


def measure(way: Way, source: Path, result: Path) -> dict[str, float]:
    result.unlink(missing_ok=True)
    warm(source)
    gigabytes = source.stat().st_size / 1e9
    before = cpu.cpu_seconds(way.server_pid())
    seconds, client_cpu = way.fetch(result)
    server_cpu = cpu.cpu_seconds(way.server_pid()) - before
    if result.stat().st_size != source.stat().st_size:
        raise RuntimeError(f"{way.name} left {result.stat().st_size} bytes")
    result.unlink()
    return {
        "seconds": seconds,
        "gigabytes_per_second": gigabytes / seconds,
        "sender_cpu_seconds_per_gigabyte": server_cpu / gigabytes,
        "receiver_cpu_seconds_per_gigabyte": client_cpu / gigabytes,
    }


def summary(runs: list[dict[str, float]]) -> dict[str, Any]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]} | {"runs": runs}


def run(hosts: Hosts, files: Path, work: Path, memory: Path, size: int, runs: int) -> dict[str, Any]:
    """`files` keeps what is sent, `work` the homes and configurations, `memory` is where it arrives."""
    source = files / "transfer" / "large.bin"
    make_file(source, size)
    result = memory / "large.bin"
    results: dict[str, list[dict[str, float]]] = {}
    with contextlib.ExitStack() as stack:
        kinds: list[Any] = [Essaim, Nginx]
        if rsync.is_possible():
            kinds.append(Rsync)
        else:
            print("rsync is left out: its daemon needs real root", file=sys.stderr)
        ways: list[Way] = [stack.enter_context(kind.running(hosts, source, work)) for kind in kinds]
        for _ in range(runs):
            for way in ways:
                results.setdefault(way.name, []).append(measure(way, source, result))
    figures = {name: summary(measured) for name, measured in results.items()}
    ours = figures[Essaim.name]["seconds"]
    for figure in figures.values():
        figure["times_as_long_as_essaim"] = figure["seconds"] / ours
    return {"bytes": size, "over": hosts.description, "ways": figures}

"""What else gets a file from one to many, where it is installed: rsync, BitTorrent (aria2c), multicast (uftp)."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import ContextManager, Iterator, Sequence

import cpu
import lanlab
import links
import rsync
from delivery import DELIVERY_SECONDS_MAX, RECEIVERS, SEED, Delivery, Way, deliver_by_commands, result_path
from essaim_node import wait_for
from hosts import Hosts
from server import server

POLL_SECONDS = 0.02


class Rsync:
    name = "rsync daemon, plain text"

    def __init__(self, daemon: rsync.Daemon, source: Path) -> None:
        self._daemon, self._source = daemon, source

    @classmethod
    @contextlib.contextmanager
    def running(cls, hosts: Hosts, source: Path, work: Path) -> Iterator["Rsync"]:
        with rsync.daemon(hosts, source.parent, work) as daemon:
            yield cls(daemon, source)

    def deliver(self, results: Path) -> Delivery:
        fetch = ["rsync", "--whole-file", "--inplace", f"{self._daemon.url}/{self._source.name}"]
        commands = [[*lanlab.on_host(host), *fetch, str(result_path(results, host))] for host in RECEIVERS]
        return deliver_by_commands(commands, lambda: cpu.cpu_seconds(self._daemon.idle_pid()))


@contextlib.contextmanager
def running(commands: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """The pids of these commands, which run until the end of the context."""
    nothing = subprocess.DEVNULL
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            processes.append(subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing))
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


# ---- BitTorrent -----------------------------------------------------------------------------------------------------

PEER_PORT = 6881
TRACKER_PORT = 8000
PIECE_BYTES = 256 << 10
# Called with a download's number, the number of its files, and the path of the first.
COMPLETE_HOOK = """#!/bin/sh
touch "$(dirname "$3")/complete"
"""


def bencode(value: object) -> bytes:
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%b" % (len(value), value)
    assert isinstance(value, dict)
    return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"


def torrent_of(file: Path, tracker: str) -> bytes:
    with open(file, "rb") as opened:
        pieces = b"".join(hashlib.sha1(piece).digest() for piece in iter(lambda: opened.read(PIECE_BYTES), b""))
    size = file.stat().st_size
    info = {b"name": file.name.encode(), b"length": size, b"piece length": PIECE_BYTES, b"pieces": pieces}
    return bencode({b"announce": tracker.encode(), b"info": info})


def everybody() -> bytes:
    """What a tracker answers; it does not change, so a server of files can give it."""
    hosts = (SEED, *RECEIVERS)
    peers = b"".join(socket.inet_aton(lanlab.address(host)) + PEER_PORT.to_bytes(2, "big") for host in hosts)
    return bencode({b"interval": 5, b"peers": peers})


class Aria2:
    name = "aria2c, BitTorrent"

    def __init__(self, seed_pid: int, torrent: Path, work: Path) -> None:
        self._seed_pid, self._torrent, self._work = seed_pid, torrent, work

    @staticmethod
    def command(host: int, torrent: Path, folder: Path) -> list[str]:
        options = f"--listen-port={PEER_PORT} --enable-dht=false --enable-peer-exchange=true --bt-enable-lpd=false"
        keep_seeding = "--seed-ratio=0 --file-allocation=none --check-integrity=true --quiet"
        hook = f"--on-bt-download-complete={torrent.parent}/hook"
        words = [*options.split(), *keep_seeding.split(), hook, f"--dir={folder}", str(torrent)]
        return [*lanlab.on_host(host), "aria2c", "--no-conf", *words]

    @classmethod
    @contextlib.contextmanager
    def running(cls, hosts: Hosts, source: Path, work: Path) -> Iterator["Aria2"]:
        folder = work / "aria2"
        folder.mkdir()
        hook = folder / "hook"
        hook.write_text(COMPLETE_HOOK)
        hook.chmod(0o755)
        torrent = folder / "image.torrent"
        torrent.write_bytes(torrent_of(source, f"http://{hosts.server_address}:{TRACKER_PORT}/announce"))
        (folder / "announce").write_bytes(everybody())
        tracker = [sys.executable, "-m", "http.server", "-d", str(folder), str(TRACKER_PORT)]
        seed = cls.command(SEED, torrent, source.parent)
        with server([*hosts.on_server, *tracker], (hosts.server_address, TRACKER_PORT), hosts.on_client):
            with server(seed, (hosts.server_address, PEER_PORT), hosts.on_client) as seed_pid:
                yield cls(seed_pid, torrent, work)

    def deliver(self, results: Path) -> Delivery:
        """Who has it goes on giving, until all have."""
        marks = [result_path(results, host).parent / "complete" for host in RECEIVERS]
        sent_before, cpu_before, begun = links.bytes_sent(SEED), cpu.cpu_seconds(self._seed_pid), time.time()

        def all_complete() -> bool:
            time.sleep(POLL_SECONDS)
            return all(mark.exists() for mark in marks)

        commands = [self.command(host, self._torrent, mark.parent) for host, mark in zip(RECEIVERS, marks)]
        with running(commands) as pids:
            wait_for("complete swarm", all_complete, DELIVERY_SECONDS_MAX)
            cpu_seconds = sum(cpu.cpu_seconds(pid) for pid in (self._seed_pid, *pids)) - cpu_before
        seconds = [mark.stat().st_mtime - begun for mark in marks]
        for mark in marks:
            mark.unlink()
        return Delivery(seconds, links.bytes_sent(SEED) - sent_before, cpu_seconds)


# ---- multicast ------------------------------------------------------------------------------------------------------


class Uftp:
    """Everybody has it when the sender has heard so from everybody."""

    name = "uftp, multicast, plain"
    # Of UDP's payload, so that all of it with its headers fits the cable; uftp keeps to a rate that it is told.
    KILOBITS = 185_000

    def __init__(self, source: Path) -> None:
        self._source = source

    def deliver(self, results: Path) -> Delivery:
        receive = ["uftpd", "-d", "-I", "eth0", "-D"]
        commands = [[*lanlab.on_host(host), *receive, str(result_path(results, host).parent)] for host in RECEIVERS]
        send = ["uftp", "-R", str(self.KILOBITS), "-I", "eth0", str(self._source)]
        with running(commands) as pids:
            return deliver_by_commands(
                [[*lanlab.on_host(SEED), *send]], lambda: sum(cpu.cpu_seconds(pid) for pid in pids)
            )


# ---- all of them ----------------------------------------------------------------------------------------------------


def is_installed(*programs: str) -> bool:
    missing = [program for program in programs if shutil.which(program) is None]
    for program in missing:
        print(f"{program} is left out: it is not installed", file=sys.stderr)
    return not missing


def all_possible(hosts: Hosts, source: Path, work: Path) -> Iterator[ContextManager[Way]]:
    if rsync.is_possible():
        yield Rsync.running(hosts, source, work)
    else:
        print("rsync is left out: its daemon needs real root", file=sys.stderr)
    if is_installed("aria2c"):
        yield Aria2.running(hosts, source, work)
    if is_installed("uftp", "uftpd"):
        yield contextlib.nullcontext(Uftp(source))

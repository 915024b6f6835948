#!/usr/bin/env python3
"""A download of three chunks on a disk that fails once: the n-th call of each kind, for every n, until there is no n-th.

Whatever fails, nothing wrong may stand under the final name, nobody may wait for ever, and the same command, given again
when the disk is well, must end with the file. Every run must prove that its fault happened.

ESSAIM_FAULT_EVERY=1 takes every n; else, in the short form, each n that is at least that many times a tenth above the one
before.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))

from essaim_node import EssaimNode, find_binary, free_port, wait_for  # noqa: E402

CHUNK = 256 << 10
EVERY = os.environ.get("ESSAIM_FAULT_EVERY") == "1"
# A download that can't go on says so; one that can waits no longer than the machine rests after a fault.
RUN_SECONDS_MAX = 40
KINDS = {
    "write": ("ENOSPC", "EIO", "EINTR", "short"),
    "sync": ("EIO",),
    "name": ("EIO", "ENOSPC"),
    "open": ("EMFILE", "EIO"),
    "size": ("ENOSPC",),
    "read": ("EIO", "EINTR", "short"),
    "clock": ("315360000", "-315360000"),
}


class Faults(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="essaim-faults-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.discovery = free_port(socket.SOCK_DGRAM)
        self.content = random.Random(5).randbytes(3 * CHUNK - 1000)
        shared = self.folder / "film.bin"
        shared.write_bytes(self.content)
        options = ["--interface", "lo", "--discovery-port", str(self.discovery), "--port", str(free_port())]
        self.alice = EssaimNode(self.folder, "alice", options)
        self.addCleanup(self.alice.stop)
        self.alice.start(str(shared))
        self.alice.wait_for_share("film.bin")
        self.home, self.dest = self.folder / "below" / "home", self.folder / "below" / "in"
        self.log = self.folder / "hit"

    def prepare(self) -> None:
        shutil.rmtree(self.folder / "below", ignore_errors=True)
        self.home.mkdir(parents=True)
        self.dest.mkdir()
        (self.home / "config.toml").write_text(f'interfaces = ["lo"]\ndiscovery_port = {self.discovery}\n')
        self.log.unlink(missing_ok=True)

    def get(self, fault: str = "") -> subprocess.CompletedProcess[str]:
        environment = dict(os.environ)
        if fault:
            environment |= {"LD_PRELOAD": os.environ["ESSAIM_SHIM"], "ESSAIM_FAULT": fault,
                            "ESSAIM_FAULT_BELOW": str(self.folder / "below"), "ESSAIM_FAULT_LOG": str(self.log)}
        command = [str(find_binary()), "get", "alice/film.bin", "--home", str(self.home), "-o", str(self.dest)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=RUN_SECONDS_MAX)

    def check_nothing_wrong_is_visible(self, complete: bool) -> None:
        final = self.dest / "film.bin"
        if final.exists():
            self.assertEqual(final.read_bytes(), self.content, "what has its final name is whole")
        self.assertTrue(final.exists() or not complete, "the command said that it was done")
        for path in self.dest.iterdir():
            self.assertTrue(path == final or path.name.endswith(".essaim-part"), path)

    def drive(self, call: str) -> None:
        for what in KINDS[call]:
            n, runs = 1, 0
            while True:
                fault = f"{call}:{what}@{n}"
                with self.subTest(fault):
                    self.prepare()
                    failed = self.get(fault)
                    if not self.log.exists():
                        break
                    runs += 1
                    if failed.returncode != 0:
                        self.assertTrue(failed.stderr.strip(), "a failure is said")
                    self.assertGreaterEqual(failed.returncode, 0, f"killed by a signal: {failed.stderr}")
                    self.check_nothing_wrong_is_visible(failed.returncode == 0)
                    if not (self.dest / "film.bin").exists():
                        again = self.get()
                        self.assertEqual(again.returncode, 0, again.stderr)
                        self.check_nothing_wrong_is_visible(True)
                        self.assertEqual([path.name for path in self.dest.iterdir()], ["film.bin"])
                n = n + 1 if EVERY else n + max(1, n // 3)
            print(f"{call}:{what}: {runs} faults of {n - 1} calls or fewer", flush=True)
            self.assertGreater(runs, 0, f"no {call} was ever called")


for _call in KINDS:
    setattr(Faults, f"test_{_call}", lambda self, call=_call: self.drive(call))


class Catalogue(unittest.TestCase):
    """What is in the home, when it is damaged, or old, or both at the wrong moment."""

    DAMAGES = 300 if EVERY else 12
    START_SECONDS_MAX = 5.0

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="essaim-catalogue-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.options = ["--interface", "lo", "--discovery-port", str(free_port(socket.SOCK_DGRAM))]
        self.shared = self.folder / "album"
        self.shared.mkdir()
        for number in range(300):
            (self.shared / f"{number}.txt").write_text(f"{number}\n" * 200)

    def node(self, name: str = "alice") -> EssaimNode:
        node = EssaimNode(self.folder, name, self.options)
        self.addCleanup(node.stop)
        return node

    def damage(self, path: Path, chance: random.Random) -> str:
        data = bytearray(path.read_bytes())
        kind = chance.choice(["bits", "page", "cut", "empty", "zeros"])
        if kind == "bits":
            for _ in range(chance.randrange(1, 50)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif kind == "page":
            at = chance.randrange(len(data) // 4096) * 4096
            data[at : at + 4096] = chance.randbytes(4096)
        elif kind == "cut":
            del data[chance.randrange(len(data)) :]
        elif kind == "empty":
            data.clear()
        else:
            data[:] = bytes(len(data))
        path.write_bytes(data)
        return kind

    def test_a_damaged_catalogue_never_keeps_a_node_from_starting(self) -> None:
        node = self.node()
        node.start(str(self.shared))
        node.wait_for_share("album")
        identity = node.ask("status")["peer_id"]
        node.stop()
        kept = self.folder / "kept"
        shutil.copytree(node.home, kept)
        for seed in range(self.DAMAGES):
            with self.subTest(seed=seed):
                shutil.rmtree(node.home)
                shutil.copytree(kept, node.home)
                kind = self.damage(node.home / "catalogue.db", random.Random(seed))
                begun = time.monotonic()
                node.start(str(self.shared))
                self.assertLess(time.monotonic() - begun, self.START_SECONDS_MAX, kind)
                self.assertEqual(node.ask("status")["peer_id"], identity, "who it is stands elsewhere")
                node.wait_for_share("album")
                self.assertEqual(node.stop(), 0, kind)

    def write_old(self, home: Path, version: int) -> None:
        """A catalogue as an older version of the program left it, which shares one folder."""
        source = (HERE.parent.parent / "src/storage/catalogue_schema.cpp").read_text()
        steps = re.findall(r'R"sql\((.*?)\)sql"', source, re.DOTALL)
        with sqlite3.connect(home / "catalogue.db") as database:
            database.execute("PRAGMA journal_mode = WAL")
            for step in steps[:version]:
                database.executescript(step)
            database.execute("INSERT INTO share VALUES (1, 'album', ?, 1, 'everyone', 0, NULL, 0, 0, 0, 0)", (str(self.shared),))
            database.execute(f"PRAGMA user_version = {version}")
        database.close()

    def test_an_upgrade_that_is_killed_leaves_the_old_or_the_new(self) -> None:
        kills = 0
        for version in (1, 2, 3):
            for call in ("write", "sync", "open"):
                n = 1
                while True:
                    with self.subTest(f"version {version}, {call} {n}"):
                        node = self.node(f"v{version}-{call}-{n}")
                        log = self.folder / "hit"
                        log.unlink(missing_ok=True)
                        self.write_old(node.home, version)
                        environment = dict(os.environ, LD_PRELOAD=os.environ["ESSAIM_SHIM"],
                                           ESSAIM_FAULT=f"{call}:kill@{n}", ESSAIM_FAULT_BELOW=str(node.home),
                                           ESSAIM_FAULT_LOG=str(log))
                        # Brings a node up, which finds nobody, and ends; or is killed.
                        command = [str(find_binary()), "get", "essaim:" + "a" * 52, "--home", str(node.home)]
                        subprocess.run([*command, *self.options], env=environment, capture_output=True, timeout=30)
                        happened = log.exists()
                        node.start()
                        self.assertEqual([share["name"] for share in node.ask("shares")], ["album"])
                        node.stop()
                        with sqlite3.connect(node.home / "catalogue.db") as database:
                            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
                        database.close()
                    if not happened:
                        break
                    kills += 1
                    n = n + 1 if EVERY else n + max(1, n // 2)
        print(f"{kills} kills during an upgrade", flush=True)
        self.assertGreater(kills, 0)


class FewDescriptors(unittest.TestCase):
    def test_a_node_with_few_descriptors_serves_who_comes_when_there_is_room(self) -> None:
        with tempfile.TemporaryDirectory(prefix="essaim-few-") as folder:
            port = free_port()
            options = ["--interface", "lo", "--discovery-port", str(free_port(socket.SOCK_DGRAM))]
            (Path(folder) / "film.bin").write_bytes(random.Random(1).randbytes(3 * CHUNK))
            alice = EssaimNode(Path(folder), "alice", [*options, "--port", str(port)])
            before = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))  # inherited by what is started now
            try:
                alice.launch(str(Path(folder) / "film.bin"))
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)
            try:
                alice.wait_ready()
                silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
                time.sleep(1.0)  # they are accepted until there is no descriptor left
                for one in silent:
                    one.close()
                with EssaimNode(Path(folder), "bob", options) as bob:
                    bob.wait_for_peer("alice")
                    wait_for("file", lambda: bob.run("get", "alice/film.bin").returncode == 0, 60)
                self.assertTrue(alice.is_running())
            finally:
                alice.stop()


class VanishingFolder(unittest.TestCase):
    def test_a_destination_that_is_removed_meanwhile_is_said_and_kills_nobody(self) -> None:
        with tempfile.TemporaryDirectory(prefix="essaim-vanish-") as folder:
            options = ["--interface", "lo", "--discovery-port", str(free_port(socket.SOCK_DGRAM))]
            (Path(folder) / "film.bin").write_bytes(random.Random(1).randbytes(16 * CHUNK))
            with EssaimNode(Path(folder), "alice", options) as alice:
                alice.ask("share", str(Path(folder) / "film.bin"))
                alice.wait_for_share("film.bin")
                with EssaimNode(Path(folder), "bob", [*options, "--down-limit", "1M"]) as bob:
                    bob.wait_for_peer("alice")
                    getting = subprocess.Popen(bob.command("get", "alice/film.bin"), stdout=subprocess.PIPE,
                                               stderr=subprocess.PIPE, text=True)
                    wait_for("beginning", lambda: any(bob.dest.iterdir()))
                    shutil.rmtree(bob.dest)
                    _, said = getting.communicate(timeout=60)
                    self.assertTrue(bob.is_running())
                    self.assertNotEqual(getting.returncode, 0)
                    self.assertTrue(said.strip())


if __name__ == "__main__":
    unittest.main(verbosity=2)

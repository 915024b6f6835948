#!/usr/bin/env python3
"""Nodes that are killed at random moments of a download, and started again, until it is done.

A round is one kill -9, of the sender, the receiver, or both. After each one, what stands under a final name must be
what is shared. A download that has begun must not be forgotten; at its end nothing may be missing, and nothing be left
over. ESSAIM_KILL_ROUNDS says how many rounds there are; ESSAIM_KILL_SEED repeats the choices of an earlier run.
"""

from __future__ import annotations

import contextlib
import filecmp
import http.client
import json
import os
import random
import shutil
import socket
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Iterator, Optional

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))

from essaim_node import EssaimNode, free_port, wait_for  # noqa: E402

ROUNDS = int(os.environ.get("ESSAIM_KILL_ROUNDS", "12"))
SEED = int(os.environ.get("ESSAIM_KILL_SEED") or random.SystemRandom().randrange(1 << 32))
# So slow that a download takes a few rounds.
DOWN_LIMIT = "12M"
# From a victim's start to its end, so that kills fall into starting, resuming and downloading.
LIFE_SECONDS_MAX = 1.0
FINISH_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05
CHUNK = 256 << 10
FILE_BYTES = 24 * 4 * CHUNK + 12345
# Around the size of a chunk, one file of many chunks, and many small ones.
FOLDER_SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 32 * CHUNK, *(1500 * n for n in range(60))]


def make_folder(folder: Path, noise: random.Random) -> None:
    for number, size in enumerate(FOLDER_SIZES):
        path = folder / str(number % 4) / "deep" / f"{number}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(noise.randbytes(size))
    (folder / "empty").mkdir()
    (folder / "link").symlink_to("0/deep/0.bin")


def is_unfinished(name: str) -> bool:
    """Is this a name for what is not complete? Nobody takes such a file for the real one."""
    return name.startswith(".") and name.endswith(".essaim-part")


def differences(wanted: Path, found: Path) -> Iterator[str]:
    """What differs between two files, symbolic links or folders, in either direction."""
    if wanted.is_symlink() or found.is_symlink():
        if not (wanted.is_symlink() and found.is_symlink()) or os.readlink(wanted) != os.readlink(found):
            yield f"{found} is not the same link"
    elif wanted.is_dir() and found.is_dir():
        wanted_names, found_names = set(os.listdir(wanted)), set(os.listdir(found))
        yield from (f"{found / name} is missing" for name in sorted(wanted_names - found_names))
        yield from (f"{found / name} is too much" for name in sorted(found_names - wanted_names))
        for name in sorted(wanted_names & found_names):
            yield from differences(wanted / name, found / name)
    elif wanted.is_dir() or found.is_dir():
        yield f"{found} is of another kind"
    elif not filecmp.cmp(wanted, found, shallow=False):
        yield f"{found} has other bytes"


class ApiConnection(http.client.HTTPConnection):
    """To a node's API. (The command line would stay until a download ends, or die with the node.)"""

    def __init__(self, socket_path: Path) -> None:
        super().__init__("localhost", timeout=20)
        self._socket_path = str(socket_path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._socket_path)


class Victim(EssaimNode):
    """A node that may be killed before it is ready."""

    def __init__(self, folder: Path, name: str, options: list[str]) -> None:
        super().__init__(folder, name, options)
        self._is_ready = False

    def launch(self, *paths: str) -> None:
        self._is_ready = False
        super().launch(*paths)

    def ensure_ready(self) -> None:
        if not self._is_ready:
            self.wait_ready()
            self._is_ready = True

    def ask_api(self, method: str, route: str, body: Optional[dict[str, Any]] = None) -> Any:
        self.ensure_ready()
        with contextlib.closing(ApiConnection(self.home / "node.sock")) as connection:
            connection.request(method, f"/api/v1/{route}", json.dumps(body) if body else None)
            response = connection.getresponse()
            answer = json.loads(response.read())
        assert response.status < 300, answer
        return answer


class Kill(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="essaim-kill-")
        self.addCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        self.chance = random.Random(SEED)
        self.shared = folder / "shared"
        self.shared.mkdir()
        (self.shared / "talk.bin").write_bytes(self.chance.randbytes(FILE_BYTES))
        make_folder(self.shared / "album", self.chance)
        network = ["--interface", "lo", "--discovery-port", str(free_port(socket.SOCK_DGRAM))]
        self.sender = Victim(folder, "sender", network)
        self.receiver = Victim(folder, "receiver", [*network, "--down-limit", DOWN_LIMIT])
        self.addCleanup(self.sender.kill)
        self.addCleanup(self.receiver.kill)

    def test_random_kills_leave_whole_files_or_none(self) -> None:
        print(f"ESSAIM_KILL_SEED={SEED}", flush=True)
        self.sender.launch(*(str(path) for path in self.shared.iterdir()))
        self.sender.ensure_ready()
        links = [self.sender.wait_for_share(path.name)["link"] for path in self.shared.iterdir()]
        self.receiver.launch()
        kills = downloads = 0
        while kills < ROUNDS:
            self.begin(links)
            while kills < ROUNDS and not self.all_there():
                self.kill_somebody()
                kills += 1
            self.finish()
            downloads += 1
        print(f"{kills} kills in {downloads} downloads of a file and a folder", flush=True)

    def begin(self, links: list[str]) -> None:
        for link in links:
            self.receiver.ask_api("POST", "transfers", {"target": link})

    def kill_somebody(self) -> None:
        victims = self.chance.choice([[self.receiver], [self.receiver], [self.sender], [self.sender, self.receiver]])
        time.sleep(self.chance.uniform(0, LIFE_SECONDS_MAX))
        for victim in victims:
            victim.kill()
        self.check_destination()
        for victim in victims:
            victim.launch()
        # Not always, so that the next kill may come before it is ready.
        if self.chance.random() < 0.5:
            self.check_nothing_is_forgotten()

    def finish(self) -> None:
        def is_over() -> bool:
            time.sleep(POLL_SECONDS)
            self.check_nothing_is_forgotten()
            return all(transfer["state"] == "done" for transfer in self.receiver.ask_api("GET", "transfers"))

        self.sender.ensure_ready()
        wait_for("end of the downloads", is_over, FINISH_SECONDS_MAX)
        found = list(differences(self.shared, self.receiver.dest))
        self.assertEqual(found, [])
        for path in self.receiver.dest.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def all_there(self) -> bool:
        return all((self.receiver.dest / path.name).exists() for path in self.shared.iterdir())

    def check_destination(self) -> None:
        """What stands there is unfinished, or exactly what is shared under that name."""
        for path in self.receiver.dest.iterdir():
            if not is_unfinished(path.name):
                self.assertEqual(list(differences(self.shared / path.name, path)), [])

    def check_nothing_is_forgotten(self) -> None:
        """What was begun goes on by itself, or is there."""
        transfers = {transfer["name"]: transfer for transfer in self.receiver.ask_api("GET", "transfers")}
        for path in self.shared.iterdir():
            transfer = transfers.get(path.name)
            if transfer is None:
                self.assertTrue((self.receiver.dest / path.name).exists(), f"{path.name} is forgotten")
            else:
                self.assertNotIn(transfer["state"], ("failed", "cancelled", "paused"), transfer["failure"])


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/env python3
"""What a host does to others that floods them: with announcements of peers that are none, with connections that say
nothing. The figures at the top are what docs/security.md promises.

ESSAIM_FLOOD_SECONDS sets how long the announcements come; 30 is the full form, of which the bound is written below.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path


HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]

import lanlab  # noqa: E402
from essaim_node import EssaimNode, wait_for  # noqa: E402

ALICE, BOB, CAROL, FLOODER = 1, 2, 3, 4
# Hosts that open connections: each holds more than it may.
SILENT_HOSTS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 13)
HOSTS = 13
MIB = 1024 * 1024

FLOOD_SECONDS = int(os.environ.get("ESSAIM_FLOOD_SECONDS", "5"))
ANNOUNCEMENTS_PER_SECOND = 100_000
GROWTH_MAX = 16 * MIB
# Of a thousand connections 64 get as far as a handshake, and others follow them in the turn.
SILENT_GROWTH_MAX = 32 * MIB
SPEED_KEPT_MIN = 0.8
NEWCOMER_SECONDS = 30.0  # three intervals of announcing
SILENT_CONNECTIONS = 1000
HONEST_SECONDS = 2.0
SESSIONS_PER_ADDRESS = 16
# So that the speed of a transfer is its limit's and not the machine's: on few cores the flooder itself takes one.
BYTES_PER_SECOND = 20 * MIB

# Opens argv[3] connections and says nothing on half of them, a byte a second on the others; opens those that were closed
# again; ends with its standard input.
SILENCE = """
import select, socket, sys, time
address, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ones = []
def fill():
    while len(ones) < count:
        one = socket.socket(); one.setblocking(False)
        try: one.connect((address, port))
        except BlockingIOError: pass
        except OSError: return
        ones.append(one)
fill(); print("ready", flush=True)
while True:
    readable, _, _ = select.select([sys.stdin] + ones, [], [], 0.2)
    if sys.stdin in readable: break
    for one in readable:
        try:
            if one.recv(4096): continue
        except OSError: pass
        ones.remove(one); one.close()
    for one in ones[::2]:
        try: one.send(b"\\x16")
        except OSError: pass
    fill()
"""


def memory(node: EssaimNode) -> int:
    """Resident bytes; the node's process is a child of `ip netns exec`, which has become it."""
    status = Path(f"/proc/{node.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


class Flood(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="essaim-flood-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def node(self, name: str, host: int, *paths: Path, options: tuple[str, ...] = ()) -> EssaimNode:
        node = EssaimNode(self.folder, name, options, inside=lanlab.on_host(host))
        self.addCleanup(node.stop)
        node.start(*map(str, paths))
        return node

    def timed_get(self, node: EssaimNode, target: str) -> float:
        begun = time.monotonic()
        node.get(target)
        return time.monotonic() - begun

    def test_announcements_of_peers_that_are_none(self) -> None:
        # As long as the flood lasts, with room on both sides.
        size = int(BYTES_PER_SECOND * FLOOD_SECONDS * 0.5)
        for name in ("quiet.bin", "loud.bin"):
            (self.folder / name).write_bytes(os.urandom(size))
        limits = ("--down-limit", f"{BYTES_PER_SECOND // MIB}M")
        alice = self.node("alice", ALICE, self.folder / "quiet.bin", self.folder / "loud.bin")
        bob = self.node("bob", BOB, options=limits)
        for name in ("quiet.bin", "loud.bin"):
            alice.wait_for_share(name)
        bob.wait_for_peer("alice")
        quiet = self.timed_get(bob, "alice/quiet.bin")
        before = {node.name: memory(node) for node in (alice, bob)}

        flood = subprocess.Popen(
            [*lanlab.on_host(FLOODER), os.environ["ESSAIM_FLOOD"], str(ANNOUNCEMENTS_PER_SECOND), str(FLOOD_SECONDS),
             lanlab.address(ALICE)],
            stdout=subprocess.PIPE, text=True)
        loud = self.timed_get(bob, "alice/loud.bin")
        carol = self.node("carol", CAROL)
        begun = time.monotonic()
        wait_for("newcomer seen by alice", lambda: alice.peer("carol"), NEWCOMER_SECONDS)
        wait_for("alice seen by the newcomer", lambda: carol.peer("alice"), NEWCOMER_SECONDS)
        met = time.monotonic() - begun
        sent = int(flood.communicate()[0])
        grown = {node.name: (memory(node) - before[node.name]) // MIB for node in (alice, bob)}
        print(f"{sent / FLOOD_SECONDS:.0f} announcements a second for {FLOOD_SECONDS} s: speed {quiet / loud:.0%} of the "
              f"quiet one, newcomer met after {met:.1f} s, memory grown by {grown} MiB")
        self.assertGreaterEqual(quiet / loud, SPEED_KEPT_MIN)
        for node in (alice, bob):
            self.assertLess(grown[node.name] * MIB, GROWTH_MAX, node.name)
        self.assertLess(len(alice.ask("peers")), 256 + 8, "the table of who is near keeps its limit")

    def test_connections_that_say_nothing(self) -> None:
        alice = self.node("alice", ALICE)
        each = SILENT_CONNECTIONS // len(SILENT_HOSTS)
        silent = []
        for host in SILENT_HOSTS:
            command = [*lanlab.on_host(host), sys.executable, "-c", SILENCE, lanlab.address(ALICE), "5001", str(each)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.addCleanup(self.end, process)
            silent.append(process)
        for process in silent:
            assert process.stdout is not None
            process.stdout.readline()
        before = memory(alice)
        bob = self.node("bob", BOB)
        worst = 0.0
        for _ in range(5):
            begun = time.monotonic()
            wait_for("answer to bob", lambda: bob.ask("ls", "alice") is not None)
            worst = max(worst, time.monotonic() - begun)
            bob.stop()
            bob = self.node("bob", BOB)
            bob.wait_for_peer("alice")
        grown = memory(alice) - before
        print(f"{SILENT_CONNECTIONS} silent connections: an honest peer was answered after {worst:.2f} s at worst, "
              f"memory grown by {grown // MIB} MiB")
        self.assertLess(worst, HONEST_SECONDS)
        self.assertLess(grown, SILENT_GROWTH_MAX)

    def test_sessions_of_one_address(self) -> None:
        """Keys are free to make: one host that makes twenty of them still gets its sixteen sessions."""
        self.node("alice", ALICE)
        program = HERE.parent / "hostile" / "hostile_peer.py"
        command = [*lanlab.on_host(BOB), sys.executable, str(program), lanlab.address(ALICE), "5001", "20"]
        answered = subprocess.run(command, capture_output=True, text=True, check=True)
        self.assertEqual(int(answered.stdout), SESSIONS_PER_ADDRESS)

    @staticmethod
    def end(process: "subprocess.Popen[str]") -> None:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    lanlab.enter_or_skip(HOSTS)
    unittest.main(verbosity=2)

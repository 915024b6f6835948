#!/usr/bin/env python3
"""Real nodes on three hosts of one network, on the default ports: they find each other, and a file gets across."""

from __future__ import annotations

import random
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

HOSTS = 3
# Far below the 30 s after which a silent peer counts as gone, so that only a goodbye can explain it.
GOODBYE_SECONDS = 10.0
# Below the 10 s between two routine announcements.
AT_ONCE_SECONDS = 6.0


def on_host(host: int, command: str) -> None:
    subprocess.run([*lanlab.on_host(host), *command.split()], check=True)


class Lan(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="essaim-lan-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def node(self, name: str, host: int, *paths: Path) -> EssaimNode:
        node = EssaimNode(self.folder, name, inside=lanlab.on_host(host))
        self.addCleanup(node.stop)
        node.start(*map(str, paths))
        return node

    def test_everyone_lists_everyone(self) -> None:
        nodes = [self.node(name, host) for host, name in enumerate(("alice", "bob", "carol"), start=1)]
        for node in nodes:
            for other in nodes:
                if node is not other:
                    peer = node.wait_for_peer(other.name)
                    self.assertEqual(peer["level"], 1)
                    self.assertIn(f"{lanlab.address(1 + nodes.index(other))}:5001", peer["addresses"])

    def test_a_late_peer_is_found_at_once(self) -> None:
        alice, bob = self.node("alice", 1), self.node("bob", 2)
        alice.wait_for_peer("bob")
        carol = self.node("carol", 3)
        begun = time.monotonic()
        for node, other in ((alice, "carol"), (bob, "carol"), (carol, "alice"), (carol, "bob")):
            node.wait_for_peer(other, AT_ONCE_SECONDS)
        self.assertLess(time.monotonic() - begun, AT_ONCE_SECONDS)

    def test_a_file_gets_across_from_all_who_have_it(self) -> None:
        content = random.Random(1).randbytes(20_000_000)
        source = self.folder / "talk.bin"
        source.write_bytes(content)
        alice, bob, carol = self.node("alice", 1, source), self.node("bob", 2), self.node("carol", 3)
        alice.wait_for_share("talk.bin")
        bob.wait_for_peer("alice")
        bob.get("talk.bin")
        self.assertEqual((bob.dest / "talk.bin").read_bytes(), content)

        bob.ask("share", str(bob.dest / "talk.bin"))
        bob.wait_for_share("talk.bin")
        carol.wait_for_peer("alice")
        carol.wait_for_peer("bob")
        event = carol.get("talk.bin")
        self.assertEqual((carol.dest / "talk.bin").read_bytes(), content)
        self.assertEqual(sum(part["bytes"] for part in event["sources"]), len(content))

    def test_a_folder_gets_across(self) -> None:
        source = self.folder / "album"
        (source / "deep" / "er").mkdir(parents=True)
        (source / "empty").mkdir()
        for number in range(50):
            (source / "deep" / "er" / f"{number}.txt").write_text("x" * number * 1000)
        alice, bob = self.node("alice", 1, source), self.node("bob", 2)
        alice.wait_for_share("album")
        bob.wait_for_peer("alice")
        bob.get("album")
        subprocess.run(["diff", "-r", str(source), str(bob.dest / "album")], check=True)

    def test_a_goodbye_removes_a_peer(self) -> None:
        alice, bob = self.node("alice", 1), self.node("bob", 2)
        alice.wait_for_peer("bob")
        self.assertEqual(bob.stop(), 0)
        wait_for("farewell", lambda: alice.peer("bob") is None, GOODBYE_SECONDS)

    def test_an_interface_with_a_new_address_is_announced_on_at_once(self) -> None:
        alice, bob = self.node("alice", 1), self.node("bob", 2)
        alice.wait_for_peer("bob")
        self.addCleanup(self.restore_address_of_host_2)
        on_host(2, "ip link set eth0 down")
        on_host(2, "ip addr flush dev eth0 scope global")
        on_host(2, "ip addr add 10.77.0.22/24 brd + dev eth0")
        on_host(2, "ip link set eth0 up")
        on_host(2, "ip route add default via 10.77.0.254 dev eth0")

        def new_address() -> bool:
            return "10.77.0.22:5001" in alice.wait_for_peer("bob")["addresses"]

        wait_for("new address", new_address, AT_ONCE_SECONDS)
        self.assertTrue(bob.is_running())

    def test_two_nodes_on_one_host_share_the_discovery_port(self) -> None:
        first, second = self.node("first", 1), self.node("second", 1)
        other = self.node("other", 2)
        ports = {node.name: node.ask("status")["port"] for node in (first, second)}
        self.assertEqual(sorted(ports.values()), [5001, 5002])
        first.wait_for_peer("second")
        second.wait_for_peer("first")
        for name, port in ports.items():
            self.assertIn(f"{lanlab.address(1)}:{port}", other.wait_for_peer(name)["addresses"])
            for node in (first, second):
                node.wait_for_peer("other")

    def test_a_home_belongs_to_one_node(self) -> None:
        alice = self.node("alice", 1)
        result = alice.run("up", seconds=20)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(str(alice.home), result.stderr, "the message says which home it is about")
        self.assertTrue(alice.is_running())

    @staticmethod
    def restore_address_of_host_2() -> None:
        on_host(2, "ip addr flush dev eth0 scope global")
        on_host(2, "ip addr add 10.77.0.2/24 brd + dev eth0")
        on_host(2, "ip addr add fd77::2/64 dev eth0 nodad")
        on_host(2, "ip route replace default via 10.77.0.254 dev eth0")


if __name__ == "__main__":
    lanlab.enter_or_skip(HOSTS)
    unittest.main(verbosity=2)

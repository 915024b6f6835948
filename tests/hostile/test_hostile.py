#!/usr/bin/env python3
"""A real node under a peer that breaks every rule of docs/protocol.md that a peer can break.

Every message in every state, every field at its limits, beyond them, of a wrong type, missing and twice; frames of
impossible lengths; JSON that is none; questions whose answers nobody reads; connections that never say anything. After
every group of cases the node must live, answer an honest peer at once, have grown by no more than a bound, and have
written nothing.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Callable, Iterator

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]

from essaim_node import EssaimNode, free_port, wait_for  # noqa: E402
from hostile_peer import HostilePeer, Identity, frame_of, length_of  # noqa: E402
from vocabulary import (  # noqa: E402
    BROKEN_JSON, CLASSIC_MESSAGES, ID, ODD_VALUES, PEER_MESSAGES, SOUND_JSON, MessageKind, fields_of)

MIB = 1024 * 1024
# What the node may grow by under any group of cases here.
GROWTH_MAX = 64 * MIB
# By the longest lists there are: what is kept of them, and what it takes to read some at once.
LISTS_GROWTH_MAX = 120 * MIB
HONEST_SECONDS = 2.0
# docs/protocol.md: a session that is not open so long after it was accepted ends; and a little for a busy machine.
OPEN_SECONDS = 10.0
SLACK_SECONDS = 3.0


class HostileTest(unittest.TestCase):
    """One node for all cases: what one of them leaves behind, the next ones meet."""

    node: EssaimNode
    port: int

    @classmethod
    def setUpClass(cls) -> None:
        cls._folder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls._folder.name)
        cls.port = free_port()
        options = ["--port", str(cls.port), "--interface", "lo", "--discovery-port", str(free_port(socket.SOCK_DGRAM))]
        cls.node = EssaimNode(cls.folder, "victim", options)
        shared = cls.folder / "share"
        (shared / "folder").mkdir(parents=True)
        for number in range(2000):
            (shared / "folder" / f"{number:04}-{'x' * 200}").write_bytes(b"%d" % number)
        (shared / "film.bin").write_bytes(os.urandom(3 * MIB))
        cls.node.start(str(shared))
        cls.node.wait_for_share("share")
        cls.identity = Identity(cls.folder, "hostile")
        cls.honest = HostilePeer(cls.port).open(Identity(cls.folder, "honest"), "honest")
        cls.before = cls.tree()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.honest.close()
        code = cls.node.stop()
        cls._folder.cleanup()
        assert code == 0, f"the node ended with {code}"

    def setUp(self) -> None:
        self.memory_before = self.memory()
        self.growth_max = GROWTH_MAX

    def tearDown(self) -> None:
        self.assertTrue(self.node.is_running(), f"the node is gone:\n{self.node.log_text()[-4000:]}")
        self.check_honest_peer()
        self.assertEqual(self.tree(), self.before, "nothing may have been written")
        grown = self.memory() - self.memory_before
        self.assertLess(grown, self.growth_max, f"the node grew by {grown // MIB} MiB")

    @classmethod
    def memory(cls) -> int:
        status = Path(f"/proc/{cls.node.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))

    @classmethod
    def tree(cls) -> list[str]:
        """Where downloads go, and what is shared: names and sizes."""
        found = []
        for top in (cls.node.dest, cls.folder / "share"):
            found += [f"{path}:{path.stat().st_size}" for path in sorted(top.rglob("*")) if path.is_file()]
        return found

    def check_honest_peer(self) -> None:
        """One question for the connection's lane, and one for the thread that owns all state."""
        begun = time.monotonic()
        self.honest.send({"type": "FILE_LIST_REQUEST", "id": 77})
        answer = self.honest.read_until("FILE_LIST_RESPONSE", 77)[-1]
        self.assertEqual([entry["path"] for entry in answer["entries"]], ["share"])
        self.assertLess(time.monotonic() - begun, HONEST_SECONDS, "an honest peer had to wait")

    def connect(self) -> HostilePeer:
        return HostilePeer(self.port).open(self.identity)

    @contextlib.contextmanager
    def case(self, *words: Any) -> Iterator[None]:
        with self.subTest(" ".join(str(word)[:80] for word in words)):
            yield


class Level1(HostileTest):
    def check_fields(self, choose: Callable[[Any], list[Any]], refused: bool) -> None:
        peer = self.connect()
        number = 0
        for kind, one in fields_of([kind for kind in PEER_MESSAGES if kind.type != "GOODBYE"]):
            for value in choose(one):
                number += 1
                with self.case(kind.type, one.name, value):
                    message = kind.example() | {one.name: value, "id": number}
                    if value is MISSING:
                        del message[one.name]
                    self.check_one(peer, kind, message, refused)
        peer.close()

    def check_one(self, peer: HostilePeer, kind: MessageKind, message: dict[str, Any], refused: bool) -> None:
        if kind.payload:
            message["payload"] = len(kind.payload)
        peer.send(message, kind.payload)
        peer.send({"type": "PING", "id": 10**6})
        heard = peer.read_until("PONG", 10**6)
        self.assertTrue(heard and heard[-1]["type"] == "PONG", f"the session ended; heard {heard[-2:]}")
        errors = [e for e in heard if e["type"] == "ERROR" and e["code"] == "bad_request" and e["id"] == message["id"]]
        # What is wrong with a field is answered before the PING; an ERROR is never answered.
        self.assertEqual(bool(errors), refused and kind.type != "ERROR", heard)

    def test_fields_within_their_limits_are_taken(self) -> None:
        # A HELLO twice changes nothing; MANIFEST_REQUEST and CHUNK_REQUEST beyond the content are answered later.
        self.check_fields(lambda one: one.good, refused=False)

    def test_fields_beyond_their_limits_or_of_wrong_types_are_refused(self) -> None:
        self.check_fields(lambda one: one.bad, refused=True)

    def test_missing_fields_are_refused(self) -> None:
        self.check_fields(lambda one: [MISSING, None] if one.required else [], refused=True)

    def test_fields_twice_end_the_connection(self) -> None:
        for kind, one in fields_of(PEER_MESSAGES):
            with self.case(kind.type, one.name):
                peer = self.connect()
                peer.send('{"type":"%s","id":1,"%s":1,"%s":1}' % (kind.type, one.name, one.name))
                self.check_told_and_closed(peer, "bad_request")

    def check_told_and_closed(self, peer: HostilePeer, code: str) -> None:
        begun = time.monotonic()
        heard = peer.read_to_end()
        self.assertLess(time.monotonic() - begun, 1.0)
        peer.close()
        self.assertTrue(heard and heard[-1]["type"] == "ERROR", heard)
        error = heard[-1] if peer.level == 1 else heard[-1]["data"]
        self.assertEqual(error["code"], code)

    def test_every_message_is_survived_before_hello(self) -> None:
        for kind in PEER_MESSAGES:
            if kind.type == "HELLO":
                continue
            with self.case(kind.type):
                peer = HostilePeer(self.port).start_tls(self.identity)
                message = kind.example() | {"id": 1}
                if kind.payload:
                    message["payload"] = len(kind.payload)
                peer.send(message, kind.payload)
                answers = [m["type"] for m in peer.read_to_end()]
                self.assertLessEqual(set(answers), {"HELLO", "ERROR"}, "nothing is answered to who has said no HELLO")
                peer.close()

    def test_every_message_is_survived_after_goodbye(self) -> None:
        for kind in PEER_MESSAGES:
            with self.case(kind.type):
                peer = self.connect()
                peer.send({"type": "GOODBYE"})
                with contextlib.suppress(OSError):
                    peer.send(kind.example() | {"id": 1})
                    peer.read_to_end()
                peer.close()

    def test_every_answer_is_survived_that_nobody_asked_for(self) -> None:
        peer = self.connect()
        for kind in PEER_MESSAGES:
            if kind.type == "GOODBYE":
                continue
            for message_id in (None, 0, 1, 2**63 - 1):
                with self.case(kind.type, message_id):
                    message = kind.example() | ({} if message_id is None else {"id": message_id})
                    if kind.payload:
                        message["payload"] = len(kind.payload)
                    peer.send(message, kind.payload)
        peer.send({"type": "PING", "id": 5 * 10**6})
        self.assertEqual(peer.read_until("PONG", 5 * 10**6)[-1]["type"], "PONG")
        peer.close()

    def test_payloads_where_none_belongs_are_refused_and_skipped(self) -> None:
        peer = self.connect()
        number = 0
        for kind in PEER_MESSAGES:
            wrong = [len(kind.payload) + 1, 4 * MIB] if not kind.payload else [0, 4 * MIB] * (kind.type == "MANIFEST_DATA")
            for count in wrong:
                if kind.type == "GOODBYE" or (kind.type, count) == ("CHUNK_DATA", 4 * MIB):
                    continue
                number += 1
                with self.case(kind.type, count):
                    peer.send(kind.example() | {"id": number, "payload": count}, b"{" * count)
                    peer.send({"type": "PING", "id": 10**6})
                    heard = peer.read_until("PONG", 10**6)
                    refused = [e for e in heard if e["type"] == "ERROR" and e["code"] == "bad_request"]
                    self.assertEqual(bool(refused), kind.type != "ERROR", heard)
        peer.close()

    def test_impossible_payload_lengths_end_the_connection(self) -> None:
        for count, code in ((4 * MIB + 1, "too_large"), (2**32, "too_large"), (2**63, "too_large"),
                            (2**64 - 1, "too_large"), (-1, "bad_request"), (1.5, "bad_request"), ("1", "bad_request")):
            with self.case(count):
                peer = self.connect()
                peer.send({"type": "CHUNK_DATA", "id": 1, "file_id": ID, "chunk_index": 0, "payload": count})
                self.check_told_and_closed(peer, code)

    def test_impossible_frame_lengths_end_the_connection(self) -> None:
        for length in (0, MIB + 1, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1):
            with self.case("open", length):
                peer = self.connect()
                peer.send_raw(length_of(length))
                self.check_told_and_closed(peer, "too_large" if length else "bad_request")
        for length in (0, 8193, 2**31, 2**32 - 1):
            with self.case("before HELLO", length):
                peer = HostilePeer(self.port).start_tls(self.identity)
                peer.send_raw(length_of(length))
                self.check_told_and_closed(peer, "too_large" if length else "bad_request")

    def test_frames_at_their_limit_are_taken(self) -> None:
        peer = HostilePeer(self.port).start_tls(self.identity)
        hello = {"type": "HELLO", "name": "x", "v": 1, "filler": ""}
        hello["filler"] = "x" * (8192 - len(frame_of(hello)) + 4)
        peer.send(hello)
        self.assertEqual(peer.read_until("HELLO")[-1]["type"], "HELLO")
        ping = {"type": "PING", "id": 1, "filler": ""}
        ping["filler"] = "x" * (MIB - len(frame_of(ping)) + 4)
        peer.send(ping)
        self.assertEqual(peer.read_until("PONG", 1)[-1]["type"], "PONG")
        peer.close()

    def test_json_that_is_none_ends_the_connection(self) -> None:
        for body in BROKEN_JSON:
            with self.case(body[:40]):
                peer = self.connect()
                peer.send(body)
                self.check_told_and_closed(peer, "bad_request")

    def test_json_at_its_limits_is_read(self) -> None:
        peer = self.connect()
        for body in SOUND_JSON:
            with self.case(body[:40]):
                peer.send(body)
                peer.send({"type": "PING", "id": 1})
                self.assertEqual(peer.read_until("PONG", 1)[-1]["type"], "PONG")
        peer.close()

    def test_a_million_values_cost_no_memory(self) -> None:
        for body in (b'{"a":[' + b"0," * 520_000 + b"0]}", b'{"a":[' + b"[]," * 340_000 + b"[]]}",
                     b'{"a":[' + b'{"":0},' * 140_000 + b"0]}"):
            peer = self.connect()
            with contextlib.suppress(OSError):
                for _ in range(8):
                    peer.send(body)
            peer.close()


class Level0(HostileTest):
    def test_every_field_of_every_message_may_be_anything(self) -> None:
        for example in CLASSIC_MESSAGES:
            for where in ("peer_id", "data", *example["data"]):
                for value in ODD_VALUES:
                    with self.case(example["type"], where, value):
                        message = {**example, "data": dict(example["data"])}
                        (message if where in message else message["data"])[where] = value
                        self.check_answered_or_closed(message)

    def check_answered_or_closed(self, message: dict[str, Any]) -> None:
        with HostilePeer(self.port) as peer:
            peer.send(message)
            peer.send({"type": "FILE_LIST_REQUEST", "peer_id": "odd", "data": {}})
            heard = peer.read()
            self.assertTrue(heard is None or heard["type"] in ("FILE_LIST_RESPONSE", "CHUNK_DATA", "ERROR"), heard)

    def test_impossible_frame_lengths_end_the_connection(self) -> None:
        for before in (b"", frame_of(CLASSIC_MESSAGES[0])):
            limit = 8 * MIB if before else 8192
            for length in (0, limit + 1, 2**24 - 1):
                with self.case(bool(before), length):
                    peer = HostilePeer(self.port)
                    peer.send_raw(before + length_of(length))
                    code = peer.read_to_end()[-1]["data"]["code"]
                    self.assertEqual(code, "too_large" if length else "bad_request")
                    peer.close()

    def test_other_first_bytes_are_hung_up_on(self) -> None:
        for first in (1, 0x15, 0x17, 0x47, 0x50, 0x80, 0xFF):
            with self.case(first):
                peer = HostilePeer(self.port)
                peer.send_raw(bytes([first]) * 64)
                self.assertEqual(peer.read_to_end(), [])
                peer.close()

    def test_tls_that_is_none_is_hung_up_on(self) -> None:
        for rest in (b"\x16" * 4096, b"\x16\x03\x01\xff\xff" + b"x" * 70_000, b"\x16\x03\x03\x00\x04\x01\x00\x00\x00",
                     b"\x16\x03\x03\x00\x00" * 2000):
            with self.case(rest[:8]):
                peer = HostilePeer(self.port)
                with contextlib.suppress(OSError):
                    peer.send_raw(rest)
                with contextlib.suppress(ValueError, AssertionError):  # an alert is no frame
                    peer.read_to_end(OPEN_SECONDS + SLACK_SECONDS)
                peer.close()


class Pressure(HostileTest):
    """Nothing here breaks a rule of the format; there is just too much of it."""

    def flood_unread(self, question: bytes, bytes_max: int = 24 * MIB) -> int:
        """Asks and never reads; the most that the node held meanwhile, in bytes beyond before."""
        before, most = self.memory(), 0
        peer = HostilePeer(self.port, receive_buffer=4096).open(self.identity)
        peer.socket.settimeout(3.0)
        batch = question * max(1, 65536 // len(question))
        sent = 0
        try:
            while sent < bytes_max:
                peer.send_raw(batch)
                sent += len(batch)
                most = max(most, self.memory() - before)
        except OSError:
            pass
        for _ in range(10):
            time.sleep(0.05)
            most = max(most, self.memory() - before)
        peer.close()
        return most

    def test_answers_that_nobody_reads_are_not_heaped_up(self) -> None:
        questions = {
            "PING": frame_of({"type": "PING", "id": 1}),
            "list": frame_of({"type": "FILE_LIST_REQUEST", "id": 1, "path": "share/folder"}),
            "search": frame_of({"type": "SEARCH", "id": 1, "words": "x"}),
            "unknown": frame_of({"type": "NONSENSE", "id": 1}),
            "bad": frame_of({"type": "FIND", "id": 1}),
            "chunks": frame_of({"type": "CHUNK_REQUEST", "id": 1, "file_id": ID, "chunk_index": 0, "count": 64}),
        }
        for name, question in questions.items():
            with self.case(name):
                self.assertLess(self.flood_unread(question) // MIB, GROWTH_MAX // MIB)

    def test_lists_of_peers_that_come_and_go_are_not_kept(self) -> None:
        self.growth_max = LISTS_GROWTH_MAX
        files = [{"file_id": f"{n}", "filename": "n" * 230, "size": 1, "hash": "", "chunks_total": 1} for n in range(26_000)]
        for number in range(24):
            with HostilePeer(self.port) as peer:
                who = {"peer_id": f"guest-{number}"}
                peer.send({"type": "ANNOUNCE", "data": {}} | who)
                peer.send({"type": "FILE_LIST_RESPONSE", "data": {"files": files}} | who)
                peer.send({"type": "FILE_LIST_REQUEST", "data": {}} | who)
                peer.read()

    def test_silent_connections_end_at_their_deadline_and_keep_nobody_out(self) -> None:
        begun = time.monotonic()
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(20)]
        # A TLS record that begins and goes on for ever, a byte at a time; and a frame of level 0 likewise.
        dribblers = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(20)]
        open_ones = set(silent + dribblers)
        while open_ones and time.monotonic() - begun < OPEN_SECONDS + SLACK_SECONDS + 10:
            for number, dribbler in enumerate(dribblers):
                with contextlib.suppress(OSError):
                    dribbler.send(b"\x16\x03\x01\x20\x00"[:1] if number % 2 else b"\x00\x00\x10\x00"[:1])
            readable, _, _ = select.select(list(open_ones), [], [], 0.25)
            for one in readable:
                with contextlib.suppress(OSError):
                    if one.recv(4096):
                        continue
                open_ones.discard(one)
        took = time.monotonic() - begun
        for one in silent + dribblers:
            one.close()
        self.assertFalse(open_ones, f"{len(open_ones)} are still there after {took:.1f} s")
        self.assertLess(took, OPEN_SECONDS + SLACK_SECONDS)

    def test_the_deadline_is_one_for_all_of_opening(self) -> None:
        """Who spends nine seconds before its first byte has one left for the rest."""
        peer = HostilePeer(self.port)
        begun = time.monotonic()
        time.sleep(7.0)
        peer.start_tls(self.identity)
        heard = peer.read_to_end(OPEN_SECONDS + SLACK_SECONDS)
        self.assertLess(time.monotonic() - begun, OPEN_SECONDS + SLACK_SECONDS)
        self.assertLessEqual({m["type"] for m in heard}, {"HELLO", "ERROR"})
        peer.close()

    def test_classic_connections_are_limited(self) -> None:
        peers = []
        try:
            answers = []
            for number in range(300):
                peer = HostilePeer(self.port)
                peers.append(peer)
                peer.send({"type": "FILE_LIST_REQUEST", "peer_id": f"many-{number}", "data": {}})
                answers.append(peer.read() or {})
            served = sum(answer.get("type") == "FILE_LIST_RESPONSE" for answer in answers)
            self.assertLessEqual(served, 256)
            self.assertEqual(answers[-1]["data"]["code"], "busy")
        finally:
            for peer in peers:
                peer.close()

    def test_sessions_of_one_peer_are_limited(self) -> None:
        peers = []
        for _ in range(12):
            with contextlib.suppress(OSError, AssertionError):
                peers.append(self.connect())
        wait_for("end of all sessions but four", lambda: self.node.ask("status") is not None)
        alive = 0
        for peer in peers:
            with contextlib.suppress(OSError):
                peer.send({"type": "PING", "id": 3})
                alive += peer.read_until("PONG", 3)[-1:] != []
            peer.close()
        self.assertLessEqual(alive, 4)


MISSING = object()


def load_tests(loader: unittest.TestLoader, *_: object) -> unittest.TestSuite:
    return unittest.TestSuite(loader.loadTestsFromTestCase(one) for one in (Level1, Level0, Pressure))


if __name__ == "__main__":
    unittest.main(verbosity=2)

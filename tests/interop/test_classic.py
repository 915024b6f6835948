#!/usr/bin/env python3
"""essaim and a classic peer written from docs/protocol.md share files in both directions, over loopback."""

from __future__ import annotations

import concurrent.futures
import hashlib
import random
import socket
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Optional

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]

from classic_peer import (  # noqa: E402
    CHUNK_BYTES,
    Address,
    ClassicPeer,
    ProtocolError,
    Session,
    SharedFile,
    download,
    encode_frame,
)
from essaim_node import EssaimNode, free_port, wait_for  # noqa: E402

CONTENT = {
    "empty.bin": b"",
    "one byte.txt": b"x",
    "exactly-one-chunk.bin": random.Random(1).randbytes(CHUNK_BYTES),
    "several-chunks.bin": random.Random(2).randbytes(3 * CHUNK_BYTES + 12345),
    "Größe – 大.txt": "names are UTF-8\n".encode(),
}
# Sizes that leave no part of a frame in one piece.
ODD_PIECES = (1, 2, 1, 5, 3, 1021)


class ClassicCase(unittest.TestCase):
    """A running node on free ports of loopback, with CONTENT shared; one for all cases of a class."""

    options: tuple[str, ...] = ()
    folder: Path
    node: EssaimNode
    listener: ClassicPeer
    udp: Address
    tcp: Address

    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="essaim-classic-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        shared = cls.folder / "shared"
        shared.mkdir()
        for name, content in CONTENT.items():
            (shared / name).write_bytes(content)
        cls.udp = ("127.0.0.1", free_port(socket.SOCK_DGRAM))
        cls.tcp = ("127.0.0.1", free_port())
        # Listens from before the node starts, so the node's first announcements wait in its socket.
        cls.listener = ClassicPeer("listener")
        cls.listener.__enter__()
        cls.addClassCleanup(cls.listener.__exit__)
        cls.node = EssaimNode(
            cls.folder,
            "essaim",
            ["--port", str(cls.tcp[1]), "--discovery-port", str(cls.udp[1]), "--interface", "lo"]
            + ["--peer", f"127.0.0.1:{cls.listener.udp_port}", *cls.options],
        )
        cls.addClassCleanup(cls.node.stop)
        cls.node.start(*(str(shared / name) for name in CONTENT))

    def setUp(self) -> None:
        self.assertTrue(self.node.is_running(), "an earlier case ended the node:\n" + self.node.log_text())

    def tearDown(self) -> None:
        self.assertTrue(self.node.is_running(), "the node died:\n" + self.node.log_text())

    def session(self, pieces: tuple[int, ...] = ()) -> Session:
        return Session(self.tcp, f"classic-{self.id()}", pieces)

    def list_once_hashed(self, names: set[str]) -> dict[str, dict[str, Any]]:
        """The node's list by file name, once all of `names` are in it (SHA-256 is computed in the background)."""

        def attempt() -> Optional[dict[str, dict[str, Any]]]:
            with self.session() as session:
                entries = {entry["filename"]: entry for entry in session.files()}
            return entries if names <= entries.keys() else None

        return wait_for(f"list with {names}", attempt)


class EssaimServesClassicPeers(ClassicCase):
    def test_each_file_is_listed_with_its_size_hash_and_chunk_count(self) -> None:
        entries = self.list_once_hashed(set(CONTENT))
        for name, content in CONTENT.items():
            with self.subTest(name):
                self.assertEqual(entries[name]["size"], len(content))
                self.assertEqual(entries[name]["hash"], hashlib.sha256(content).hexdigest())
                self.assertEqual(entries[name]["chunks_total"], -(-len(content) // CHUNK_BYTES))

    def test_files_download_over_one_connection(self) -> None:
        entries = self.list_once_hashed(set(CONTENT))
        with self.session() as session:
            for name, content in CONTENT.items():
                self.assertEqual(download(entries[name], session.chunk), content, name)

    def test_files_download_with_one_connection_a_message(self) -> None:
        entries = self.list_once_hashed(set(CONTENT))

        def fetch_chunk(file_id: str, index: int) -> bytes:
            with self.session() as session:
                return session.chunk(file_id, index)

        for name, content in CONTENT.items():
            self.assertEqual(download(entries[name], fetch_chunk), content, name)

    def test_requests_may_arrive_in_any_pieces(self) -> None:
        entries = self.list_once_hashed(set(CONTENT))
        with self.session(ODD_PIECES) as session:
            self.assertEqual(len(session.files()), len(CONTENT))
            self.assertEqual(download(entries["several-chunks.bin"], session.chunk), CONTENT["several-chunks.bin"])

    def test_requests_may_be_pipelined(self) -> None:
        entry = self.list_once_hashed(set(CONTENT))["several-chunks.bin"]
        with self.session() as session:
            for index in range(entry["chunks_total"]):
                session.send("CHUNK_REQUEST", {"file_id": entry["file_id"], "chunk_index": index})
            answered = sorted(session.expect("CHUNK_DATA")["chunk_index"] for _ in range(entry["chunks_total"]))
        self.assertEqual(answered, list(range(entry["chunks_total"])))

    def test_many_peers_download_at_once(self) -> None:
        entry = self.list_once_hashed(set(CONTENT))["several-chunks.bin"]

        def fetch(number: int) -> bytes:
            with Session(self.tcp, f"crowd-{number}") as session:
                return download(entry, session.chunk)

        with concurrent.futures.ThreadPoolExecutor(8) as crowd:
            for content in crowd.map(fetch, range(8)):
                self.assertEqual(content, CONTENT["several-chunks.bin"])

    def test_what_cannot_be_answered_is_answered_with_an_error(self) -> None:
        entry = self.list_once_hashed(set(CONTENT))["one byte.txt"]
        questions: list[tuple[str, dict[str, Any]]] = [
            ("CHUNK_REQUEST", {"file_id": "no such file", "chunk_index": 0}),
            ("CHUNK_REQUEST", {"file_id": entry["file_id"], "chunk_index": 1}),
            ("CHUNK_REQUEST", {"file_id": entry["file_id"], "chunk_index": -1}),
            ("CHUNK_REQUEST", {"file_id": "../../etc/passwd", "chunk_index": 0}),
            ("NEVER_HEARD_OF", {}),
        ]
        with self.session() as session:
            for kind, data in questions:
                with self.subTest(kind=kind, data=data):
                    session.send(kind, data)
                    self.assertIn("code", session.expect("ERROR"))
            self.assertEqual(session.chunk(entry["file_id"], 0), b"x", "the session goes on after errors")

    def test_a_changed_list_is_pushed_to_connected_peers(self) -> None:
        added = self.folder / "added later.txt"
        added.write_text("new")
        with self.session() as session:
            session.files()
            self.node.ask("share", str(added))
            self.addCleanup(self.node.run, "unshare", added.name)

            def pushed() -> bool:
                files = session.expect("FILE_LIST_RESPONSE")["files"]
                return any(entry["filename"] == added.name for entry in files)

            wait_for("pushed list with the new file", pushed)


class EssaimSurvivesBadFrames(ClassicCase):
    BAD_FRAMES = {
        "a length above every limit": b"\x00\xff\xff\xff{}",
        "a length above the limit of a first message": (8 * 1024 + 1).to_bytes(4, "big") + b"{",
        "no length at all": b"\x00\x00\x00\x00",
        "a first byte that is no protocol": b"GET / HTTP/1.0\r\n\r\n",
        "no JSON": b"\x00\x00\x00\x05hello",
        "a JSON array": encode_frame([1, 2, 3]),
        "bytes that are no UTF-8": b'\x00\x00\x00\x0c{"type":"\xff"}',
        "very deep JSON": (4000).to_bytes(4, "big") + b"[" * 4000,
        "a type that is no text": encode_frame({"type": 7, "peer_id": "x", "data": {}}),
    }

    def test_bad_frames_get_an_error_or_a_closed_connection(self) -> None:
        for what, frame in self.BAD_FRAMES.items():
            with self.subTest(what), self.session() as session:
                session.send_bytes(frame)
                try:
                    answer = session.receive()
                except (ProtocolError, ValueError):
                    self.fail("the answer is no frame")
                if answer is not None:
                    self.assertEqual(answer["type"], "ERROR")

    def test_a_frame_that_never_ends_does_not_keep_others_waiting(self) -> None:
        with self.session() as stalled, self.session() as honest:
            stalled.send_bytes(encode_frame({"type": "FILE_LIST_REQUEST", "peer_id": "slow", "data": {}})[:-1])
            self.assertTrue(honest.files() is not None)

    def test_random_bytes_do_no_harm(self) -> None:
        noise = random.Random(7)
        for _ in range(200):
            with self.session() as session:
                try:
                    session.send_bytes(b"\x00" + noise.randbytes(noise.randrange(1, 300)))
                except OSError:
                    pass  # closed while we were sending
        with self.session() as session:
            self.assertTrue(session.files() is not None)

    def test_random_datagrams_do_no_harm(self) -> None:
        noise = random.Random(8)
        samples = [noise.randbytes(noise.randrange(0, 1400)) for _ in range(200)]
        samples += [b"{}", b"[]", b'{"type":"ANNOUNCE"}', b'{"type":"ANNOUNCE","peer_id":"x","port":70000}']
        samples += [b'{"type":"ANNOUNCE","peer_id":"","port":1}', b'{"type":1,"peer_id":2,"port":"3"}']
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for sample in samples:
                sock.sendto(sample, self.udp)
        self.assertEqual([peer for peer in self.node.ask("peers") if peer["peer_id"] in ("x", "")], [])


class EssaimMeetsClassicPeers(ClassicCase):
    def meet(self, peer: ClassicPeer) -> dict[str, Any]:
        peer.announce(self.udp)
        return self.node.wait_for_peer(peer.peer_id)

    def destination(self, name: str) -> Path:
        folder = self.folder / self._testMethodName
        folder.mkdir(exist_ok=True)
        return folder / name

    def assert_refused(self, peer: ClassicPeer, filename: str) -> None:
        """`get` fails, and leaves nothing under the final name."""
        self.meet(peer)
        result_path = self.destination(filename)
        result = self.node.run("get", f"{peer.peer_id}/{filename}", "-o", str(result_path), "--json")
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertFalse(result_path.exists(), "unverified bytes stand under the final name")

    def test_it_announces_its_tcp_port_in_the_classic_form(self) -> None:
        message, _ = next(self.listener.datagrams(seconds=5.0))
        self.assertEqual(message["type"], "ANNOUNCE")
        self.assertEqual(message["port"], self.tcp[1])
        self.assertIsInstance(message["peer_id"], str)

    def test_an_announced_peer_is_shown_at_level_0_with_its_address(self) -> None:
        with ClassicPeer("plain old peer") as peer:
            shown = self.meet(peer)
            self.assertEqual(shown["level"], 0)
            self.assertIn(f"127.0.0.1:{peer.tcp_port}", shown["addresses"])
            peer.goodbye(self.udp)
            wait_for("farewell", lambda: self.node.peer(peer.peer_id) is None)

    def test_its_files_are_listed_and_downloaded(self) -> None:
        files = [SharedFile(f"id {number}", name, content) for number, (name, content) in enumerate(CONTENT.items())]
        for kind, options in {
            "as a whole": {},
            "in odd pieces": {"pieces": ODD_PIECES},
            "one connection a message": {"close_after_each_answer": True},
        }.items():
            with self.subTest(kind), ClassicPeer(f"server {kind}", files, **options) as peer:
                self.meet(peer)
                listed = {entry["path"]: entry for entry in self.node.ask("ls", peer.peer_id)}
                self.assertEqual({name: listed[name]["size"] for name in listed}, {n: len(c) for n, c in CONTENT.items()})
                for name, content in CONTENT.items():
                    result_path = self.destination(f"{kind} {name}")
                    event = self.node.get(f"{peer.peer_id}/{name}", "-o", str(result_path))
                    self.assertEqual(result_path.read_bytes(), content, name)
                    self.assertEqual(event["bytes"], len(content))

    def test_file_ids_are_any_text(self) -> None:
        content = random.Random(3).randbytes(CHUNK_BYTES + 1)
        ids = [" ", "../../../etc/passwd", "C:\\x", "ид/文件", '"quoted"', "a" * 512, "0"]
        files = [SharedFile(file_id, f"file-{number}", content) for number, file_id in enumerate(ids)]
        with ClassicPeer("many ids", files) as peer:
            self.meet(peer)
            for number, file_id in enumerate(ids):
                with self.subTest(file_id=file_id):
                    result_path = self.destination(f"file-{number}")
                    self.node.get(f"{peer.peer_id}/file-{number}", "-o", str(result_path))
                    self.assertEqual(result_path.read_bytes(), content)

    def test_hostile_file_names_are_neither_listed_nor_written(self) -> None:
        names = ["../escaped", str(self.folder / "escaped"), "a/../../escaped", "..", ".", "", "nul\0byte", "bell\a"]
        files = [SharedFile(str(number), name, b"outside") for number, name in enumerate(names)]
        files.append(SharedFile("good", "good.txt", b"good"))
        with ClassicPeer("hostile names", files) as peer:
            self.meet(peer)
            self.assertEqual([entry["path"] for entry in self.node.ask("ls", peer.peer_id)], ["good.txt"])
            for name in names[:3]:
                self.assertNotEqual(self.node.run("get", f"{peer.peer_id}/{name}").returncode, 0)
            self.assertEqual(list(self.folder.rglob("escaped")), [])

    def test_a_chunk_with_a_wrong_hash_is_refused(self) -> None:
        content = random.Random(4).randbytes(3 * CHUNK_BYTES)
        with ClassicPeer("chunk liar", [SharedFile("1", "lie.bin", content, bad_chunks=frozenset({1}))]) as peer:
            self.assert_refused(peer, "lie.bin")

    def test_a_file_with_a_wrong_hash_is_refused(self) -> None:
        content = random.Random(5).randbytes(2 * CHUNK_BYTES)
        wrong = hashlib.sha256(b"something else").hexdigest()
        with ClassicPeer("file liar", [SharedFile("1", "other.bin", content, stated_hash=wrong)]) as peer:
            self.assert_refused(peer, "other.bin")

    def test_a_peer_is_known_by_its_connection_alone(self) -> None:
        with Session(self.tcp, "unannounced") as session:
            session.send("ANNOUNCE", {"message": "no datagram of mine gets through"})
            self.assertEqual(self.node.wait_for_peer("unannounced")["level"], 0)
            session.send("FILE_LIST_RESPONSE", {"files": [SharedFile("1", "mine.txt", b"1").entry()]})
            self.assertTrue(session.files() is not None, "an unasked list needs no answer")

    def test_a_peer_that_hangs_up_in_the_middle_is_asked_again(self) -> None:
        content = random.Random(6).randbytes(40 * CHUNK_BYTES)
        with ClassicPeer("wobbly", [SharedFile("1", "wobbly.bin", content)]) as peer:
            self.meet(peer)
            result_path = self.destination("wobbly.bin")
            with concurrent.futures.ThreadPoolExecutor(1) as background:
                download_done = background.submit(self.node.get, f"{peer.peer_id}/wobbly.bin", "-o", str(result_path))
                peer.wait_received("CHUNK_REQUEST")
                peer.drop_connections()
                download_done.result(120)
            self.assertEqual(result_path.read_bytes(), content)


class ClassicCanBeSwitchedOff(ClassicCase):
    options = ("--no-classic",)

    def test_nothing_is_said_in_plain_text(self) -> None:
        with self.session() as session:
            session.send("FILE_LIST_REQUEST", {})
            answer = session.receive()
        self.assertTrue(answer is None or answer["type"] == "ERROR", answer)

    def test_classic_peers_are_not_asked_anything(self) -> None:
        with ClassicPeer("unwanted", [SharedFile("1", "tempting.txt", b"1")]) as peer:
            peer.announce(self.udp)
            # The answer to a question sent afterwards shows that the announcement has been read.
            peer.ask(self.udp)
            self.assertEqual(next(peer.datagrams(seconds=5.0))[0]["type"], "ANNOUNCE")
            for command in (["ls", peer.peer_id], ["search", "tempting"], ["get", f"{peer.peer_id}/tempting.txt"]):
                result = self.node.run(*command)
                self.assertNotIn("tempting.txt\n", result.stdout)
            self.assertEqual(peer.received, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)

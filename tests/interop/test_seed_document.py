#!/usr/bin/env python3
"""The code in the document that the classic level comes from, unchanged, talks to essaim.

$ESSAIM_SEED_DOCUMENT names the document; without it there is nothing to run and the test is skipped. Everything
happens on one host of a private network, because the document's code broadcasts.
"""

from __future__ import annotations

import base64
import concurrent.futures
import hashlib
import importlib
import logging
import os
import queue
import random
import re
import sys
import tempfile
import types
import unittest
from pathlib import Path
from typing import Any, Optional

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "net"), str(HERE.parent.parent / "tools")]

import lanlab  # noqa: E402
from classic_peer import SharedFile, check_chunk, download  # noqa: E402
from essaim_node import EssaimNode, wait_for  # noqa: E402

DISCOVERY_PORT = 5000
# The document's peers announce the port after the discovery port as theirs, so that one is the document's.
DOCUMENT_TCP_PORT = DISCOVERY_PORT + 1
ESSAIM_TCP_PORT = 5101
HOST_ADDRESS = lanlab.address(1)
PACKAGE = "p2p_file_sharing"

Message = dict[str, Any]


# ---- the document's code --------------------------------------------------------------------------------------------


def load_document(path: Path, folder: Path) -> types.SimpleNamespace:
    """The classes of the document, from a package made of its code blocks. Only the two modules that the document
    imports and does not contain, configuration and logger, are stand-ins."""
    blocks = re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

    def block_with(class_name: str) -> str:
        return next(block for block in blocks if re.search(rf"^class {class_name}\b", block, re.MULTILINE))

    network = folder / PACKAGE / "network"
    network.mkdir(parents=True)
    (folder / PACKAGE / "__init__.py").touch()
    (network / "__init__.py").touch()
    (network / "discovery.py").write_text(block_with("UDPDiscovery"), encoding="utf-8")
    (network / "connection.py").write_text(block_with("TCPServer") + "\n" + block_with("TCPClient"), encoding="utf-8")

    config = types.ModuleType(f"{PACKAGE}.utils.config")
    config.DISCOVERY_PORT = DISCOVERY_PORT
    config.TRANSFER_PORT_START = DOCUMENT_TCP_PORT
    config.UDP_BROADCAST_INTERVAL = 0.2
    logger = types.ModuleType(f"{PACKAGE}.utils.logger")
    logger.setup_logger = logging.getLogger
    sys.modules.update({f"{PACKAGE}.utils": types.ModuleType(f"{PACKAGE}.utils")})
    sys.modules.update({module.__name__: module for module in (config, logger)})

    sys.path.insert(0, str(folder))
    discovery = importlib.import_module(f"{PACKAGE}.network.discovery")
    connection = importlib.import_module(f"{PACKAGE}.network.connection")
    return types.SimpleNamespace(
        UDPDiscovery=discovery.UDPDiscovery, TCPServer=connection.TCPServer, TCPClient=connection.TCPClient
    )


class DocumentPeer:
    """A whole peer put together from the document's classes, as its readers would."""

    def __init__(self, document: types.SimpleNamespace, peer_id: str, files: list[SharedFile]) -> None:
        self.peer_id = peer_id
        self.files = files
        self.found: queue.Queue[tuple[str, str, int]] = queue.Queue()
        self.messages: queue.Queue[tuple[str, Message]] = queue.Queue()
        self._discovery = document.UDPDiscovery(peer_id)
        self._server = document.TCPServer()

    def __enter__(self) -> "DocumentPeer":
        self._server.start(self._on_message)
        self._discovery.start_listening(lambda *peer: self.found.put(peer))
        self._discovery.start_broadcasting()
        return self

    def __exit__(self, *_: object) -> None:
        self._discovery.stop()
        self._server.stop()

    def send(self, to_peer: str, kind: str, data: Message) -> bool:
        return bool(self._server.send_to_peer(to_peer, {"type": kind, "peer_id": self.peer_id, "data": data}))

    def _on_message(self, sender: str, message: Message) -> None:
        self.messages.put((sender, message))
        if message["type"] == "FILE_LIST_REQUEST":
            self.send(sender, "FILE_LIST_RESPONSE", {"files": [file.entry() for file in self.files]})
        elif message["type"] == "CHUNK_REQUEST":
            wanted = next(file for file in self.files if file.file_id == message["data"]["file_id"])
            self.send(sender, "CHUNK_DATA", wanted.chunk(message["data"]["chunk_index"]))


# ---- the conversations ----------------------------------------------------------------------------------------------


class SeedDocument(unittest.TestCase):
    document: types.SimpleNamespace
    folder: Path
    node: EssaimNode
    content = random.Random(9).randbytes(1_000_000)

    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="essaim-seed-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        cls.document = load_document(Path(os.environ["ESSAIM_SEED_DOCUMENT"]), cls.folder)
        (cls.folder / "shared.bin").write_bytes(cls.content)
        cls.node = EssaimNode(cls.folder, "essaim", ["--port", str(ESSAIM_TCP_PORT)])
        cls.addClassCleanup(cls.node.stop)
        cls.node.start(str(cls.folder / "shared.bin"))
        cls.essaim_id = cls.node.ask("status")["peer_id"]

    def tearDown(self) -> None:
        self.assertTrue(self.node.is_running(), "the node died:\n" + self.node.log_text())

    def connect(self) -> Any:
        client = self.document.TCPClient()
        self.assertTrue(client.connect(HOST_ADDRESS, ESSAIM_TCP_PORT))
        self.addCleanup(client.close)
        return client

    def ask(self, client: Any, peer_id: str, kind: str, data: Message) -> Message:
        """The answer that the document's client receives; a pushed list in between is passed over."""
        self.assertTrue(client.send_message({"type": kind, "peer_id": peer_id, "data": data}))
        while True:
            answer = client.receive_message(timeout=30)
            self.assertIsNotNone(answer, f"no answer to {kind}")
            if kind == "FILE_LIST_REQUEST" or answer["type"] != "FILE_LIST_RESPONSE":
                return dict(answer)

    def list_of_essaim(self, client: Any, peer_id: str) -> list[Message]:
        def hashed() -> Optional[list[Message]]:
            return self.ask(client, peer_id, "FILE_LIST_REQUEST", {})["data"]["files"]

        return wait_for("file in the list", hashed)

    def download_from_essaim(self, peer_id: str) -> bytes:
        client = self.connect()
        (entry,) = self.list_of_essaim(client, peer_id)

        def fetch_chunk(file_id: str, index: int) -> bytes:
            answer = self.ask(client, peer_id, "CHUNK_REQUEST", {"file_id": file_id, "chunk_index": index})
            return check_chunk(answer["data"], file_id, index)

        return download(entry, fetch_chunk)

    def test_discovery_works_both_ways(self) -> None:
        with DocumentPeer(self.document, "document-peer", []) as peer:
            shown = self.node.wait_for_peer("document-peer")
            self.assertEqual(shown["level"], 0)
            self.assertIn(f"{HOST_ADDRESS}:{DOCUMENT_TCP_PORT}", shown["addresses"])

            def found_essaim() -> bool:
                return peer.found.get(timeout=30) == (self.essaim_id, HOST_ADDRESS, ESSAIM_TCP_PORT)

            wait_for("callback with essaim", found_essaim)

    def test_the_client_lists_and_downloads(self) -> None:
        self.assertEqual(self.download_from_essaim("document-client"), self.content)

    def test_several_clients_download_at_once(self) -> None:
        with concurrent.futures.ThreadPoolExecutor(6) as clients:
            for content in clients.map(self.download_from_essaim, [f"client-{number}" for number in range(6)]):
                self.assertEqual(content, self.content)

    def test_the_server_is_listed_and_downloaded_from(self) -> None:
        files = [SharedFile("file-1", "theirs.bin", self.content), SharedFile("file-2", "empty.bin", b"")]
        with DocumentPeer(self.document, "document-server", files) as peer:
            self.node.wait_for_peer("document-server")
            listed = {entry["path"]: entry["size"] for entry in self.node.ask("ls", "document-server")}
            self.assertEqual(listed, {"theirs.bin": len(self.content), "empty.bin": 0})
            sender, message = peer.messages.get(timeout=30)
            self.assertEqual(sender, self.essaim_id)
            self.assertEqual(set(message), {"type", "peer_id", "data"})
            for file in files:
                self.node.get(f"document-server/{file.filename}")
                result = (self.node.dest / file.filename).read_bytes()
                self.assertEqual(hashlib.sha256(result).digest(), hashlib.sha256(file.content).digest())

    def test_the_client_can_send_its_list_unasked(self) -> None:
        client = self.connect()
        files = {"files": [SharedFile("1", "theirs.txt", b"1").entry()]}
        self.assertTrue(client.send_message({"type": "FILE_LIST_RESPONSE", "peer_id": "pusher", "data": files}))
        self.assertEqual(len(self.list_of_essaim(client, "pusher")), 1, "the conversation goes on")

    def test_an_announcement_and_a_goodbye_need_no_answer(self) -> None:
        client = self.connect()
        for kind in ("ANNOUNCE", "GOODBYE"):
            message = {"type": kind, "peer_id": "polite", "data": {"message": "Hello from client!"}}
            self.assertTrue(client.send_message(message))
        self.assertEqual(self.download_from_essaim("after-polite"), self.content)

    def test_clients_that_vanish_leave_the_node_well(self) -> None:
        for number in range(20):
            client = self.connect()
            request = b'{"type": "FILE_LIST_REQUEST", "peer_id": "vanishing", "data": {}}'
            client.sock.sendall((len(request).to_bytes(4, "big") + request)[: 3 + 4 * number])
            client.close()
        self.assertEqual(self.download_from_essaim("after-vanishing"), self.content)

    def test_chunks_arrive_as_the_document_says(self) -> None:
        client = self.connect()
        (entry,) = self.list_of_essaim(client, "careful")
        request = {"file_id": entry["file_id"], "chunk_index": 3}
        answer = self.ask(client, "careful", "CHUNK_REQUEST", request)
        self.assertEqual((answer["type"], answer["peer_id"]), ("CHUNK_DATA", self.essaim_id))
        data = base64.b64decode(answer["data"]["chunk_data"])
        self.assertEqual(data, self.content[3 * 256 * 1024 :])
        self.assertEqual(answer["data"]["hash"], hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    if not Path(os.environ.get("ESSAIM_SEED_DOCUMENT", "")).is_file():
        lanlab.skip("$ESSAIM_SEED_DOCUMENT names no document")
    lanlab.enter_or_skip(hosts=1, inside=lanlab.on_host(1))
    logging.disable(logging.CRITICAL)
    unittest.main(verbosity=2)

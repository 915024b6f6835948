"""A classic (level 0) peer of our own, written from docs/protocol.md alone, for talking to essaim in tests.

It speaks the whole level: UDP announcements, length-prefixed JSON over TCP, lists, chunks, goodbyes. It can also lie
or be clumsy on purpose: wrong hashes, frames cut into odd pieces, one connection a message.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Optional

CHUNK_BYTES = 256 * 1024
FRAME_BYTES_MAX = 8 * 1024 * 1024
DATAGRAM_BYTES_MAX = 1024
# How long a classic peer waits for an answer.
ANSWER_SECONDS = 30.0

Address = tuple[str, int]
Message = dict[str, Any]


class ProtocolError(Exception):
    """The other side broke the protocol, or answered with an ERROR."""


# ---- frames ---------------------------------------------------------------------------------------------------------


def encode_frame(message: Any) -> bytes:
    body = json.dumps(message).encode()
    return len(body).to_bytes(4, "big") + body


def send_in_pieces(sock: socket.socket, data: bytes, sizes: tuple[int, ...]) -> None:
    """Sends `data` cut into pieces of the given sizes, over and over."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    position, turn = 0, 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        sock.sendall(data[position : position + size])
        position += size
        turn += 1


def read_exactly(sock: socket.socket, count: int) -> Optional[bytes]:
    """`count` bytes, or None where the stream ends before the first of them."""
    data = bytearray()
    while len(data) < count:
        piece = sock.recv(min(count - len(data), 65536))
        if not piece:
            if data:
                raise ProtocolError(f"the stream ended after {len(data)} of {count} bytes")
            return None
        data += piece
    return bytes(data)


def read_frame(sock: socket.socket) -> Optional[Message]:
    """The next message, or None at the end of the stream."""
    header = read_exactly(sock, 4)
    if header is None:
        return None
    length = int.from_bytes(header, "big")
    if length > FRAME_BYTES_MAX:
        raise ProtocolError(f"a frame of {length} bytes")
    body = read_exactly(sock, length) if length else b""
    message = json.loads(body or b"")
    if not isinstance(message, dict):
        raise ProtocolError("a frame that is no JSON object")
    return message


# ---- what a peer shares ---------------------------------------------------------------------------------------------


@dataclass
class SharedFile:
    """A file as the classic level describes it. Give `stated_hash` or `bad_chunks` to make the peer lie."""

    file_id: str
    filename: str
    content: bytes
    stated_hash: Optional[str] = None
    bad_chunks: frozenset[int] = frozenset()

    def entry(self) -> Message:
        return {
            "file_id": self.file_id,
            "filename": self.filename,
            "size": len(self.content),
            "hash": self.stated_hash or hashlib.sha256(self.content).hexdigest(),
            "chunks_total": -(-len(self.content) // CHUNK_BYTES),
        }

    def chunk(self, index: int) -> Message:
        data = self.content[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]
        digest = hashlib.sha256(data).hexdigest()
        if index in self.bad_chunks:
            data = bytes(byte ^ 0xFF for byte in data[:64]) + data[64:]
        return {
            "file_id": self.file_id,
            "chunk_index": index,
            "chunk_data": base64.b64encode(data).decode(),
            "hash": digest,
        }


# ---- asking another peer --------------------------------------------------------------------------------------------


class Session:
    """One TCP connection to a peer, as the side that asks. Cuts what it sends into `pieces` where given."""

    def __init__(self, address: Address, peer_id: str, pieces: tuple[int, ...] = ()) -> None:
        self._peer_id = peer_id
        self._pieces = pieces
        self._sock = socket.create_connection(address, timeout=ANSWER_SECONDS)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def send(self, kind: str, data: Message) -> None:
        self.send_bytes(encode_frame({"type": kind, "peer_id": self._peer_id, "data": data}))

    def send_bytes(self, data: bytes) -> None:
        if self._pieces:
            send_in_pieces(self._sock, data, self._pieces)
        else:
            self._sock.sendall(data)

    def receive(self, seconds: float = ANSWER_SECONDS) -> Optional[Message]:
        """The next message; None when the other side closed."""
        self._sock.settimeout(seconds)
        try:
            return read_frame(self._sock)
        except ConnectionResetError:
            return None

    def expect(self, kind: str) -> Message:
        """The data of the next message, which must be of that kind; announcements in between are passed over."""
        while True:
            message = self.receive()
            if message is None:
                raise ProtocolError(f"closed instead of {kind}")
            if message["type"] == kind:
                return dict(message["data"])
            if message["type"] != "ANNOUNCE":
                raise ProtocolError(f"{message} instead of {kind}")

    def files(self) -> list[Message]:
        self.send("FILE_LIST_REQUEST", {})
        return list(self.expect("FILE_LIST_RESPONSE")["files"])

    def chunk(self, file_id: str, index: int) -> bytes:
        self.send("CHUNK_REQUEST", {"file_id": file_id, "chunk_index": index})
        return check_chunk(self.expect("CHUNK_DATA"), file_id, index)


def check_chunk(answer: Message, file_id: str, index: int) -> bytes:
    if (answer["file_id"], answer["chunk_index"]) != (file_id, index):
        raise ProtocolError(f"asked for chunk {index} of {file_id}, got {answer['chunk_index']} of {answer['file_id']}")
    data = base64.b64decode(answer["chunk_data"], validate=True)
    if hashlib.sha256(data).hexdigest() != answer["hash"]:
        raise ProtocolError(f"chunk {index} does not match its hash")
    return data


def download(entry: Message, fetch_chunk: Callable[[str, int], bytes]) -> bytes:
    """A whole file, checked against the hash in its list entry."""
    content = b"".join(fetch_chunk(entry["file_id"], index) for index in range(entry["chunks_total"]))
    if len(content) != entry["size"] or hashlib.sha256(content).hexdigest() != entry["hash"]:
        raise ProtocolError(f"{entry['filename']} does not match its list entry")
    return content


# ---- the peer -------------------------------------------------------------------------------------------------------


@dataclass
class ClassicPeer:
    """Listens on UDP and TCP (ports of its own, unless given) and answers whoever asks. Use it in a `with` block."""

    peer_id: str
    files: list[SharedFile] = field(default_factory=list)
    host: str = "127.0.0.1"
    udp_port: int = 0
    tcp_port: int = 0
    pieces: tuple[int, ...] = ()
    close_after_each_answer: bool = False

    def __enter__(self) -> "ClassicPeer":
        self.received: list[Message] = []
        self._changed = threading.Condition()
        self._connections: list[socket.socket] = []
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._udp.bind((self.host, self.udp_port))
        self.udp_port = self._udp.getsockname()[1]
        self._listener = socket.create_server((self.host, self.tcp_port))
        self.tcp_port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # shutdown() wakes the thread that waits in accept(); close() alone does not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()
        self._udp.close()

    def announce(self, to: Address) -> None:
        self._send_datagram({"type": "ANNOUNCE", "peer_id": self.peer_id, "port": self.tcp_port}, to)

    def goodbye(self, to: Address) -> None:
        self._send_datagram({"type": "GOODBYE", "peer_id": self.peer_id, "port": self.tcp_port}, to)

    def ask(self, to: Address) -> None:
        """Asks for an answer at once. Only level 1 can, so this is in the form of a peer of that level; the padding is
        there because an answer is never larger than its question."""
        question = {"type": "ANNOUNCE", "peer_id": "a" * 32, "port": self.tcp_port, "v": 1, "ask": True}
        self._send_datagram({**question, "padding": "x" * 600}, to)

    def datagrams(self, seconds: float) -> Iterator[tuple[Message, Address]]:
        """The datagrams that arrive within so many seconds."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._udp.settimeout(left)
            try:
                data, sender = self._udp.recvfrom(65536)
            except socket.timeout:
                return
            if len(data) > DATAGRAM_BYTES_MAX:
                raise ProtocolError(f"a datagram of {len(data)} bytes, of which a classic peer reads {DATAGRAM_BYTES_MAX}")
            yield json.loads(data), sender

    def push_list(self) -> None:
        """Sends the list to everyone connected, unasked."""
        frame = encode_frame(self._answer("FILE_LIST_RESPONSE", {"files": [file.entry() for file in self.files]}))
        for connection in list(self._connections):
            connection.sendall(frame)

    def drop_connections(self) -> None:
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side closed first

    def wait_received(self, kind: str, seconds: float = ANSWER_SECONDS) -> Message:
        """The first message of that kind that anyone has sent to this peer over TCP."""

        def find() -> Optional[Message]:
            return next((message for message in self.received if message.get("type") == kind), None)

        with self._changed:
            if not self._changed.wait_for(lambda: find() is not None, seconds):
                raise AssertionError(f"nobody sent {kind} within {seconds:g} s")
            return dict(find() or {})

    def _send_datagram(self, message: Message, to: Address) -> None:
        self._udp.sendto(json.dumps(message).encode(), to)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # the listener is closed
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                while (message := read_frame(connection)) is not None:
                    with self._changed:
                        self.received.append(message)
                        self._changed.notify_all()
                    if (answer := self._respond(message)) is not None:
                        send_in_pieces(connection, encode_frame(answer), self.pieces or (1 << 20,))
                        if self.close_after_each_answer:
                            return
        except (OSError, ProtocolError, ValueError):
            pass  # it hung up, or sent what is no frame: either way this connection is over
        finally:
            self._connections.remove(connection)

    def _respond(self, message: Message) -> Optional[Message]:
        kind, data = message.get("type"), message.get("data", {})
        if kind == "FILE_LIST_REQUEST":
            return self._answer("FILE_LIST_RESPONSE", {"files": [file.entry() for file in self.files]})
        if kind == "CHUNK_REQUEST":
            wanted = next((file for file in self.files if file.file_id == data.get("file_id")), None)
            if wanted is None:
                return self._answer("ERROR", {"code": "not_found", "message": "no such file"})
            return self._answer("CHUNK_DATA", wanted.chunk(int(data["chunk_index"])))
        return None

    def _answer(self, kind: str, data: Message) -> Message:
        return {"type": kind, "peer_id": self.peer_id, "data": data}

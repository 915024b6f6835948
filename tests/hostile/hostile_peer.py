"""A peer that says whatever a test wants: level 0 and level 1, sound frames and broken ones, in any order.

As a program, hostile_peer.py ADDRESS PORT COUNT opens COUNT sessions, each with a key of its own, and prints how many of
them are answered.

Only the standard library and the `openssl` command are used. Nothing here checks what it sends: that is the point.
"""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Optional

ALPN = "essaim/1"
ANSWER_SECONDS = 5.0
PAYLOAD_BYTES_MAX = 4 * 1024 * 1024

Message = dict[str, Any]


class Identity:
    """An Ed25519 key with its certificate: who a peer of level 1 is."""

    def __init__(self, folder: Path, name: str) -> None:
        self.certificate = folder / f"{name}.crt"
        self.key = folder / f"{name}.key"
        command = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "30", "-subj", f"/CN={name}"]
        command += ["-keyout", str(self.key), "-out", str(self.certificate)]
        subprocess.run(command, check=True, capture_output=True)

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols([ALPN])
        context.load_cert_chain(self.certificate, self.key)
        return context


def length_of(count: int) -> bytes:
    return count.to_bytes(4, "big")


def frame_of(message: Any) -> bytes:
    """A sound frame of one JSON value; of a text or of bytes, those as they stand."""
    if isinstance(message, bytes):
        body = message
    elif isinstance(message, str):
        body = message.encode("utf-8", "surrogatepass")
    else:
        body = json.dumps(message).encode()
    return length_of(len(body)) + body


class HostilePeer:
    """One connection to a node, in plain text (level 0) until start_tls()."""

    def __init__(self, port: int, host: str = "127.0.0.1", receive_buffer: Optional[int] = None) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(ANSWER_SECONDS)
        self.socket.connect((host, port))
        self.level = 0
        self.payload = b""  # of the last frame read
        self._pending = bytearray()

    def __enter__(self) -> "HostilePeer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start_tls(self, identity: Identity) -> "HostilePeer":
        self.socket = identity.context().wrap_socket(self.socket, server_hostname=None)
        self.level = 1
        return self

    def open(self, identity: Identity, name: str = "hostile") -> "HostilePeer":
        """All of it: TLS and both HELLOs."""
        self.start_tls(identity)
        self.send({"type": "HELLO", "name": name, "v": 1, "version": "hostile", "rev": 0, "port": 0})
        hello = self.read()
        assert hello is not None and hello["type"] == "HELLO", hello
        return self

    def send(self, message: Any, payload: bytes = b"") -> None:
        self.socket.sendall(frame_of(message) + payload)

    def send_raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, seconds: float = ANSWER_SECONDS) -> Optional[Message]:
        """The next frame; None where the node has closed the connection. A silent node is a TimeoutError."""
        deadline = time.monotonic() + seconds
        header = self._take(4, deadline)
        if header is None:
            return None
        body = self._take(int.from_bytes(header, "big"), deadline)
        if body is None:
            return None
        message = json.loads(body)
        assert isinstance(message, dict), message
        self.payload = b""
        if self.level == 1 and message.get("payload"):
            self.payload = self._take(int(message["payload"]), deadline) or b""
        return message

    def read_until(self, message_type: str, message_id: Optional[int] = None) -> list[Message]:
        """Everything up to the first message of that type and id, that one included; shorter where the node closed."""
        heard = []
        while (message := self.read()) is not None:
            heard.append(message)
            if message["type"] == message_type and (message_id is None or message.get("id") == message_id):
                break
        return heard

    def read_to_end(self, seconds: float = ANSWER_SECONDS) -> list[Message]:
        """Everything until the node closes. One that does not is an AssertionError."""
        heard = []
        deadline = time.monotonic() + seconds
        try:
            while (message := self.read(deadline - time.monotonic())) is not None:
                heard.append(message)
        except TimeoutError as error:
            raise AssertionError(f"the node kept the connection; it said {heard}") from error
        return heard

    def close(self) -> None:
        self.socket.close()

    def _take(self, count: int, deadline: float) -> Optional[bytes]:
        while len(self._pending) < count:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            self.socket.settimeout(remaining)
            try:
                piece = self.socket.recv(65536)
            except TimeoutError:
                raise
            except OSError:  # reset, or TLS cut short: the node has hung up
                return None
            if not piece:
                return None
            self._pending += piece
        taken = bytes(self._pending[:count])
        del self._pending[:count]
        return taken


def count_answered(host: str, port: int, count: int) -> int:
    peers = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            peers.append(HostilePeer(port, host).open(Identity(Path(folder), f"key-{number}")))
    answered = 0
    for peer in peers:
        try:
            peer.send({"type": "FILE_LIST_REQUEST", "id": 1})
            answered += peer.read_until("FILE_LIST_RESPONSE", 1)[-1:] != []
        except (OSError, TimeoutError):
            pass
    return answered


if __name__ == "__main__":
    print(count_answered(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

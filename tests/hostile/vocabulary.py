"""Every message of both levels with its fields and their limits, as docs/protocol.md states them.

The one place that a new message or field has to be added to: all tests of this folder are made from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator

U63 = 2**63 - 1
CHUNKS_MAX = 2**21
CONTENT_BYTES_MAX = 2**43
ID = "a" * 52  # a content id that nobody has
KEY_ID = "a" * 32  # a peer id that nobody has
OUTRIGHT_WRONG = [True, {}, [[]], 1.5, "1"]


@dataclass(frozen=True)
class Field:
    """`good` are values that must be taken, `bad` values that must be refused."""

    name: str
    good: list[Any]
    bad: list[Any]
    required: bool = True


@dataclass(frozen=True)
class MessageKind:
    type: str
    fields: list[Field] = field(default_factory=list)
    payload: bytes = b""

    def example(self) -> dict[str, Any]:
        message: dict[str, Any] = {"type": self.type}
        message |= {f.name: f.good[0] for f in self.fields if f.required}
        return message


def integer(name: str, low: int, high: int, required: bool = True, signed: bool = False) -> Field:
    bad: list[Any] = [high + 1, 2**64, 0.5, 1e300, "7", [], {}, True]
    if low > 0:
        bad.append(low - 1)
    if not signed:
        bad += [-1, -(2**63)]
    return Field(name, [low, high], bad, required)


def text(name: str, bytes_max: int, required: bool = True, empty: bool = True) -> Field:
    good = ["x", "x" * bytes_max, *([""] if empty else [])]
    bad = ["x" * (bytes_max + 1), "é" * (bytes_max // 2 + 1), 7, [], {}, False, *([] if empty else [""])]
    return Field(name, good, bad, required)


def content_id(name: str, required: bool = True) -> Field:
    bad = ["", "a" * 51, "a" * 53, "A" * 52, "a" * 51 + "b", "a" * 51 + "1", "../" + "a" * 49, 7, [], {}]
    return Field(name, [ID], bad, required)


def flag(name: str) -> Field:
    return Field(name, [False, True], [0, 1, "true", [], {}], required=False)


def word(name: str, good: list[str]) -> Field:
    return Field(name, good, ["", "nonsense", good[0].upper(), 7, [], {}])


def array(name: str, good_element: Any, bad_elements: list[Any], count_max: int, empty: bool = True,
          required: bool = True) -> Field:
    good = [[good_element], [good_element] * count_max, *([[]] if empty else [])]
    bad: list[Any] = [[good_element] * (count_max + 1), 7, "x", {}, True, *([] if empty else [[]])]
    bad += [[good_element, element] for element in bad_elements]
    return Field(name, good, bad, required)


BAD_PATHS = ["/", "/etc/passwd", "..", "a/../b", "a/./b", "a//b", "a/", "a\0b", "a\x1b[2Jb", "a\x7f", "a\u0085b",
             "x" * 256, "/".join("a" for _ in range(33)), "x/" * 2048 + "y"]
ENTRY = {"path": "share/file", "kind": "file"}
BAD_ENTRIES = [{"path": path, "kind": "file"} for path in BAD_PATHS] + [
    7, {}, {"path": "a"}, {"kind": "file"}, ENTRY | {"size": -1}, ENTRY | {"size": 2**63}, ENTRY | {"mtime": 2**63},
    ENTRY | {"id": "x"}, ENTRY | {"draft": 7}, ENTRY | {"hashed": -1}, ENTRY | {"files": 2**63},
    ENTRY | {"tree_bytes": CONTENT_BYTES_MAX + 1},
]
OFFERED = {"path": "album", "kind": "tree"}
BAD_OFFERED = [*BAD_ENTRIES, {"path": "a/b", "kind": "file"}, {"path": "a", "kind": "directory"}, {"path": "a", "kind": "symlink"}]
HELD = {"file_id": ID, "kind": "complete", "chunks": 1}
BAD_HELD = [7, {}, HELD | {"file_id": "x"}, HELD | {"kind": "some"}, HELD | {"chunks": CHUNKS_MAX + 1},
            HELD | {"chunks": -1}, HELD | {"sha256": "zz"}, HELD | {"sha256": "0" * 65}]
MET = {"peer_id": KEY_ID, "addresses": []}
BAD_MET = [7, {}, MET | {"peer_id": "x"}, MET | {"addresses": ["a"] * 9}, MET | {"addresses": ["a" * 65]},
           MET | {"addresses": [7]}]

PEER_MESSAGES = [
    MessageKind("HELLO", [
        text("name", 63), integer("v", 1, 65535), text("version", 64, required=False),
        array("features", "x" * 64, [7, "x" * 65], 64, required=False),
        integer("rev", 0, U63, required=False), integer("port", 0, 65535, required=False)]),
    MessageKind("FILE_LIST_REQUEST", [
        Field("path", ["", "share", "share/folder"], [*BAD_PATHS, 7, [], {}], required=False),
        text("cursor", 4096, required=False), integer("limit", 1, 2**32 - 1, required=False)]),
    MessageKind("FILE_LIST_RESPONSE", [
        array("entries", ENTRY, BAD_ENTRIES, 1000), text("cursor", 4096, required=False)]),
    MessageKind("SEARCH", [text("words", 256, empty=False), integer("limit", 1, 2**32 - 1, required=False)]),
    MessageKind("SEARCH_RESULT", [array("entries", ENTRY, BAD_ENTRIES, 1000), flag("truncated")]),
    MessageKind("MANIFEST_REQUEST", [
        content_id("file_id"), integer("first", 0, CHUNKS_MAX - 1), integer("count", 1, 131072)]),
    MessageKind("MANIFEST_DATA", [
        content_id("file_id"), integer("first", 0, CHUNKS_MAX - 1), Field("count", [1], [131073, -1, "1", 1.5, []]),
        integer("size", 0, CONTENT_BYTES_MAX), content_id("content_id", required=False)], payload=b"\0" * 32),
    MessageKind("CHUNK_REQUEST", [
        content_id("file_id"), integer("chunk_index", 0, CHUNKS_MAX - 1), integer("count", 1, 64, required=False)]),
    MessageKind("CHUNK_DATA", [content_id("file_id"), integer("chunk_index", 0, CHUNKS_MAX - 1)], payload=b"x" * 1000),
    MessageKind("HAVE", [content_id("file_id"), word("kind", ["complete", "all_files"])]),
    MessageKind("FIND", [array("file_ids", ID, [7, "x", "A" * 52], 256, empty=False), flag("follow")]),
    MessageKind("FOUND", [array("entries", HELD, BAD_HELD, 256)]),
    MessageKind("SWARM", [content_id("file_id"), array("peers", MET, BAD_MET, 64)]),
    MessageKind("OFFER", [
        text("offer", 64, empty=False), array("entries", OFFERED, BAD_OFFERED, 64, empty=False)]),
    MessageKind("ANSWER", [
        text("offer", 64, empty=False), word("answer", ["received", "accepted", "declined", "done", "failed", "withdrawn"])]),
    MessageKind("PAIR", [word("step", ["refuse", "confirm"]), Field("reason", ["", "x" * 64], ["x" * 65, 7, []], required=False)]),
    MessageKind("PAIR", [Field("step", ["commit"], []), content_id("value")]),
    MessageKind("PAIR", [Field("step", ["reveal"], []), content_id("value")]),
    MessageKind("ERROR", [text("code", 64), Field("message", ["", "x"], [], required=False)]),
    MessageKind("PING"),
    MessageKind("PONG"),
    MessageKind("GOODBYE"),
]

CLASSIC_FILE = {"file_id": "f", "filename": "f", "size": 1, "hash": "0" * 64, "chunks_total": 1}
CLASSIC_MESSAGES: list[dict[str, Any]] = [
    {"type": "ANNOUNCE", "peer_id": "odd", "data": {}},
    {"type": "FILE_LIST_REQUEST", "peer_id": "odd", "data": {}},
    {"type": "FILE_LIST_RESPONSE", "peer_id": "odd", "data": {"files": [CLASSIC_FILE]}},
    {"type": "CHUNK_REQUEST", "peer_id": "odd", "data": {"file_id": "f", "chunk_index": 0}},
    {"type": "CHUNK_DATA", "peer_id": "odd",
     "data": {"file_id": "f", "chunk_index": 0, "chunk_data": "eA==", "hash": "0" * 64}},
    {"type": "ERROR", "peer_id": "odd", "data": {"code": "x", "message": "y"}},
    {"type": "GOODBYE", "peer_id": "odd", "data": {}},
]
ODD_VALUES: list[Any] = [None, True, -1, 0, 1.5, 2**53 + 2, 2**63, 2**64, 1e300, "", "x", "\0", "\x1b[2J", "x" * 5000,
                         [], [[]], {}, {"a": {}}, "../../etc/passwd", "0" * 64, "eA"]

# One JSON text each that must not be taken for an object (and ends the connection).
BROKEN_JSON: list[bytes] = [
    b"", b" ", b"[]", b"7", b'"x"', b"null", b"{", b"{}}", b"{} {}", b'{"a":1,}', b'{"a":01}', b'{"a":NaN}',
    b'{"a":Infinity}', b"{'a':1}", b"{a:1}", b'{"a":1}\0', b'{"a":"\x01"}', b'{"a":"\xff"}', b'{"a":"\xc0\xaf"}',
    b'{"a":"\xed\xa0\x80"}', b'{"a":"\\ud800"}', b'{"a":"\\udc00\\ud800"}', b'\xef\xbb\xbf{}', b"{/**/}", b"{}//",
    b'{"a":1e999}', b'{"a":1,"a":1}', b'{"type":"PING","type":"PING"}', b'{"a":{"b":1,"b":2}}',
    b'{"a":' + b"[" * 16 + b"]" * 16 + b"}", b"[" * 4000, b'{"a":' * 4000,
    b"{" + b",".join(b'"k%d":0' % i for i in range(65)) + b"}",
]
# And such as must be taken, being at a limit: they are no message, so they are answered, and the connection goes on.
SOUND_JSON: list[bytes] = [
    b"{}", b' \t\r\n{"a":1}\n ', b'{"a":' + b"[" * 15 + b"]" * 15 + b"}", b'{"a":"\\ud83d\\ude00"}',
    b"{" + b",".join(b'"k%d":0' % i for i in range(64)) + b"}", b'{"type":7}', b'{"type":"' + b"x" * 65 + b'"}',
]


def fields_of(kinds: list[MessageKind]) -> Iterator[tuple[MessageKind, Field]]:
    for kind in kinds:
        for one in kind.fields:
            yield kind, one

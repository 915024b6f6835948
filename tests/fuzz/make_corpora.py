#!/usr/bin/env python3
"""Writes the beginnings of the corpora: for each target inputs that reach what it is about, by hand where that is text,
by chance from a fixed seed where it is a list of choices. What fuzzing found besides stands beside them.

    make_corpora.py [TARGET…]
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "hostile"))

from vocabulary import BROKEN_JSON, CLASSIC_MESSAGES, PEER_MESSAGES, SOUND_JSON, fields_of  # noqa: E402


def choices(target: str, count: int, bytes_max: int) -> list[bytes]:
    chance = random.Random(target)
    return [chance.randbytes(chance.randrange(8, bytes_max)) for _ in range(count)]


def journal(chunks: int, flags: int, rest: bytes) -> bytes:
    return bytes([chunks, flags]) + rest


ENCODINGS = [
    b"", b"a", b"aa", b"ma", b"mzxw6ytboi", b"AAAA", b"QUJD", b"QUI=", b"QQ==", b"QQ=", b"Q===", b"ff", b"0a1B", b"0", b"-1",
    b"007", b"18446744073709551615", b"18446744073709551616", b"-9223372036854775808", b"-0", b"10.0.0.1", b"10.0.0.1:5001",
    b"[::1]:5001", b"[fe80::1%3]:5001", b"fe80::1%3", b"::ffff:1.2.3.4", b"1.2.3.4:0", b"1.2.3.4:65536", b"[::1", b"::1%2",
    b"%41%zz", b"a%2Fb", b"%", b"everyone", b"trusted", b"unlisted", b"a" * 32, b"a" * 32 + b"," + b"b" * 32, b"a" * 52,
    b"bad_request", b"busy", b"\x1b[2J\r\n", "\u202eexe\u2066\ufeff\u00ad\U000e0001".encode(), b"\xff\xfe\xc0\xaf\xed\xa0\x80",
    "\u0085\u009b".encode(), b"\xf0\x9f\x92", "é中😀".encode(),
]
RANGES = ["", "bytes=0-", "bytes=0-0", "bytes=5-3", "bytes=-5", "bytes=-0", "bytes=99-", "bytes=1-2,4-5", "bytes = 1-2", "BYTES=1-2",
          "lines=1-2", "bytes=", "bytes=-", "bytes=a-b", "bytes=18446744073709551616-", "bytes=0-18446744073709551615", "bytes=+1-2"]
TARGETS = ["/", "/api/v1/list?peer=bob&path=a%2Fb", "//", "/a/", "a", "/%", "/%zz", "/%ff", "/?a=1&a=2", "/?a", "/?=", "/" + "a/" * 60 + "a",
           "/?" + "&".join(f"k{n}=1" for n in range(80)), "/a?b#c", "/%2e%2e/%2e%2e", "*", "http://x/"]
BODIES = ["", "{}", '{"a":1}', "[]", "{", '{"a":1,"a":2}', "{}x", '{"path":"\\u0000"}']
CONFIGS = [
    b"", b'name = "x"\n', b'dest = "in"\nport = 5001\ndiscovery_port = 5000\nlanes = 2\ndownloads_at_once = 3\n', b"classic = false\nreshare = true\n",
    b'interfaces = ["lo", "eth0"]\npeers = ["10.0.0.1:5001", "[::1]:2"]\n', b'up_limit = "10M"\ndown_limit = 1000\n', b"port = 0\n", b"port = 65536\n",
    b"lanes = 65\n", b"lanes = 0\n", b"name = 7\n", b"nonsense = 1\n", b"[table]\n", b"=\n", b'name = "\xff"\n', b'peers = ["x"]\n', b"up_limit = -1\n",
    b'up_limit = "1.5GiB"\n', b"# " + b"x" * 70_000, b"500k", b"off", b"1.5GiB", b"1e3M", b"inf", b"nan", b"-1", b"10X", b"host:1", b"[::1]:65535", b":1",
    b"host:", b"host:0", b"[x:1",
]

def messages() -> list[bytes]:
    """Each message of both levels; of level 1 each field with its first good and its first bad value besides."""
    found = [kind.example() | {"id": 1, "payload": len(kind.payload)} for kind in PEER_MESSAGES] + CLASSIC_MESSAGES
    for kind, one in fields_of(PEER_MESSAGES):
        for values in (one.good, one.bad):
            found += [kind.example() | {"id": 1, one.name: value} for value in values[:1]]
    return [text for text in (json.dumps(message).encode() for message in found) if len(text) < 2000]


CORPORA: dict[str, list[bytes]] = {
    "json": BROKEN_JSON + SOUND_JSON + [b'{"a":[1,-1,1.5,1e5,true,false,null,"x\\n\\u00e9",{"b":[]}]}', b"{" + b'"k":' + b'"x"' * 2 + b"}",
                                        b'{"a":-9223372036854775809}', b'{"a":18446744073709551615}', b'{"a":0.1e-400}'],
    "message": messages(),
    "encoding": ENCODINGS,
    "manifest": [bytes(8), bytes(7), (1).to_bytes(8, "big") + bytes(32), (262144).to_bytes(8, "big") + b"x" * 32,
                 (262145).to_bytes(8, "big") + b"ab" * 32, (262145).to_bytes(8, "big") + b"ab" * 16, (2**43 + 1).to_bytes(8, "big"),
                 (10 * 262144).to_bytes(8, "big") + bytes(range(256)) + bytes(64), (2**43).to_bytes(8, "big") + bytes(33)],
    "http": [f"{TARGETS[n % len(TARGETS)]}\n{RANGES[n % len(RANGES)]}\n{BODIES[n % len(BODIES)]}".encode() for n in range(len(TARGETS) * 2 + 7)],
    "config": CONFIGS,
    "have": choices("have", 24, 80) + [b"\x00\x08\xff", b"\x00\x09\xff\xff", b"\x00\x00\xff", b"\x10\x00" + b"\xaa" * 64],
    "journal": [journal(n, flag, bytes([fill]) * size) for n in (0, 1, 2, 8, 9) for flag in (0, 1, 2) for fill in (0, 0xFF)
                for size in (0, 1, 2, 33, 34, 65, 66)] + choices("journal", 24, 100),
    "peer_table": choices("peer_table", 40, 1500),
    "announcing": choices("announcing", 16, 800),
    "upload_queue": choices("upload_queue", 30, 500),
    "download": choices("download", 120, 900),
}


def main() -> None:
    for target in sys.argv[1:] or CORPORA:
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(CORPORA[target]):
            (folder / f"seed-{number:03}").write_bytes(data)


if __name__ == "__main__":
    main()

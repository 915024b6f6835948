#!/usr/bin/env python3
"""Writes content_*.json and access_peer_ids.json beside this file.

A second implementation of the "Content" section of docs/protocol.md, on purpose: it shares no code with src/. BLAKE3
comes from the command b3sum, SHA-256 and base32 from Python's library. The tests of src/content and src/access read
what it wrote and must come to the same values.
"""
import base64
import hashlib
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
CONTEXT = "essaim 2026 content v1"
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
HOW = ("Written by make_content_vectors.py, which shares no code with the C++ sources: BLAKE3 by `b3sum --no-names` and "
       f"`b3sum --no-names --derive-key '{CONTEXT}'`, SHA-256 and base32 by Python's hashlib and base64.")


def b3sum(data, *options):
    ran = subprocess.run(["b3sum", "--no-names", *options], input=data, capture_output=True, check=True)
    return bytes.fromhex(ran.stdout.decode().strip())


def base32(data):
    return base64.b32encode(data).decode().lower().rstrip("=")


def chunk_bytes_for(size):
    chunk = 256 * KIB
    while chunk < 4 * MIB and size > 8192 * chunk:
        chunk *= 2
    return chunk


def content_id(size, leaves):
    head = size.to_bytes(8, "little") + chunk_bytes_for(size).to_bytes(4, "little")
    return b3sum(head + b"".join(leaves), "--derive-key", CONTEXT)


def plan(size):
    chunk = chunk_bytes_for(size)
    chunks = -(-size // chunk)
    return {"size": str(size), "chunk_bytes": chunk, "chunks": chunks,
            "last_chunk_bytes": size - (chunks - 1) * chunk if chunks else 0}


def pattern(size):
    period = bytes(i % 251 for i in range(251))
    return (period * (size // 251 + 1))[:size]


def hashed(data):
    chunk = chunk_bytes_for(len(data))
    leaves = [b3sum(data[at:at + chunk]) for at in range(0, len(data), chunk)]
    name = content_id(len(data), leaves)
    return {"size": str(len(data)), "leaves": [leaf.hex() for leaf in leaves], "content_id": base32(name),
            "content_id_hex": name.hex(), "sha256": hashlib.sha256(data).hexdigest()}


def counted(size):
    chunks = plan(size)["chunks"]
    leaves = [i.to_bytes(4, "little") + bytes(28) for i in range(chunks)]
    return {"size": str(size), "content_id": base32(content_id(size, leaves))}


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1, ensure_ascii=True) + "\n")


def write_hashes():
    sizes = [0, 1, 256 * KIB - 1, 256 * KIB, 256 * KIB + 1, MIB]
    edges = [2 * GIB, 4 * GIB, 8 * GIB, 16 * GIB, 32 * GIB]
    plans = sizes + [edge + by for edge in edges for by in (-1, 0, 1)] + [1 << 40, (1 << 43) - 1, 1 << 43]
    write("content_hashes.json", {
        "how": HOW,
        "plans": [plan(size) for size in plans],
        "no_plan": [str((1 << 43) + 1), str((1 << 64) - 1)],
        "contents_rule": "byte i of the content is i mod 251",
        "contents": [hashed(pattern(size)) for size in
                     [0, 1, 1024, 1025, 65537, 256 * KIB - 1, 256 * KIB, 256 * KIB + 1, MIB + 12345]],
        "ids_rule": "leaf i is the 4 bytes of i, little-endian, then 28 zero bytes",
        "ids": [counted(size) for size in [2 * GIB, 2 * GIB + 1, 16 * GIB + 1, 32 * GIB + 1]],
    })


# ---- trees

EMPTY_ID = hashed(b"")["content_id"]
ONE_ID = hashed(pattern(1))["content_id"]


def file(path, size=1, mtime=0, executable=False, name=None):
    return {"path": path, "kind": "file", "size": str(size), "mtime": str(mtime), "executable": executable,
            "id": name or (ONE_ID if size else EMPTY_ID)}


def folder(path, mtime=0):
    return {"path": path, "kind": "folder", "mtime": str(mtime)}


def symlink(path, target):
    return {"path": path, "kind": "symlink", "target": target}


def line(entry):
    if entry["kind"] == "folder":
        return f"d\t{entry['mtime']}\t{entry['path']}\n"
    if entry["kind"] == "symlink":
        return f"l\t{entry['target']}\t{entry['path']}\n"
    tag = "x" if entry["executable"] else "f"
    return f"{tag}\t{entry['size']}\t{entry['mtime']}\t{entry['id']}\t{entry['path']}\n"


def tree(name, *entries):
    entries = sorted(entries, key=lambda e: [part.encode() for part in e["path"].split("/")])
    document = "essaim tree 1\n" + "".join(line(e) for e in entries)
    data = document.encode()
    return {"name": name, "entries": entries, "document": document, "doc": len(data),
            "size": str(sum(int(e.get("size", 0)) for e in entries)), "content_id": hashed(data)["content_id"]}


def bad(why, problem, line_number, body, header="essaim tree 1\n"):
    data = header.encode() + (body if isinstance(body, bytes) else body.encode())
    return {"why": why, "problem": problem, "line": line_number, "document_hex": data.hex(),
            "document_shown": data.decode(errors="replace")}


def write_trees():
    f, d, s = (lambda e: line(e)), (lambda p: line(folder(p))), (lambda p, t: line(symlink(p, t)))
    big = 1 << 43
    write("content_trees.json", {
        "how": HOW,
        "valid": [
            tree("no entries"),
            tree("one file", file("a")),
            tree("an empty file and a program", file("empty", size=0), file("run.sh", executable=True)),
            tree("a folder's content stands together", folder("a"), file("a/z"), file("a-b"), file("a!"), file("ab")),
            tree("the order is by bytes", file("Z"), file("a"), file("é"), file("z"), file("\U0001f41d"), file("\uff5e")),
            tree("twins that differ by case or by normal form", file("README"), file("readme"), file("\u00e9"),
                 file("e\u0301")),
            tree("folders in folders", folder("a"), folder("a/b"), folder("a/b/c"), file("a/b/c/d"), file("a/b-"),
                 file("b")),
            tree("times", file("after", mtime=1790000000123456789), file("before", mtime=-1),
                 folder("first", mtime=-(1 << 63)), folder("last", mtime=(1 << 63) - 1)),
            tree("symlinks", folder("a"), folder("a/b"), symlink("a/b/root", "../.."), symlink("a/b/up", "../c"),
                 symlink("here", "a"), symlink("dangling", "no/such/file"), symlink("self", "self")),
            tree("spaces and signs", file(" "), file("a b"), file("%41"), file("back\\slash"), file("...")),
            tree("the largest total", file("a", size=big - 1), file("b", size=1)),
        ],
        "invalid": [
            bad("nothing at all", "header", 1, "", header=""),
            bad("another version", "header", 1, "", header="essaim tree 2\n"),
            bad("a space too many in the header", "header", 1, "", header="essaim tree 1 \n"),
            bad("CR LF", "header", 1, "", header="essaim tree 1\r\n"),
            bad("a byte order mark", "header", 1, "", header="\ufeffessaim tree 1\n"),
            bad("the header without its end", "header", 1, "", header="essaim tree 1"),
            bad("an empty line", "unknown_kind", 2, "\n"),
            bad("an unknown kind", "unknown_kind", 2, "s\t0\ta\n"),
            bad("a kind in upper case", "unknown_kind", 2, "D\t0\ta\n"),
            bad("a kind of two letters", "unknown_kind", 2, "dd\t0\ta\n"),
            bad("the last line has no end", "unfinished_line", 2, d("a")[:-1]),
            bad("a folder with too few fields", "field_count", 2, "d\ta\n"),
            bad("a folder with too many fields", "field_count", 2, "d\t0\t0\ta\n"),
            bad("a file with too few fields", "field_count", 2, f"f\t1\t{ONE_ID}\ta\n"),
            bad("a file with too many fields", "field_count", 2, f"f\t1\t0\t{ONE_ID}\ta\tb\n"),
            bad("a size with a leading zero", "number", 2, f"f\t01\t0\t{ONE_ID}\ta\n"),
            bad("a negative size", "number", 2, f"f\t-1\t0\t{ONE_ID}\ta\n"),
            bad("a size with a sign", "number", 2, f"f\t+1\t0\t{ONE_ID}\ta\n"),
            bad("an empty size", "number", 2, f"f\t\t0\t{ONE_ID}\ta\n"),
            bad("a size beyond 64 bits", "number", 2, f"f\t{1 << 64}\t0\t{ONE_ID}\ta\n"),
            bad("a size in hexadecimal", "number", 2, f"f\t0x1\t0\t{ONE_ID}\ta\n"),
            bad("a time of minus zero", "number", 2, "d\t-0\ta\n"),
            bad("a negative time with a leading zero", "number", 2, "d\t-01\ta\n"),
            bad("a time beyond 64 bits", "number", 2, f"d\t{1 << 63}\ta\n"),
            bad("a time before 64 bits", "number", 2, f"d\t{-(1 << 63) - 1}\ta\n"),
            bad("a time with a point", "number", 2, "d\t1.0\ta\n"),
            bad("a space before a time", "number", 2, "d\t 1\ta\n"),
            bad("a content id in upper case", "content_id", 2, f"f\t1\t0\t{ONE_ID.upper()}\ta\n"),
            bad("a content id one character short", "content_id", 2, f"f\t1\t0\t{ONE_ID[:-1]}\ta\n"),
            bad("a content id with stray bits", "content_id", 2, f"f\t1\t0\t{'a' * 51}b\ta\n"),
            bad("an empty path", "path", 2, "d\t0\t\n"),
            bad("an absolute path", "path", 2, d("/etc")),
            bad("a path that leaves", "path", 2, d("..")),
            bad("a path that leaves and returns", "path", 2, d("a") + d("a/../b"))| {"line": 3},
            bad("a path with an empty part", "path", 2, d("a/")),
            bad("a path with a control character", "path", 2, d("a\x1b")),
            bad("a path with a NUL", "path", 2, d("a\0b")),
            bad("a path that is not UTF-8", "path", 2, b"d\t0\ta\xff\n"),
            bad("a part of 256 bytes", "path", 2, d("a" * 256)),
            bad("the same entry twice", "order", 3, d("a") * 2),
            bad("a folder and a file of one name", "order", 3, d("a") + f(file("a"))),
            bad("entries out of order", "order", 3, d("b") + d("a")),
            bad("the order of whole paths' bytes", "order", 4, d("a") + f(file("a-b")) + f(file("a/z"))),
            bad("a folder after its content", "no_folder", 2, f(file("a/z")) + d("a")),
            bad("a folder that is missing", "no_folder", 3, d("a") + f(file("ab/c"))),
            bad("a folder further up that is missing", "no_folder", 3, d("a") + f(file("a/b/c"))),
            bad("a file in a file", "no_folder", 3, f(file("a")) + f(file("a/b"))),
            bad("a file in a symlink", "no_folder", 4, d("a") + s("b", "a") + f(file("b/c"))),
            bad("an absolute target", "target", 2, s("a", "/etc/passwd")),
            bad("an empty target", "target", 2, s("a", "")),
            bad("a target that leaves", "target", 2, s("a", "..")),
            bad("a target that leaves from deeper", "target", 3, d("a") + s("a/b", "../../c")),
            bad("a target that goes up after a name", "target", 2, s("a", "b/../c")),
            bad("a target with '.'", "target", 2, s("a", "./b")),
            bad("a target that ends with '/'", "target", 2, s("a", "b/")),
            bad("a target with an empty part", "target", 3, d("a") + s("a/b", "..//c")),
            bad("a target that is not UTF-8", "target", 2, b"l\t\xc3\x28\ta\n"),
            bad("one byte more than the largest total", "total_too_large", 3,
                f(file("a", size=big)) + f(file("b", size=1))),
            bad("sizes whose sum wraps around 64 bits", "total_too_large", 2,
                f(file("a", size=(1 << 64) - 1)) + f(file("b", size=2))),
        ],
    })


# ---- links, paths, peer ids


def link(text, name="", size=None, kind="file", doc=None, formatted=None):
    return {"link": text, "id": ONE_ID, "name": name, "size": size, "kind": kind, "doc": doc,
            "formatted": formatted or text}


def write_links():
    e = "essaim:" + ONE_ID
    write("content_links.json", {
        "how": HOW,
        "formatted": "the one text that is written for the values; `link` may differ from it, and reads the same",
        "valid": [
            link(e),
            link(e + "?name=talk.mp4&size=1", "talk.mp4", "1"),
            link(e + "?name=My%20Talk%20%26%20more%3F.mp4", "My Talk & more?.mp4"),
            link(e + "?name=%C3%A9t%C3%A9-_.~", "\u00e9t\u00e9-_.~"),
            link(e + "?name=album&size=0&kind=tree&doc=14", "album", "0", "tree", "14"),
            link(e + "?size=8796093022208", "", "8796093022208"),
            link(e + "?kind=tree", "", None, "tree"),
            link(e + "?size=1&name=a", "a", "1", formatted=e + "?name=a&size=1"),
            link(e + "?kind=file&name=a", "a", formatted=e + "?name=a"),
            link(e + "?name=a+b", "a+b", formatted=e + "?name=a%2Bb"),
            link(e + "?n%61me=%61", "a", formatted=e + "?name=a"),
            link(e + "?name=%c3%a9", "\u00e9", formatted=e + "?name=%C3%A9"),
            link(e + "?future=1&name=a&future=2", "a", formatted=e + "?name=a"),
            link(e + "?name=a=b", "a=b", formatted=e + "?name=a%3Db"),
        ],
        "invalid": [{"why": why, "problem": problem, "link": text} for why, problem, text in [
            ("nothing at all", "scheme", ""),
            ("another scheme", "scheme", "magnet:" + ONE_ID),
            ("the scheme in upper case", "scheme", "ESSAIM:" + ONE_ID),
            ("no content id", "content_id", "essaim:?name=a"),
            ("an id in upper case", "content_id", "essaim:" + ONE_ID.upper()),
            ("an id one character short", "content_id", e[:-1]),
            ("an id one character long", "content_id", e + "a"),
            ("an id with stray bits", "content_id", "essaim:" + "a" * 51 + "b"),
            ("slashes before the id", "content_id", "essaim://" + ONE_ID),
            ("a fragment after the id", "content_id", e + "#a"),
            ("an empty query", "encoding", e + "?"),
            ("a field without '='", "encoding", e + "?name"),
            ("an empty field", "encoding", e + "?name=a&"),
            ("a cut escape", "encoding", e + "?name=a%4"),
            ("a foreign escape", "encoding", e + "?name=%zz"),
            ("a space", "encoding", e + "?name=a b"),
            ("a fragment", "encoding", e + "?name=a#b"),
            ("a line end", "encoding", e + "?name=a\n"),
            ("a character outside ASCII", "encoding", e + "?name=\u00e9"),
            ("a bad escape in an unknown field", "encoding", e + "?future=%"),
            ("a name twice", "repeated", e + "?name=a&name=a"),
            ("a name twice, once escaped", "repeated", e + "?name=a&n%61me=a"),
            ("an empty name", "name", e + "?name="),
            ("a name that leaves", "name", e + "?name=.."),
            ("a name of two parts", "name", e + "?name=a%2Fb"),
            ("a name of two parts, unescaped", "name", e + "?name=a/b"),
            ("a name with a control character", "name", e + "?name=%1B%5B2J"),
            ("a name with a NUL", "name", e + "?name=a%00"),
            ("a name that is not UTF-8", "name", e + "?name=%FF"),
            ("a name of 256 bytes", "name", e + "?name=" + "a" * 256),
            ("an empty size", "number", e + "?size="),
            ("a size with a leading zero", "number", e + "?size=01"),
            ("a negative size", "number", e + "?size=-1"),
            ("a size above 8 TiB", "number", e + "?size=8796093022209"),
            ("a size beyond 64 bits", "number", e + "?size=18446744073709551616"),
            ("a document above 256 MiB", "number", e + "?kind=tree&doc=268435457"),
            ("an unknown kind", "kind", e + "?kind=disk"),
            ("an empty kind", "kind", e + "?kind="),
            ("a document of a file", "kind", e + "?doc=14"),
        ]],
    })


def write_paths():
    ok = ["a", "a/b", ".a", "..a", "a..", "...", " ", "a ", "a.", "~", "-rf", "C:", "back\\slash", "con", "\u00e9", "e\u0301",
          "\U0001f41d", "\u202etxt.exe", "a" * 255, "/".join(["a"] * 32), "\u00c2\u00a0"]
    refused = [("empty", b""), ("absolute", b"/"), ("absolute", b"/a"), ("empty_part", b"a/"), ("empty_part", b"a//b"),
               ("dot_part", b"."), ("dot_part", b".."), ("dot_part", b"./a"), ("dot_part", b"a/.."), ("dot_part", b"a/./b"),
               ("dot_part", b"../a"), ("control", b"\0"), ("control", b"a\0b"), ("control", b"a\nb"), ("control", b"a\tb"),
               ("control", b"\x1b[2J"), ("control", b"\x7f"), ("control", "\u0080".encode()), ("control", "\u009b".encode()),
               ("not_utf8", b"\xff"), ("not_utf8", b"a\x80"), ("not_utf8", b"\xc0\xaf"), ("not_utf8", b"\xc0\xae\xc0\xae"),
               ("not_utf8", b"\xed\xa0\x80"), ("not_utf8", b"\xf4\x90\x80\x80"), ("not_utf8", b"\xc3"),
               ("part_too_long", b"a" * 256), ("too_deep", b"/".join([b"a"] * 33)),
               ("too_long", b"/".join([b"a" * 255] * 16 + [b"b"]))]
    targets = [("a", "b", True), ("a", "b/c", True), ("d/a", "../b", True), ("d/a", "..", True), ("d/e/a", "../..", True),
               ("d/e/a", "../../b/c", True), ("a", "..", False), ("a", "../b", False), ("d/a", "../..", False),
               ("d/a", "../../b", False), ("a", "/b", False), ("a", "", False), ("a", ".", False), ("a", "./b", False),
               ("a", "b/", False), ("a", "b/../c", False), ("d/a", "../", False), ("d/a", "..//b", False),
               ("a", "b\x1b", False), ("d/a", "...", True), ("d/a", "..b", True)]
    write("content_paths.json", {
        "how": "By hand, from the rule in docs/protocol.md, \"Content\". Paths are given as the hexadecimal of their bytes.",
        "valid": [{"path_hex": path.encode().hex()} for path in ok],
        "invalid": [{"path_hex": path.hex(), "problem": problem} for problem, path in refused],
        "symlinks": [{"link": at, "target": to, "allowed": allowed} for at, to, allowed in targets],
    })


def write_peer_ids():
    rfc8410 = base64.b64decode("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")
    write("access_peer_ids.json", {
        "how": "SHA-256 and base32 by Python's hashlib and base64; the first key is the example of RFC 8410, 10.1.",
        "peer_ids": [{"spki_hex": spki.hex(), "peer_id": base32(hashlib.sha256(spki).digest()[:20])}
                     for spki in (rfc8410, rfc8410[:12] + bytes(32), b"")],
    })


if __name__ == "__main__":
    write_hashes()
    write_trees()
    write_links()
    write_paths()
    write_peer_ids()

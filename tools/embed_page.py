#!/usr/bin/env python3
"""Writes the files of the page as C++: what src/api/page_files.hpp declares.

    tools/embed_page.py OUTPUT.cpp WEB_FOLDER FILE…

The same files give the same output, byte for byte.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from pathlib import Path

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
NUMBERS_A_LINE = 32


def array_of(name: str, data: bytes) -> str:
    lines = [",".join(map(str, data[at : at + NUMBERS_A_LINE])) for at in range(0, len(data), NUMBERS_A_LINE)]
    return f"constexpr std::uint8_t {name}[] = {{\n" + ",\n".join(lines) + "};\n"


def main(arguments: list[str]) -> int:
    output, folder = Path(arguments[0]), Path(arguments[1])
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    files |= {Path(path).name: Path(path) for path in arguments[2:]}
    arrays, rows = [], []
    for number, (name, path) in enumerate(sorted(files.items())):
        data = path.read_bytes()
        tag = hashlib.sha256(data).hexdigest()[:32]
        arrays.append(array_of(f"kFile{number}", gzip.compress(data, 9, mtime=0)))
        rows.append(f'    {{"{name}", "{TYPES[path.suffix]}", "\\"{tag}\\"", kFile{number}}},\n')
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(
        f'// Made by tools/embed_page.py.\n#include "api/page_files.hpp"\n\nnamespace essaim::api {{\nnamespace {{\n\n'
        f"{''.join(arrays)}\nconstexpr PageFile kFiles[] = {{\n{''.join(rows)}}};\n\n}}  // namespace\n\n"
        f"std::span<const PageFile> page_files() {{ return kFiles; }}\n\n}}  // namespace essaim::api\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""The example builds against an installed tree, with find_package and with pkg-config, and runs.

    test_install.py --build BUILD --compiler CXX --examples FOLDER
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

TIMEOUT_SECONDS = 120


def run(*command: object, **environment: str) -> str:
    done = subprocess.run([str(word) for word in command], env={**os.environ, **environment}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT_SECONDS)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def expect_conversation(program: Path, **environment: str) -> None:
    said = run(program, free_udp_port(), "lo", **environment)
    for line in ("alice got HELLO from bob", "bob got WELCOME from alice", "A swarm in May"):
        if line not in said:
            sys.exit(f"{program} did not say {line!r}:\n{said}")


def expect_only_public_symbols(library: Path) -> None:
    lines = run("nm", "--dynamic", "--defined-only", "--demangle", library).splitlines()
    names = [line.split(maxsplit=2)[2] for line in lines]
    public = ("essaim::Client::", "essaim::Discovery::", "essaim::Node::", "essaim::Server::")
    foreign = [name for name in names if not name.startswith(public)]
    if not names or foreign:
        sys.exit(f"{library} shows other symbols than those of the public classes: {foreign[:5]}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--examples", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prefix = Path(folder, "prefix")
        run("cmake", "--install", options.build, "--prefix", prefix)
        library = next(prefix.rglob("libessaim.so"))
        expect_only_public_symbols(library)

        with_cmake = Path(folder, "with-cmake")
        run("cmake", "-S", options.examples, "-B", with_cmake, f"-DCMAKE_PREFIX_PATH={prefix}",
            f"-DCMAKE_CXX_COMPILER={options.compiler}", "-DCMAKE_BUILD_TYPE=Debug")
        run("cmake", "--build", with_cmake)
        expect_conversation(with_cmake / "two_peers")

        # Any compiler will do: the headers know nothing of ours.
        program = Path(folder, "with-pkg-config")
        flags = run("pkg-config", "--cflags", "--libs", "essaim", PKG_CONFIG_PATH=str(library.parent / "pkgconfig"))
        run(shutil.which("g++") or options.compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror",
            options.examples / "two_peers.cpp", "-o", program, *flags.split())
        expect_conversation(program, LD_LIBRARY_PATH=str(library.parent))


if __name__ == "__main__":
    main()

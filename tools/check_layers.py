#!/usr/bin/env python3
"""The rules of the house that a compiler does not check: layers, purity, cycles, sizes.

    tools/check_layers.py [ROOT]      prints `file:line: what is wrong` for each breach; ends with 1 if there is one

The include table is that of docs/architecture.md. An exception needs a line in EXCEPTIONS with its reason, and an
exception that nothing uses is a breach itself.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator

PURE_FOLDERS = ("base", "wire", "content", "access", "discovery", "swarm")

MAY_INCLUDE: dict[str, tuple[str, ...]] = {
    "base": (),
    "wire": ("base",),
    "content": ("base",),
    "access": ("base",),
    "discovery": ("base", "wire", "access"),
    "swarm": ("base", "wire", "content", "access"),
    "transport": ("base", "wire", "access"),
    "storage": ("base", "content", "access"),
    "node": (*PURE_FOLDERS, "transport", "storage"),
    "api": ("base",),
    "cli": ("base",),
    "embed": ("base", "transport", "wire", "discovery", "node", "essaim"),
    "third_party": (),
}

# node's public face; what the command line needs besides to start a node or to do without one; the API's client.
NODE_FACE = (
    "node/facade.hpp", "node/content_stream.hpp", "node/events.hpp", "node/incoming_file.hpp", "node/people_views.hpp",
    "node/views.hpp",
)
NODE_START = ("node/config.hpp", "node/places.hpp", "node/spdlog_log.hpp", "node/offline.hpp",
              "node/identity_export.hpp", "node/web_token.hpp")
API_CLIENT = (
    "api/client.hpp", "api/remote_node.hpp", "api/event_stream.hpp", "api/views_json.hpp", "api/json_text.hpp",
)
PUBLIC_FACES: dict[str, tuple[str, ...]] = {
    "api": NODE_FACE,
    "cli": (*NODE_FACE, *NODE_START, *API_CLIENT),
}

# (file, what it includes or "length" or "function"): the reason.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("src/cli/node_runner.cpp", "node/node.hpp"): "the one place where the program composes a node with its server",
    ("src/cli/node_runner.cpp", "api/server.hpp"): "the same",
    ("src/cli/node_runner.cpp", "api/secret.hpp"): "the same",
    ("src/cli/terminal.cpp", "<sys/ioctl.h>"): "the width of the terminal; all else that the system is asked is storage's",
    ("src/cli/terminal.cpp", "<fcntl.h>"): "the pipe behind standard output",
    ("src/cli/terminal.cpp", "<termios.h>"): "a passphrase that is typed unseen",
    ("src/cli/terminal.cpp", "<poll.h>"): "the same: a signal ends the wait for it",
    ("src/cli/terminal.cpp", "<unistd.h>"): "whether there is a terminal",
    ("src/cli/browser_start.cpp", "<unistd.h>"): "the environment that the browser is started with",
}

SYSTEM_HEADER = re.compile(
    r"<(sys/|netinet/|net/|arpa/|linux/|netdb\.h|unistd\.h|fcntl\.h|poll\.h|dirent\.h|ifaddrs\.h|pthread\.h|pwd\.h"
    r"|signal\.h|termios\.h|sched\.h|dlfcn\.h|grp\.h|syslog\.h)"
)
FOLDERS_WITH_SYSTEM_HEADERS = ("transport", "storage")

# Words that mean a socket, a file, a clock, a thread, a lock, a random source or an environment.
IMPURE = re.compile(
    r"\basio\b|\bsqlite3\b|<(fstream|thread|mutex|shared_mutex|condition_variable|future|filesystem)>"
    r"|::now\(|\brandom_device\b|\bgetenv\b|\bRAND_bytes\b|\bfopen\b|\bthrow\b|\btime\((nullptr|NULL|0)\)"
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(root|work|home/(?!alice\b|bob\b|\w\b)\w+|Users/\w+)(/|\b)")

HEADER_LINES_MAX = 200
SOURCE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70

CODE_FOLDERS = ("src", "include", "examples")
TEXT_FOLDERS = (*CODE_FOLDERS, "tests", "bench", "tools", "docs", "packaging", "web", "cmake")
TEXT_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".md", ".txt", ".cmake", ".js", ".html", ".css", ".json", ".toml", ""}


@dataclass(frozen=True)
class Breach:
    path: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


@dataclass(frozen=True)
class Include:
    line: int
    target: str  # with its <> or without quotes
    is_system: bool


# ---- reading C++ ----------------------------------------------------------------------------------------------------

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|(<[^>]+>))')
COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?\*/'                           # comments
    r'|R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                         # strings
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])*'",       # characters, but not the ' in 1'000
    re.DOTALL,
)


def includes_of(text: str) -> list[Include]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if match := INCLUDE.match(line):
            found.append(Include(number, match[1] or match[2], is_system=match[2] is not None))
    return found


def without_comments_and_texts(text: str) -> str:
    """The same lines with comments, strings and characters blanked out; includes keep what they include."""

    def blank(match: re.Match[str]) -> str:
        line_start = text.rfind("\n", 0, match.start()) + 1
        if match[0].startswith('"') and text[line_start : match.start()].lstrip().startswith("#"):
            return match[0]
        return re.sub(r"[^\n]", " ", match[0])

    return COMMENT_OR_TEXT.sub(blank, text)


CONTAINER = re.compile(
    r"^\s*(?:(?:public|private|protected)\s*:\s*)*(?:template\s*<.*>\s*)?(?:inline\s+)?"
    r"(?:namespace|class|struct|union|enum|extern\s*$)\b|^\s*extern\s*$",
    re.DOTALL,
)
CONSTRUCTOR_LIST = re.compile(r"\)[^;{}]*?(?<!:):(?!:)", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*", re.MULTILINE | re.DOTALL)


def function_bodies(code: str) -> Iterator[tuple[int, int]]:
    """(line of its `{`, number of lines) of each function's body. A brace counter, not a parser: expects code without
    comments and texts, laid out by clang-format."""
    code = DIRECTIVE.sub(lambda directive: re.sub(r"[^\n]", " ", directive[0]), code)
    depth = 0  # of braces that hold neither a namespace nor a type: a body, or an initialiser
    containers = 0
    start: int | None = None  # where the body began that `depth` counts from
    head = ""  # what stands between the last `;`, `{` or `}` and here
    line = 1
    for character in code:
        line += character == "\n"
        if character == "{":
            if depth == 0 and CONTAINER.match(head):
                containers += 1
            elif depth == 0 and CONSTRUCTOR_LIST.search(head) and re.search(r"[\w>]\s*$", head):
                depth += 1  # a member's initialiser; the constructor's body is still to come
                continue
            else:
                if depth == 0 and ")" in head:
                    start = line
                depth += 1
            head = ""
        elif character == "}":
            if depth == 0:
                containers -= 1
                head = ""
                continue
            depth -= 1
            if depth == 0 and start is not None:
                yield start, line - start + 1
                start, head = None, ""
            elif depth == 0 and CONSTRUCTOR_LIST.search(head):
                head += "()"  # what a member is initialised with looks like a call from here on
            else:
                head = ""
        elif character == ";" and not (depth and CONSTRUCTOR_LIST.search(head)):
            head = ""
        else:
            head += character


# ---- the rules ------------------------------------------------------------------------------------------------------


class Checker:
    def __init__(self, root: Path, exceptions: dict[tuple[str, str], str]) -> None:
        self._root = root
        self._exceptions = exceptions
        self._used: set[tuple[str, str]] = set()
        self._breaches: list[Breach] = []

    def run(self) -> list[Breach]:
        sources = {path: self._read(path) for path in self._files(CODE_FOLDERS, {".hpp", ".cpp"})}
        for path, text in sources.items():
            if path.startswith("src/"):
                self._check_includes(path, text)
            elif path.startswith("include/"):
                self._check_public_includes(path, text)
            self._check_sizes(path, text)
        self._check_cycles(sources)
        for path in self._files(TEXT_FOLDERS, TEXT_SUFFIXES):
            self._check_machine_paths(path)
        for path, what in self._exceptions.keys() - self._used:
            self._breaches.append(Breach(path, 1, f"the exception for {what} is not needed any more"))
        return sorted(self._breaches, key=lambda breach: (breach.path, breach.line, breach.rule))

    def _files(self, folders: Iterable[str], suffixes: set[str]) -> list[str]:
        found = []
        for folder in folders:
            for path in sorted((self._root / folder).rglob("*")):
                relative = path.relative_to(self._root)
                skipped = {"node_modules", "corpus", "__pycache__", "build"} & set(relative.parts)
                if path.is_file() and path.suffix in suffixes and not skipped:
                    found.append(relative.as_posix())
        return found

    def _read(self, path: str) -> str:
        return (self._root / path).read_text(encoding="utf-8", errors="replace")

    def _report(self, path: str, line: int, rule: str, exception: str = "") -> None:
        if (path, exception) in self._exceptions:
            self._used.add((path, exception))
            return
        self._breaches.append(Breach(path, line, rule))

    def _check_includes(self, path: str, text: str) -> None:
        folder = path.split("/")[1] if path.count("/") > 1 else ""
        if folder not in MAY_INCLUDE:
            self._report(path, 1, f"the folder src/{folder} has no row in the include table")
            return
        for include in includes_of(text):
            if include.is_system:
                self._check_system_header(path, folder, include)
            else:
                self._check_layer(path, folder, include)
        if folder in PURE_FOLDERS:
            for number, line in enumerate(without_comments_and_texts(text).splitlines(), start=1):
                if match := IMPURE.search(line):
                    self._report(path, number, f"`{match[0]}` above the I/O line", match[0])

    def _check_system_header(self, path: str, folder: str, include: Include) -> None:
        if SYSTEM_HEADER.match(include.target) and folder not in FOLDERS_WITH_SYSTEM_HEADERS:
            self._report(path, include.line, f"system header {include.target} outside transport and storage", include.target)

    def _check_layer(self, path: str, folder: str, include: Include) -> None:
        target_folder = include.target.split("/")[0]
        allowed = (folder, *MAY_INCLUDE[folder])
        if target_folder in allowed or include.target in PUBLIC_FACES.get(folder, ()):
            return
        if target_folder not in MAY_INCLUDE and target_folder != "essaim":
            self._report(path, include.line, f'"{include.target}" is no full path from src/', include.target)
            return
        self._report(path, include.line, f'{folder} may not include "{include.target}"', include.target)

    def _check_public_includes(self, path: str, text: str) -> None:
        """Whoever uses the public library needs the standard library and nothing else."""
        for include in includes_of(text):
            is_standard = include.is_system and re.fullmatch(r"<[a-z_]+>", include.target)
            if not is_standard and not include.target.startswith("essaim/"):
                self._report(path, include.line, f"a public header includes {include.target}", include.target)

    def _check_sizes(self, path: str, text: str) -> None:
        limit = HEADER_LINES_MAX if path.endswith(".hpp") else SOURCE_LINES_MAX
        lines = text.count("\n")
        if lines > limit:
            self._report(path, lines, f"{lines} lines; the limit is {limit}", "length")
        for line, length in function_bodies(without_comments_and_texts(text)):
            if length > FUNCTION_LINES_MAX:
                self._report(path, line, f"a function of {length} lines; the limit is {FUNCTION_LINES_MAX}", "function")

    def _check_cycles(self, sources: dict[str, str]) -> None:
        """A module is the header and the source of one stem; no module may include itself through others."""
        edges: dict[str, dict[str, tuple[str, int]]] = {}
        for path, text in sources.items():
            module = path.rsplit(".", 1)[0]
            for include in includes_of(text):
                target = f"src/{include.target}".rsplit(".", 1)[0]
                if not include.is_system and target != module:
                    edges.setdefault(module, {}).setdefault(target, (path, include.line))
        for cycle in cycles_of({module: sorted(targets) for module, targets in edges.items()}):
            path, line = edges[cycle[0]][cycle[1]]
            self._report(path, line, "include cycle: " + " -> ".join(cycle))

    def _check_machine_paths(self, path: str) -> None:
        for number, line in enumerate(self._read(path).splitlines(), start=1):
            if match := MACHINE_PATH.search(line):
                self._report(path, number, f"a path of one machine: {match[0]}", match[0])


def cycles_of(graph: dict[str, list[str]]) -> list[list[str]]:
    """Each cycle that a depth-first walk meets, as a path that ends where it begins."""
    cycles = []
    finished: set[str] = set()

    def walk(node: str, path: list[str]) -> None:
        if node in path:
            cycles.append([*path[path.index(node) :], node])
            return
        if node in finished:
            return
        for target in graph.get(node, []):
            walk(target, [*path, node])
        finished.add(node)

    for node in sorted(graph):
        walk(node, [])
    return cycles


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    breaches = Checker(root, EXCEPTIONS).run()
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

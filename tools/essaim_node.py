"""Real essaim nodes, for the tests and benchmarks that run the whole program.

Only what the command line promises is used (docs/guide.md): `up` prints a line that begins with `ready`, every other
command takes `--home` and `--json`.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Callable, Optional, Sequence, TypeVar

# Generous, because a sanitizer build on a busy machine is slow; nothing waits this long when all is well.
READY_SECONDS = 60.0
ANSWER_SECONDS = 60.0
STOP_SECONDS = 20.0

T = TypeVar("T")


def find_binary() -> Path:
    """The program under test: $ESSAIM_BINARY, else the release build of this checkout."""
    default = Path(__file__).resolve().parent.parent / "build" / "release" / "essaim"
    return Path(os.environ.get("ESSAIM_BINARY", default)).resolve()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of 127.0.0.1 that nobody holds just now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, attempt: Callable[[], Optional[T]], seconds: float = 30.0) -> T:
    """Calls `attempt` until it answers something true. The attempts themselves (a command, a socket read with a
    timeout) pace the loop."""
    deadline = time.monotonic() + seconds
    while True:
        answer = attempt()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:g} s there is still no {what}")


class CommandFailed(AssertionError):
    """A command ended with another exit code than 0."""

    def __init__(self, command: Sequence[str], result: subprocess.CompletedProcess[str]) -> None:
        super().__init__(
            f"{' '.join(command)} ended with {result.returncode}\n{result.stdout}{result.stderr}"
        )
        self.result = result


class EssaimNode:
    """A node in a home of its own. `inside` is a command prefix, such as ["ip", "netns", "exec", "h1"]."""

    def __init__(self, folder: Path, name: str, options: Sequence[str] = (), inside: Sequence[str] = ()) -> None:
        self.name = name
        self.home = folder / f"{name}.home"
        self.dest = folder / f"{name}.downloads"
        self.log_path = folder / f"{name}.log"
        self._options = list(options)
        self._inside = list(inside)
        self._binary = str(find_binary())
        self._process: Optional[subprocess.Popen[str]] = None
        self._lines: queue.Queue[Optional[str]] = queue.Queue()
        self.home.mkdir(parents=True, exist_ok=True)
        self.dest.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "EssaimNode":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None, "the node is not running"
        return self._process.pid

    def launch(self, *paths: str) -> None:
        """Starts `essaim up` without waiting for it to be ready."""
        command = [*self._inside, self._binary, "up", *paths, "--home", str(self.home), "--dest", str(self.dest)]
        command += ["--name", self.name, *self._options]
        if "--web" not in self._options:
            command += ["--web", "off"]
        with open(self.log_path, "ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        self._lines = queue.Queue()
        threading.Thread(target=self._read_lines, args=(self._process, self._lines), daemon=True).start()

    def wait_ready(self) -> str:
        """The `ready …` line."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"{self.name} did not become ready:\n{self.log_text()}")
            if line.startswith("ready"):
                return line

    def start(self, *paths: str) -> str:
        self.launch(*paths)
        try:
            return self.wait_ready()
        except AssertionError:
            self.kill()
            raise

    def stop(self) -> int:
        """Asks the node to stop (SIGTERM) and returns its exit code; kills it if it does not."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{self.name} did not stop within {STOP_SECONDS:g} s:\n{self.log_text()}") from None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def command(self, *arguments: str) -> list[str]:
        """The command line of `essaim arguments…` for this home."""
        return [*self._inside, self._binary, *arguments, "--home", str(self.home)]

    def run(self, *arguments: str, seconds: float = ANSWER_SECONDS) -> subprocess.CompletedProcess[str]:
        """Runs a command on this home; the caller looks at the exit code."""
        return subprocess.run(
            self.command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds
        )

    def ask(self, *arguments: str, seconds: float = ANSWER_SECONDS) -> Any:
        """Runs a command with --json; its answer. What streams (one object a line) comes back as a list."""
        result = self.run(*arguments, "--json", seconds=seconds)
        if result.returncode != 0:
            raise CommandFailed(self.command(*arguments, "--json"), result)
        try:
            return json.loads(result.stdout)
        except json.JSONDecodeError:
            return [json.loads(line) for line in result.stdout.splitlines() if line.strip()]

    def get(self, target: str, *arguments: str, seconds: float = 600.0) -> dict[str, Any]:
        """Downloads `target`; the final `done` event."""
        answer = self.ask("get", target, *arguments, seconds=seconds)
        event = answer[-1] if isinstance(answer, list) else answer
        assert event.get("event") == "done", event
        return dict(event)

    def peer(self, name_or_id: str) -> Optional[dict[str, Any]]:
        """The online peer of that name or id, as `peers --json` shows it."""
        for peer in self.ask("peers"):
            if name_or_id in (peer["name"], peer["peer_id"]) and peer["online"]:
                return dict(peer)
        return None

    def wait_for_peer(self, name_or_id: str, seconds: float = 30.0) -> dict[str, Any]:
        return wait_for(f"peer {name_or_id} at {self.name}", lambda: self.peer(name_or_id), seconds)

    def wait_for_share(self, name: str, seconds: float = 60.0) -> dict[str, Any]:
        """The share of that name, once it is hashed."""

        def hashed() -> Optional[dict[str, Any]]:
            return next((s for s in self.ask("shares") if s["name"] == name and s["id"]), None)

        return wait_for(f"hashed share {name} at {self.name}", hashed, seconds)

    def log_text(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @staticmethod
    def _read_lines(process: "subprocess.Popen[str]", lines: "queue.Queue[Optional[str]]") -> None:
        assert process.stdout is not None
        with process.stdout as stdout:
            for line in stdout:
                lines.put(line.rstrip("\n"))
        lines.put(None)

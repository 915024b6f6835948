"""An rsync daemon, which sends plain text."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import cpu
from essaim_node import wait_for
from hosts import Hosts
from server import server

PORT = 8730
# Without "reverse lookup" the daemon would wait for a name server, seconds long, where the network has none.
CONFIG = """
address = {address}
port = {port}
use chroot = no
reverse lookup = no
pid file = {work}/rsyncd.pid
log file = {work}/rsyncd.log
[bench]
path = {root}
read only = yes
uid = 0
gid = 0
"""


def is_possible() -> bool:
    """The daemon sets its groups, which a user namespace of an ordinary user forbids."""
    return Path("/proc/self/setgroups").read_text().strip() == "allow"


@dataclass(frozen=True)
class Daemon:
    pid: int
    url: str  # of the folder that it serves

    def idle_pid(self) -> int:
        """Its pid once it has waited for the children that serve its clients: only then their time is in its own
        account."""
        wait_for("end of rsync's children", lambda: not cpu.has_children(self.pid))
        return self.pid


@contextlib.contextmanager
def daemon(hosts: Hosts, folder: Path, work: Path) -> Iterator[Daemon]:
    """Serves `folder` on the server's host; `work` takes its configuration."""
    config = work / "rsyncd.conf"
    config.write_text(CONFIG.format(address=hosts.server_address, port=PORT, work=work, root=folder))
    command = [*hosts.on_server, "rsync", "--daemon", "--no-detach", f"--config={config}"]
    with server(command, (hosts.server_address, PORT), hosts.on_client) as pid:
        yield Daemon(pid, f"rsync://{hosts.server_address}:{PORT}/bench")

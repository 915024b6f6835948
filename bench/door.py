"""One shared file over HTTP on this machine, through the door of the page: essaim against nginx without TLS."""

from __future__ import annotations

import statistics
import subprocess
from pathlib import Path
from typing import Any, Sequence

from essaim_node import EssaimNode, free_port
from hosts import Hosts
from server import server

NGINX_CONFIG = """
user root root; daemon off; master_process off; pid {work}/nginx.pid; error_log {work}/nginx.log;
events {{ }}
http {{
  access_log off; sendfile on;
  client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
  uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def bytes_per_second(inside: Sequence[str], url: str, *options: str) -> float:
    command = [*inside, "curl", "-sf", "-o", "/dev/null", "-w", "%{speed_download}", *options, url]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def run(hosts: Hosts, work: Path, memory: Path, size: int, runs: int) -> dict[str, Any]:
    source = memory / "through-the-door.bin"
    subprocess.run(["openssl", "rand", "-out", str(source), str(size)], check=True)
    nginx, door = ("127.0.0.1", free_port()), ("127.0.0.1", free_port())
    config = work / "nginx-plain.conf"
    config.write_text(NGINX_CONFIG.format(work=work, port=nginx[1], root=memory))
    serve_plain = [*hosts.on_server, "nginx", "-c", str(config), "-e", str(work / "nginx.log")]
    node = EssaimNode(work, "door", [*hosts.node_options, "--web", f"{door[0]}:{door[1]}"], hosts.on_server)
    ours, theirs = [], []
    with server(serve_plain, nginx, hosts.on_server), node:
        node.ask("share", str(source))
        content = node.wait_for_share(source.name)["id"]
        # In a file and not an argument, which every user of the machine could read.
        header = work / "header"
        header.touch(mode=0o600)
        header.write_text(f"Authorization: Bearer {(node.home / 'web.token').read_text().strip()}\n")
        for _ in range(runs):
            theirs.append(bytes_per_second(hosts.on_server, f"http://{nginx[0]}:{nginx[1]}/{source.name}"))
            url = f"http://{door[0]}:{door[1]}/api/v1/files/{content}"
            ours.append(bytes_per_second(hosts.on_server, url, "-H", f"@{header}"))
    source.unlink()
    return {
        "bytes": size,
        "gigabytes_per_second": statistics.median(ours) / 1e9,
        "nginx_gigabytes_per_second": statistics.median(theirs) / 1e9,
        "of_the_speed_of_nginx": statistics.median(ours) / statistics.median(theirs),
    }

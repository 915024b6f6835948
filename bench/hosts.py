"""The two hosts between which things are measured."""

from __future__ import annotations

from dataclasses import dataclass, field

import lanlab


@dataclass(frozen=True)
class Hosts:
    server_address: str
    description: str
    on_server: list[str] = field(default_factory=list)
    on_client: list[str] = field(default_factory=list)
    node_options: list[str] = field(default_factory=list)


def find_hosts(discovery_port: int) -> Hosts:
    """Two hosts of the laboratory where we are inside one, else this machine's loopback."""
    if lanlab.is_inside():
        veth = "two network namespaces, veth"
        return Hosts(lanlab.address(1), veth, lanlab.on_host(1), lanlab.on_host(2))
    options = ["--interface", "lo", "--discovery-port", str(discovery_port)]
    return Hosts("127.0.0.1", "loopback", node_options=options)

"""Tells trusted relays from other peers; only headers that they add are believed (G13, E16)."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network


def is_trusted(remote: str, relays: Iterable[str]) -> bool:
    """Is `remote` (an IP address, "" for none) one of the configured addresses or networks?"""
    if not remote:
        return False
    address = ip_address(remote)
    if mapped := getattr(address, "ipv4_mapped", None):
        address = mapped
    return any(address in network for network in _networks(tuple(relays)))


@lru_cache(maxsize=8)
def _networks(relays: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(relay, strict=False) for relay in relays)

"""Blocks of addresses: which are the internet rather than a network."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final

Network = IPv4Network | IPv6Network

# Source: Amazon S3 User Guide, "The meaning of public" (aws:SourceIp), read 2026-11-29
_WIDEST: Final = {4: 8, 6: 32}
"""Shortest prefix that still is a network [bits]: 0.0.0.0/1 and 128.0.0.0/1 together are everything."""

_PRIVATE: Final = tuple(map(IPv6Network, ("fc00::/7", "fe80::/10")))
"""Private blocks with a shorter prefix; those of IPv4 have none."""


@lru_cache(maxsize=4096)
def network(block: str) -> Network | None:
    """Return *block* as a network, None where it is none."""
    try:
        return ip_network(block.strip(), strict=False)
    except ValueError:
        return None


def is_wide(block: object) -> bool:
    """Whether *block* is so wide that it means anyone."""
    found = network(str(block))
    if found is None:
        return str(block).endswith("/0")
    if isinstance(found, IPv6Network) and any(found.subnet_of(private) for private in _PRIVATE):
        return False
    return found.prefixlen < _WIDEST[found.version]


def within(block: str, blocks: Iterable[str]) -> bool:
    """Whether all of *block* is in *blocks* together."""
    inner, others = network(block), [found for found in map(network, blocks) if found is not None]
    if isinstance(inner, IPv4Network):
        return any(
            inner.subnet_of(each) for each in collapse_addresses(o for o in others if isinstance(o, IPv4Network))
        )
    if isinstance(inner, IPv6Network):
        return any(
            inner.subnet_of(each) for each in collapse_addresses(o for o in others if isinstance(o, IPv6Network))
        )
    return block in blocks

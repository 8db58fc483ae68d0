"""Pure: cut accounts' blocks from an environment's pool and subnets from a block. What is once recorded never moves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from typing import Final

ZONE_ROOM: Final = 4
"""Zones a block has room for, whether used yet or not [count]."""


class AddressError(ValueError):
    """An account's block can't be had; the text says what was asked and what is free."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        """The account."""
        self.problem = problem
        """The text without the account."""


def allocate(
    pool: IPv4Network,
    recorded: Mapping[str, IPv4Network],
    wanted: Mapping[str, int],
    excluded: Iterable[IPv4Network] = (),
) -> dict[str, IPv4Network]:
    """Give each wanted account a block of *pool*; a recorded account keeps the one it has.

    A new account takes the smallest free block that holds it (of equals the lowest), so that large blocks stay whole
    for large accounts. New accounts of one call are served by key: the order of files is no matter.

    Args:
        pool: the environment's addresses.
        recorded: blocks by account key once given, those of retired accounts included: none is given a second time.
        wanted: prefix length by account key.
        excluded: networks in use elsewhere (on premises, other environments).

    Raises:
        AddressError: the pool holds no free block of that size, or a recorded block has another size than wanted.
    """
    for key, prefix in wanted.items():
        if key in recorded and recorded[key].prefixlen != prefix:
            raise AddressError(
                key,
                f"a /{prefix} is asked for, but {recorded[key]} is recorded and a network never changes its block; "
                f"ask for /{recorded[key].prefixlen}, or retire the account and make a new one",
            )

    blocks = {key: recorded[key] for key in wanted if key in recorded}
    free = _Free(pool, (*recorded.values(), *excluded))
    for key in sorted(wanted.keys() - blocks.keys()):
        block = free.take(wanted[key])
        if block is None:
            raise AddressError(
                key,
                f"a /{wanted[key]} ({2 ** (32 - wanted[key])} addresses) is asked for, but pool {pool} has no such "
                f"block left (free: {free}); ask for a smaller one or widen the environment's address_pool",
            )
        blocks[key] = block
    return {key: blocks[key] for key in wanted}


def subnets(block: IPv4Network, zones: Sequence[str]) -> dict[str, IPv4Network]:
    """Cut a private subnet per zone out of *block*: each zone a quarter, so that a zone added at the end moves nothing.

    Raises:
        ValueError: a zone stands there twice, or there are more than four.
    """
    if len(set(zones)) != len(zones) or len(zones) > ZONE_ROOM:
        raise ValueError(f"zones: use up to {ZONE_ROOM} different letters, got {', '.join(zones)}")
    return dict(zip(zones, block.subnets(new_prefix=block.prefixlen + 2), strict=False))


class _Free:
    """The free part of a pool as aligned blocks: start addresses in order, by prefix length."""

    def __init__(self, pool: IPv4Network, taken: Iterable[IPv4Network]) -> None:
        self._starts: dict[int, list[int]] = defaultdict(list)
        start = int(pool.network_address)
        end = int(pool.broadcast_address) + 1
        # Sorted by address and walked once: linear in the number of accounts.
        for block in sorted(block for block in taken if block.overlaps(pool)):
            self._add(start, int(block.network_address))
            start = max(start, int(block.broadcast_address) + 1)
        self._add(start, end)

    def _add(self, start: int, end: int) -> None:
        if start < end:
            for block in summarize_address_range(IPv4Address(start), IPv4Address(end - 1)):
                self._starts[block.prefixlen].append(int(block.network_address))

    def take(self, prefix: int) -> IPv4Network | None:
        """Take one block out, or say that there is none."""
        fitting = [length for length, starts in self._starts.items() if starts and length <= prefix]
        if not fitting:
            return None
        length = max(fitting)
        start = self._starts[length].pop(0)
        # What is cut off above stays free, in aligned halves. No block of these sizes was free, or it had served.
        for half in range(length + 1, prefix + 1):
            self._starts[half] = [start + 2 ** (32 - half)]
        return IPv4Network((start, prefix))

    def __str__(self) -> str:
        return ", ".join(f"{len(s)} × /{length}" for length, s in sorted(self._starts.items()) if s) or "nothing"

"""Which address blocks each team account has: recorded ones stay, new ones are cut from the pool of their region."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from zone.plan.address import AddressError, allocate
from zone.plan.lock import Lock, block_key, recorded_blocks
from zone.specs.account import TeamAccount
from zone.specs.document import Path
from zone.specs.problems import Problem
from zone.specs.tree import Specs


def allocate_blocks(specs: Specs, lock: Lock) -> tuple[dict[str, IPv4Network], list[Problem]]:
    """Return the blocks of all team accounts by block_key(), and what stands against the others."""
    blocks: dict[str, IPv4Network] = {}
    problems: list[Problem] = []
    recorded = recorded_blocks(lock)
    for pool, wanted in _pools(specs):
        if any(pool.subnet_of(network) for network in specs.organization.on_premises):
            continue  # said once, of the pool (zone/specs/place_checks.py)
        prefixes = {block: prefix for block, (prefix, _) in wanted.items()}
        while prefixes:
            try:
                blocks |= allocate(pool, recorded, prefixes, specs.organization.on_premises)
                break
            except AddressError as error:
                # Go on without this account, so that all problems are said at once.
                account = error.key.partition("/")[0]
                problems.append(specs.sources[account].problem(wanted[error.key][1], error.problem))
                del prefixes[error.key]
    return blocks, problems


def _pools(specs: Specs) -> Iterator[tuple[IPv4Network, Mapping[str, tuple[int, Path]]]]:
    """Yield each pool with what is cut from it: prefix length and key of the file, by block."""
    for name, environment in specs.environments.items():
        teams = {
            key: spec
            for key, spec in specs.accounts.items()
            if isinstance(spec, TeamAccount) and specs.folder(key) == name
        }
        own = {key: spec.network.prefix for key, spec in teams.items() if not spec.network.vpc}
        yield environment.address_pool, {key: (prefix, ("network", "prefix")) for key, prefix in own.items()}
        for region, further in environment.regions.items():
            there = {key: spec for key, spec in teams.items() if region in spec.regions}
            yield (
                further.address_pool,
                {
                    block_key(key, region): (spec.network.prefix, ("regions", spec.regions.index(region)))
                    for key, spec in there.items()
                },
            )

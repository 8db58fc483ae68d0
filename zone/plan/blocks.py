"""Which block each network has: recorded ones stay, new ones are cut from the pool of their environment and region."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from zone.plan.address import AddressError, allocate
from zone.plan.lock import HUB, Lock, block_key
from zone.specs.account import TeamAccount
from zone.specs.document import Path
from zone.specs.environment import Environment
from zone.specs.mlflow import FargateMlflow
from zone.specs.problems import Problem
from zone.specs.tree import Specs

Asked = dict[str, tuple[int, str, Path]]
"""What is cut from one pool: prefix length, source and key of the file that asks, by block."""


def allocate_blocks(specs: Specs, lock: Lock) -> tuple[dict[str, IPv4Network], list[Problem]]:
    """Return the block of each network of ours, as LockFile.blocks has them, and what stands against the others."""
    blocks: dict[str, IPv4Network] = {}
    problems: list[Problem] = []
    for pool, asked in _pools(specs):
        if any(pool.subnet_of(network) for network in specs.organization.on_premises):
            continue  # said once, of the pool (zone/specs/place_checks.py)
        prefixes = {block: prefix for block, (prefix, _, _) in asked.items()}
        while prefixes:
            try:
                blocks |= allocate(pool, lock.ids.blocks, prefixes, specs.organization.on_premises)
                break
            except AddressError as error:
                # Go on without this network, so that all problems are said at once.
                _, source, path = asked[error.key]
                problems.append(specs.sources[source].problem(path, error.problem))
                del prefixes[error.key]
    return blocks, problems


def _pools(specs: Specs) -> Iterator[tuple[IPv4Network, Asked]]:
    """Yield each pool with what is cut from it."""
    for name, environment in specs.environments.items():
        here = {key: spec for key, spec in specs.accounts.items() if specs.folder(key) == name}
        teams = {key: spec for key, spec in here.items() if isinstance(spec, TeamAccount)}
        asked: Asked = {
            key: (spec.network.prefix, key, ("network", "prefix"))
            for key, spec in teams.items()
            if not spec.network.vpc
        }
        for key, spec in here.items():
            asked |= _platform(key, name, environment) if spec.kind == "platform" else {}
        yield environment.address_pool, asked
        for region, further in environment.regions.items():
            yield (
                further.address_pool,
                {
                    block_key(key, region): (spec.network.prefix, key, ("regions", spec.regions.index(region)))
                    for key, spec in teams.items()
                    if region in spec.regions
                },
            )


def _platform(key: str, name: str, environment: Environment) -> Asked:
    """What a platform account needs: its environment's file asks for it."""
    asked: Asked = {}
    if isinstance(environment.mlflow, FargateMlflow):
        asked[key] = (environment.mlflow.network_prefix, name, ("mlflow", "network_prefix"))
    if environment.hub:
        asked[key + HUB] = (environment.hub.prefix, name, ("hub", "prefix"))
    return asked

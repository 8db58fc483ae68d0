"""Which block each account with a network has: recorded ones stay, new ones are cut from the environment's pool."""

from ipaddress import IPv4Network

from zone.plan.address import AddressError, allocate
from zone.plan.lock import Lock
from zone.specs.account import TeamAccount
from zone.specs.mlflow import FargateMlflow
from zone.specs.problems import Problem
from zone.specs.tree import Specs


def allocate_blocks(specs: Specs, lock: Lock) -> tuple[dict[str, IPv4Network], list[Problem]]:
    """Return the block of each account that has a network of ours, and what stands against the others."""
    blocks: dict[str, IPv4Network] = {}
    problems: list[Problem] = []
    recorded = {key: entry.cidr for key, entry in lock.ids.accounts.items() if entry.cidr}
    wanted: dict[str, dict[str, int]] = {name: {} for name in specs.environments}
    for key, spec in specs.accounts.items():
        if isinstance(spec, TeamAccount) and not spec.network.vpc and specs.folder(key) in wanted:
            wanted[specs.folder(key)][key] = spec.network.prefix
        place = specs.environments.get(specs.folder(key))
        if spec.kind == "platform" and place and isinstance(place.mlflow, FargateMlflow):
            wanted[specs.folder(key)][key] = place.mlflow.network_prefix
    for environment, prefixes in wanted.items():
        pool = specs.environments[environment].address_pool
        if any(pool.subnet_of(network) for network in specs.organization.on_premises):
            continue  # said once, of the pool (zone/specs/place_checks.py)
        while prefixes:
            try:
                blocks |= allocate(pool, recorded, prefixes, specs.organization.on_premises)
                break
            except AddressError as error:
                # Go on without this account, so that all problems are said at once.
                problems.append(_problem(specs, environment, error))
                del prefixes[error.key]
    return blocks, problems


def _problem(specs: Specs, environment: str, error: AddressError) -> Problem:
    """Say it of the key that asks for the block: a platform's stands in its environment's file."""
    if specs.accounts[error.key].kind == "platform":
        return specs.sources[environment].problem(("mlflow", "network_prefix"), error.problem)
    return specs.sources[error.key].problem(("network", "prefix"), error.problem)

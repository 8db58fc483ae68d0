"""What a team has in further regions: networks, and the endpoints that jobs and models need there."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Final

from zone.plan.address import subnets
from zone.plan.endpoints import declared, needed
from zone.plan.lock import block_key
from zone.plan.network import NetworkPlan
from zone.plan.zone import RegionPlan
from zone.specs.account import TeamAccount
from zone.specs.environment import Environment

AT_HOME: Final = frozenset({"studio", "mlflow", "online-features", "offline-features"})
"""Features that are in a team's own region only. Shares are not asked for: they are read at home."""


def regions(
    key: str, spec: TeamAccount, environment: Environment, blocks: Mapping[str, IPv4Network]
) -> dict[str, RegionPlan]:
    """Plan the further regions of team account *key*.

    Args:
        key: the account.
        spec: the team's spec.
        environment: its environment.
        blocks: all blocks by block_key().
    """
    features = [feature for feature in declared(spec) if feature not in AT_HOME]
    found = {}
    for region in spec.regions:
        block, there = blocks[block_key(key, region)], environment.regions[region]
        found[region] = RegionPlan(
            network=NetworkPlan(cidr=block, subnets=subnets(block, there.zones)),
            endpoints=needed(region, features),
            quotas=there.quotas,
        )
    return found

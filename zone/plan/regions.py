"""What a team has in further regions: networks, endpoints of jobs and models, and which instance types AWS has."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Final

from zone.facts import facts
from zone.plan.address import subnets
from zone.plan.endpoints import declared, needed
from zone.plan.lock import block_key
from zone.plan.network import NetworkPlan
from zone.plan.zone import RegionPlan
from zone.specs.account import InstanceTypes, TeamAccount
from zone.specs.environment import Environment

AT_HOME: Final = frozenset(
    {"studio", "mlflow", "online-features", "offline-features", "packages", "image-builds", "spark"}
)
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


def absent(region: str, uses: InstanceTypes) -> tuple[str, ...]:
    """Return the allowed instance types whose family AWS does not have in *region*, as far as is known here."""
    families = frozenset(facts("absent_families")["regions"].get(region, ()))
    allowed = dict.fromkeys(each for types in uses.model_dump(exclude={"notebook"}).values() for each in types)
    return tuple(each for each in allowed if each.split(".")[1] in families)

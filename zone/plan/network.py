"""A team's network: cut from the pool, or one that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from zone.plan.address import subnets
from zone.specs.account import TeamAccount


@dataclass(frozen=True, kw_only=True)
class ExistingNetworkPlan:
    """A network that the network team made in the account."""

    vpc_id: str
    """The VPC."""

    subnet_ids: Mapping[str, str]
    """Private subnet by zone letter."""

    endpoint_security_group_id: str
    """Security group of its interface endpoints."""

    prefix_list_ids: Mapping[str, str]
    """AWS's prefix list by key of a gateway endpoint."""


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """Block and subnets of one account."""

    cidr: IPv4Network
    """The VPC's block."""

    subnets: Mapping[str, IPv4Network]
    """Private subnet by zone letter; none where the network is there already."""

    existing: ExistingNetworkPlan | None = None
    """What is there; None: all of it is ours."""


def network(spec: TeamAccount, block: IPv4Network | None, zones: Sequence[str]) -> NetworkPlan:
    """Plan it.

    Args:
        spec: the team's spec.
        block: the block given to it; None where the spec names a network that is there.
        zones: letters of the environment's zones.
    """
    there = spec.network
    if there.vpc and there.cidr and there.endpoints:
        existing = ExistingNetworkPlan(
            vpc_id=there.vpc,
            subnet_ids=there.subnets,
            endpoint_security_group_id=there.endpoints.security_group,
            prefix_list_ids={"s3": there.endpoints.s3_prefix_list},
        )
        return NetworkPlan(cidr=there.cidr, subnets={}, existing=existing)
    if block is None:
        raise ValueError("a network of ours has a block")
    return cut(block, zones)


def cut(block: IPv4Network, zones: Sequence[str]) -> NetworkPlan:
    """Plan a network of ours: *block*, and a subnet in each of *zones*."""
    return NetworkPlan(cidr=block, subnets=subnets(block, zones))

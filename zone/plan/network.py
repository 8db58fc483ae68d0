"""A team's network: cut from the pool, or one that is there."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from zone.plan.address import subnets
from zone.plan.zone import ExistingNetworkPlan, NetworkPlan
from zone.specs.account import TeamAccount


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
    return NetworkPlan(cidr=block, subnets=subnets(block, zones))

"""Where environments are: regions that exist and are allowed, address pools that AWS takes and nobody else has."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations
from typing import Final

from zone.facts import facts
from zone.specs.problems import Problem, meant
from zone.specs.tree import ORG, Specs

UNUSABLE: Final = {
    IPv4Network("0.0.0.0/8"): "this network",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved",
    IPv4Network("172.17.0.0/16"): "used by SageMaker itself",
}
"""Blocks that no network of ours can have, and what they are.

Sources: RFC 6890, "Special-Purpose IP Address Registries"; Amazon VPC User Guide, "VPC CIDR blocks" (172.17.0.0/16
conflicts with SageMaker; addresses outside RFC 1918 are taken), read 2026-11-30.
"""


def place_problems(specs: Specs) -> Iterator[Problem]:
    """Yield what is wrong with the regions and address pools of the environments."""
    yield from _regions(specs)
    yield from _pools(specs)


def _regions(specs: Specs) -> Iterator[Problem]:
    """Regions exist, are allowed and are enabled."""
    allowed, enabled = specs.organization.allowed_regions, specs.organization.opt_in_regions
    if not allowed:  # the organisation's file has problems of its own
        return
    kept_off = facts("opt_in_regions")["regions"]
    known = {*facts("default_regions")["regions"], *kept_off, *enabled}
    for place, region in enumerate(allowed):
        if region not in known:
            text = (
                f"no region of AWS that is known here, got {region}{meant(region, known)}; allowed: a region that "
                "exists; AWS keeps a newer one off until it is enabled, so name it under opt_in_regions too"
            )
            yield specs.sources[ORG].problem(("allowed_regions", place), text)
    regions = {name: ("region", spec.region) for name, spec in specs.environments.items()}
    regions[ORG] = ("home_region", specs.organization.home_region)
    for name, (key, region) in regions.items():
        if region not in allowed:
            text = f"not in allowed_regions of org/environment.yaml, got {region}; allowed: {', '.join(allowed)}"
            yield specs.sources[name].problem((key,), text)
        elif region in kept_off and region not in enabled:
            text = (
                f"AWS keeps this region off in a new account, got {region}; enable it in each account after `./mlz up "
                f"org` (aws account enable-region --region-name {region} --account-id …) and say so: "
                f"opt_in_regions: [{region}] in org/environment.yaml"
            )
            yield specs.sources[name].problem((key,), text)


def _pools(specs: Specs) -> Iterator[Problem]:
    """A pool holds addresses that AWS takes, is nobody else's, and is not all in use on premises."""
    for name, spec in specs.environments.items():
        pool, source = spec.address_pool, specs.sources[name]
        for block, what in UNUSABLE.items():
            if pool.overlaps(block):
                text = f"holds {block} ({what}), got {pool}; allowed: a block such as 10.64.0.0/14"
                yield source.problem(("address_pool",), text)
        for place, network in enumerate(specs.organization.on_premises):
            if pool.subnet_of(network):
                text = f"covers the whole address_pool {pool} of {name}/environment.yaml, got {network}; allowed: the "
                text += "networks that are really in use there, or another pool"
                yield specs.sources[ORG].problem(("on_premises", place), text)
    for (one, first), (other, second) in combinations(sorted(specs.environments.items()), 2):
        if first.address_pool.overlaps(second.address_pool):
            got = f"got {second.address_pool}; allowed: a pool of its own"
            text = f"overlaps {first.address_pool} of {one}/environment.yaml, {got}"
            yield specs.sources[other].problem(("address_pool",), text)

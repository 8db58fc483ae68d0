"""Where environments are: regions that exist and are allowed, address pools that AWS takes and nobody else has."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations
from typing import Final

from zone.facts import facts
from zone.specs.document import Path
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
    named: list[tuple[str, Path, str]] = [(name, ("region",), spec.region) for name, spec in specs.environments.items()]
    named += [(name, ("regions", each), each) for name, spec in specs.environments.items() for each in spec.regions]
    named.append((ORG, ("home_region",), specs.organization.home_region))
    for name, path, region in named:
        if region not in allowed:
            text = f"not in allowed_regions of org/environment.yaml, got {region}; allowed: {', '.join(allowed)}"
            yield specs.sources[name].problem(path, text)
        elif region in kept_off and region not in enabled:
            text = (
                f"AWS keeps this region off in a new account, got {region}; enable it in each account after `./mlz up "
                f"org` (aws account enable-region --region-name {region} --account-id …) and say so: "
                f"opt_in_regions: [{region}] in org/environment.yaml"
            )
            yield specs.sources[name].problem(path, text)


def _pools(specs: Specs) -> Iterator[Problem]:
    """A pool holds addresses that AWS takes, is nobody else's, and is not all in use on premises."""
    pools = list(_named_pools(specs))
    for name, path, pool in pools:
        source = specs.sources[name]
        for block, what in UNUSABLE.items():
            if pool.overlaps(block):
                text = f"holds {block} ({what}), got {pool}; allowed: a block such as 10.64.0.0/14"
                yield source.problem(path, text)
        for place, network in enumerate(specs.organization.on_premises):
            if pool.subnet_of(network):
                text = f"covers the whole {path[-1]} {pool} of {name}/environment.yaml, got {network}; allowed: the "
                text += "networks that are really in use there, or another pool"
                yield specs.sources[ORG].problem(("on_premises", place), text)
    for (one, where, first), (other, path, second) in combinations(pools, 2):
        if first.overlaps(second):
            of = f" ({where[1]})" if len(where) > 1 else ""
            got = f"got {second}; allowed: a pool of its own"
            text = f"overlaps {first} of {one}/environment.yaml{of}, {got}"
            yield specs.sources[other].problem(path, text)


def _named_pools(specs: Specs) -> Iterator[tuple[str, Path, IPv4Network]]:
    """Yield environment, key and addresses of each pool."""
    for name, spec in sorted(specs.environments.items()):
        yield name, ("address_pool",), spec.address_pool
        for region, there in spec.regions.items():
            yield name, ("regions", region, "address_pool"), there.address_pool

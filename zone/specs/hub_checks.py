"""What must hold of an environment's hub before anything is planned."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from zone.specs.environment import Environment
from zone.specs.hub import Hub
from zone.specs.problems import Problem
from zone.specs.source import Source
from zone.specs.tree import Specs

_AWS: Final = ("amazonaws.com", "aws", "sagemaker.aws")
"""Domains below which every AWS customer has names: allowed, they are a way to a stranger's bucket in any region."""


def hub_problems(specs: Specs) -> Iterator[Problem]:
    """Yield what is wrong with the environments' hubs."""
    for name, environment in specs.environments.items():
        if environment.hub:
            source = specs.sources[name]
            yield from _useless(environment, environment.hub, source)
            yield from _domains(environment.hub, source)
            yield from _attachments(environment.hub, source, specs)


def _useless(environment: Environment, hub: Hub, source: Source) -> Iterator[Problem]:
    """A hub that nobody comes to is billed for nothing."""
    used = hub.egress or hub.attachments or getattr(environment.mlflow, "reach", "") == "hub"
    if hub.endpoints == "local" and not used:
        text = (
            "the hub would do nothing: no central endpoints, no egress, no attachments, and MLflow is not reached "
            "through it; allowed: endpoints: central or cheapest, or egress, or attachments, or leave `hub` out"
        )
        yield source.problem(("hub", "endpoints"), text)


def _domains(hub: Hub, source: Source) -> Iterator[Problem]:
    """AWS is reached through endpoints, which ask whose bucket it is; the way out asks nobody."""
    for place, domain in enumerate(hub.egress.allowed_domains if hub.egress else ()):
        bare = domain.removeprefix("*.")
        if bare in _AWS or (domain.startswith("*.") and bare.endswith(".amazonaws.com")):
            text = (
                f"every AWS customer has names there, so data could leave to a stranger's, got {domain}; allowed: the "
                "full name of one host; what our accounts need of AWS they reach through endpoints"
            )
            yield source.problem(("hub", "egress", "allowed_domains", place), text)


def _attachments(hub: Hub, source: Source, specs: Specs) -> Iterator[Problem]:
    """What is behind an attachment overlaps no network of ours, and nothing behind another one."""
    kept = specs.organization.on_premises
    for name, attachment in hub.attachments.items():
        for place, block in enumerate(attachment.cidrs):
            if not any(block.subnet_of(network) for network in kept):
                text = (
                    f"a network of ours could be cut from it, got {block}; allowed: networks within on_premises of "
                    f"org/environment.yaml ({', '.join(map(str, kept)) or 'there is none yet'})"
                )
                yield source.problem(("hub", "attachments", name, "cidrs", place), text)
    for (one, first), (other, second) in combinations(hub.attachments.items(), 2):
        for place, block in enumerate(second.cidrs):
            if any(block.overlaps(each) for each in first.cidrs):
                text = f"overlaps what is behind {one}, got {block}; allowed: each network behind one attachment"
                yield source.problem(("hub", "attachments", other, "cidrs", place), text)
        if first.id == second.id:
            text = f"also the id of {one}, got {second.id}; allowed: put the networks of both under one name"
            yield source.problem(("hub", "attachments", other, "id"), text)

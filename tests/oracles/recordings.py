"""Every stack of this repository, recorded once a process, and a way to injure a copy."""

import json
from dataclasses import replace
from functools import cache, partial

import pytest

from checks.record import record
from stacks.build import build
from zone.plan import planner

ZONE = planner.read()
STACKS = ("org", *ZONE.platforms, *ZONE.teams)

each_stack = pytest.mark.parametrize("stack", STACKS)


@cache
def recording(stack):
    """What a stack asks for."""
    return record(lambda: build(ZONE, stack), stack=stack)


def default_tags(stack):
    """Tags that the provider of a stack adds to each resource."""
    provider = recording(stack).one("pulumi:providers:aws")
    return json.loads(provider.inputs["defaultTags"])["tags"]


DOT = "·"


def injured(resource, path, value):
    """A copy of *resource* whose input at *path* (keys and places, dotted) is *value*; ... takes it away.

    A dot within a key is written DOT.
    """
    inputs = json.loads(json.dumps(resource.inputs))
    *way, last = (int(step) if step.isdigit() else step.replace(DOT, ".") for step in path.split("."))
    place = inputs
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return replace(resource, inputs=inputs)


WITH_EVERY_TYPE = ("org", "dev", "dev-fraud", "dev-churn")
"""Stacks that have each type at least once between them, here or in another of the examples."""


@cache
def of_example(example, stack):
    """What a stack of another example asks for."""
    zone = planner.read(planner.EXAMPLES.with_name(example))
    return record(lambda: build(zone, stack), stack=stack)


@cache
def one_of(type_):
    """A stack that has a resource of *type_*, and the resource."""
    return next(
        (stack, found[0])
        for record_of in (recording, partial(of_example, "shared-platform"), partial(of_example, "every-key"))
        for stack in WITH_EVERY_TYPE
        if (found := record_of(stack).of(type_))
    )

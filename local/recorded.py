"""Which stacks the backend has, whatever accounts/ says."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from local.errors import LocalError
from local.process import Process
from local.world import World
from zone.plan.unmade import unmade
from zone.plan.zone import ZonePlan

ORG = "org"


class BackendError(LocalError):
    """The backend doesn't say which stacks it has; the text is for the user."""


@dataclass(frozen=True)
class Recorded:
    """What the backend says of one stack."""

    resources: int
    """Resources it holds, providers and components among them [count]."""

    updated: str
    """When it was changed last, in UTC as ISO 8601; empty: never."""


def recorded(world: World) -> dict[str, Recorded]:
    """Return the project's stacks by name.

    Raises:
        BackendError: the backend gave no answer.
    """
    listed = Process.ask(world, "stack", "ls", "--json")
    if listed.returncode:
        text = listed.stderr.strip().removeprefix("error: ")
        raise BackendError(f"can't list the stacks of {world.backend}: {text}")
    return {
        stack["name"]: Recorded(stack.get("resourceCount") or 0, stack.get("lastUpdate") or "")
        for stack in json.loads(listed.stdout)
    }


def left_over(names: Iterable[str], needs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return, for stacks that accounts/ does not know any more, what must outlive them: their name says it."""
    return {name: frozenset({ORG, name.partition("-")[0]} - {name}) for name in names if name not in needs}


def present(world: World, zone: ZonePlan, names: Iterable[str]) -> set[str]:
    """Return the stacks that are there; not org where it has yet to make an account of *names*, a new team's."""
    waits = any(unmade(zone, name) for name in names)
    return set(recorded(world)) - ({ORG} if waits else set())


def missing(names: Collection[str], needs: Mapping[str, frozenset[str]], present: Collection[str]) -> list[str]:
    """Return the stacks that *names* need and nobody has made, in the order of *needs*."""
    wanted, open_ = set(names), list(names)
    while open_:
        new = needs.get(open_.pop(), frozenset()) - wanted
        wanted |= new
        open_ += new
    return [name for name in needs if name in wanted and name not in names and name not in present]

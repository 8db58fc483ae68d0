"""A step of a journey: what somebody does, who may, and what came of it for each who tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.journeys.callers import JOBS, PEOPLE, Caller

LAYERS = {
    "identity-based policy": "identity",
    "permissions boundary": "boundary",
    "session policy": "session",
    "resource-based policy": "resource",
    "service control policy": "SCP",
    "resource control policy": "RCP",
    "VPC endpoint policy": "endpoint",
}
"""AWS's words in a refusal → the page's."""


@dataclass(frozen=True)
class Step:
    """One thing that people and containers try."""

    part: str
    title: str
    may: frozenset[str]
    tried_by: tuple[str, ...]
    act: Callable[[Caller, "Stage"], Any]


@dataclass
class Stage:
    """What the steps find: the callers by title, and what was made before."""

    callers: Mapping[str, Caller]
    made: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of a step for one caller."""

    allowed: bool
    layer: str = ""
    why: str = ""


STEPS: list[Step] = []


def step(part: str, title: str, may: str = "", *, also: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> Any:
    """Register the decorated function as a step.

    Args:
        part: heading of the page.
        title: what is done, in words.
        may: who may, titles separated by commas; everybody else must be refused.
        also: who tries besides the team's people and containers.
        only: who tries instead.
    """

    def register(act: Callable[[Caller, Stage], Any]) -> Callable[[Caller, Stage], Any]:
        allowed = frozenset(each.strip() for each in may.split(",") if each.strip())
        tried_by = only or (*PEOPLE, *JOBS, *also)
        assert allowed <= {*tried_by}, f"{title}: {allowed - {*tried_by}} may, but doesn't try"
        STEPS.append(Step(part, title, allowed, tried_by, act))
        return act

    return register


EVERYBODY = ", ".join((*PEOPLE, *JOBS))


def tried(each: Step, caller: Caller, stage: Stage) -> Outcome:
    """Let *caller* take the step. An error that is no refusal is the caller's to see: it fails the test."""
    try:
        each.act(caller, stage)
    except ClientError as error:
        return refusal(error)
    return Outcome(allowed=True)


def refusal(error: ClientError) -> Outcome:
    """What a refusal says; every other error goes on."""
    said = str(error.response["Error"]["Message"])
    if "would hang until" in said:
        return Outcome(allowed=False, layer="no way")
    if "is not authorized to perform: " not in said:
        raise error
    asked = said.split("is not authorized to perform: ")[1]
    action, _, rest = asked.partition(" on resource: ")
    who = said.split("User: ")[1].split(" ", maxsplit=1)[0].split(":", 5)[-1]
    deny = "with an explicit deny in a" in rest
    layer = next(short for words, short in LAYERS.items() if words in rest)
    return Outcome(allowed=False, layer=f"{layer} deny" if deny else layer, why=f"{action} of {who}")

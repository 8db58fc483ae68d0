"""Why an answer is what it is: every statement that speaks of the action, and what keeps it from applying."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from checks.access.catalog import findings
from checks.access.lines import Case
from checks.access.policy import Statement
from checks.access.request import Request
from checks.access.result import Layer, UnknownMatchError
from checks.access.sides import Part


class Row(NamedTuple):
    """One statement whose action element matches."""

    layer: Layer
    policy: str
    statement: str
    effect: str
    obstacles: tuple[str, ...]
    """What keeps it from applying; empty where it applies."""


def explain(case: Case) -> list[Row]:
    """Every statement that speaks of the case's action, in the order the layers are looked at."""
    request, bounded = case.request, case.caller.bounded
    return [
        Row(
            part.layer,
            name,
            statement.text.label,
            "Allow" if statement.text.allow else "Deny",
            _obstacles(statement, request),
        )
        for part in parts(case)
        for name, statement in part.statements(request.action.lower(), bounded=bounded)
    ]


def notes(case: Case) -> list[str]:
    """What the case's policies say that AWS will never ask, such as an action it does not have."""
    named = {name: policy for part in parts(case) for name, policy in part.policies}
    return [f"{name}: {found}" for name, policy in named.items() for found in findings(policy.texts)]


def parts(case: Case) -> tuple[Part, ...]:
    """The layers that apply, in the order they are looked at."""
    caller, target = case.caller, case.target
    return (*caller.guardrails, *target.control, target.policy, caller.identity, *caller.limits)


def _obstacles(statement: Statement, request: Request) -> tuple[str, ...]:
    text = statement.text
    checks: list[tuple[Callable[[], object], str]] = []
    if statement.resource is not None:
        resource = statement.resource
        about = f"{'not ' if text.not_resource else ''}{_some(text.resources)}"
        checks.append((lambda: resource(request), f"is about {about}"))
    if statement.principal is not None:
        who = statement.principal
        checks.append((lambda: who.grade(request.principal), f"does not mean {request.principal.text}"))
    for test, (op, key, wanted) in zip(statement.conditions, text.conditions, strict=True):
        values = request.values(key.lower())
        has = "the request has no such key" if values is None else f"the request has {_some(values)}"
        checks.append((partial(test, request), f"asks {op.name} {key} {_some(wanted)}; {has}"))
    return tuple(found for check, message in checks if (found := _obstacle(check, message)))


def _obstacle(check: Callable[[], object], message: str) -> str:
    try:
        return "" if check() else message
    except UnknownMatchError as error:
        return str(error)


_MOST_SHOWN = 3


def _some(texts: Sequence[str]) -> str:
    """The first few of *texts*, for one line of a message."""
    more = f" and {len(texts) - _MOST_SHOWN} more" if len(texts) > _MOST_SHOWN else ""
    return ", ".join(texts[:_MOST_SHOWN]) + more

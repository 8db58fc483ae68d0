"""The further rights AWS checks when a call is made: of the caller, of a role handed over, of the service itself.

The tables are zone/facts/dependent_rights/, one file per service prefix:

    read            the day its sources were read
    together        names for actions that are always asked for together
    tags            the right that any request of this service needs which carries tags
    nothing         source → actions that need nothing further, as far as AWS documents
    actions         action → source and rights

A right says who needs which action on what:

    who             caller, a service's host name, or the path (paths.py) to a role
    or              caller: the caller's own right is enough too
    action          an IAM action, or a name of `together`; {made} is the operation's name without Create
    resource        *, an ARN with holes, a path, or "itself": what the call makes
    when            tests that must all hold
    via             services that ask with the identity of *who*; several mean that public sources do not agree which,
                    and each must work
    network         path to the subnets the role works in; without it the service asks from its own network
    context         further condition keys; values are text with holes
    alone           true: the role's own policies are asked, without condition keys and guardrails
    mark            certain: the source says so; likely: in part inferred
    source          where it is not the action's
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from checks.access.catalog import services
from local.authority.held import known_arn
from local.authority.params import request_tags
from local.authority.paths import Found, filled, found, holds, values
from local.authority.resources import made_by
from local.handlers.operation import Call
from zone.facts import FOLDER, facts


class Right(NamedTuple):
    """One further right that one call needs."""

    who: str
    """caller, the ARN of a role, or a service's host name."""

    action: str
    """IAM action."""

    resource: str
    """ARN, or *."""

    context: Mapping[str, object]
    """Condition keys of this check; wins over the call's own."""

    via: str
    """Service that asks with the identity of *who*; empty: nobody in between."""

    subnet: str
    """Subnet it is asked from; empty: the service's own network."""

    or_caller: bool
    """Whether the caller's own right is enough."""

    alone: bool
    """Whether only the role's own policies are asked, without condition keys."""


def known(action: str) -> bool:
    """Whether somebody has looked what AWS asks besides *action*."""
    table = _table(action)
    return action in table.get("actions", {}) or any(action in each for each in table.get("nothing", {}).values())


def rights_of(call: Call, action: str) -> Iterator[Right]:
    """Yield the further rights *call* needs."""
    table = _table(action)
    row = table.get("actions", {}).get(action)
    for right in row["rights"] if row else ():
        yield from _rights(call, action, right, table)
    if "tags" in table and request_tags(call.params) and _level(action) != "Tagging":
        yield from _rights(call, action, table["tags"], table)


def _table(action: str) -> Mapping[str, Any]:
    return _of_service(action.partition(":")[0])


@cache
def _of_service(prefix: str) -> Mapping[str, Any]:
    name = f"dependent_rights/{prefix}"
    return facts(name) if (FOLDER / f"{name}.json").exists() else {}


def _known(action: str) -> bool:
    """Whether AWS has an action; what a `{made}` makes of an operation's name need not exist."""
    return action.lower() in services()[action.partition(":")[0]].actions


def _level(action: str) -> str:
    return services()[action.partition(":")[0]].actions[action.lower()].level


def _rights(call: Call, action: str, right: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[Right]:
    if not all(holds(call, test) for test in right.get("when", ())):
        return
    for who in _whom(call, right["who"]):
        for asked in table.get("together", {}).get(right["action"], [right["action"]]):
            asked_action = asked.replace("{made}", call.operation.removeprefix("Create"))
            if not _known(asked_action):
                continue
            for resource, keys in _resources(call, action, right["resource"], asked_action):
                context = {key: _text(call, text) for key, text in right.get("context", {}).items()}
                for via in right.get("via", [""]):
                    yield Right(
                        who,
                        asked_action,
                        resource,
                        {**keys, **context},
                        via,
                        subnet=next((str(each) for each in values(call, right.get("network", ""))), ""),
                        or_caller=right.get("or") == "caller",
                        alone=bool(right.get("alone")),
                    )


def _whom(call: Call, who: str) -> list[str]:
    if who == "caller":
        return [who]
    return filled(call, who) if who.endswith(".amazonaws.com") else [str(role) for role in values(call, who)]


def _resources(call: Call, action: str, where: str, asked: str) -> list[Found]:
    if where == "itself":
        arns = made_by(call, action, lambda kind, name: known_arn(call.account, call.region, kind, name))
        return [Found(arn, {}) for arn in arns]
    if where == "*" or where.startswith(("arn:", "{")):
        return [Found(arn, {}) for arn in filled(call, where)]
    return found(call, where, asked)


def _text(call: Call, text: str) -> str:
    return next(iter(filled(call, text)), "")

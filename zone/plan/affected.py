"""Which stacks a change touches: two plans side by side, each stack's part of both, and in words what differs.

A stack's part is all the plan says of it but what is named here as not deployed by it. So a field that is new in the
plan counts from its first day: a stack too many is a minute lost, a stack too few is a right that AWS denies.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel

from zone.guardrails.enforcement import OrganizationPolicy
from zone.names import UNASSIGNED_ORGANIZATION
from zone.plan.account import AccountPlan
from zone.plan.describe import ORG, dependencies
from zone.plan.endpoint import EndpointPlan
from zone.plan.hub import HubPlan, SpokePlan
from zone.plan.hub_ids import HubIds
from zone.plan.portal import PortalPlan
from zone.plan.zone import OrganizationPlan, RegionPlan, ZonePlan

DIGEST: Final = "plan_digest"
"""Output by which a stack says of what plan and code it was made: `up --changed` compares it."""
_NOT_DEPLOYED: Final[Mapping[type, Collection[str]]] = {
    AccountPlan: {"quotas", "source"},  # what AWS granted, and where the file lies
    EndpointPlan: {"features"},  # for readers
    HubPlan: {"choice", "local_usd"},  # likewise; what is chosen stands beside it
    HubIds: {"accounts"},  # another team's is none of a team's business
    SpokePlan: {"made"},  # a matter of order
    # Guardrails are packed into policies, AWS gives quotas and id, and bootstrap makes what CI's integration says.
    OrganizationPlan: {"guardrails", "quotas", "organization_id", "integration"},
    OrganizationPolicy: {"sources", "description"},
    RegionPlan: {"quotas"},
    PortalPlan: {"users", "unrecorded"},  # those who are let in are its assignments
}
_NOT_BY_ORG: Final = frozenset(
    {
        "account_id",  # the org stack gives it
        "budget_usd_per_month",  # the sum counts
        "disposable",
        "environment",
        "further_regions",
        "kind",
        "owner",  # it is a tag
        "policy_exceptions",
        "preview_caller_arn",
        "region",
        "stack",
    }
)
"""What of a member account the account's own stack makes."""
_MOST_WORDS: Final = 5
"""Names after which "and 7 more" tells as much."""


@dataclass(frozen=True, kw_only=True)
class Affected:
    """A stack that a change touches."""

    stack: str
    """Name of the stack."""

    why: tuple[str, ...]
    """What differs, for people: "instance types ~ training"."""

    gone: bool = False
    """Whether the stack is no longer planned: it is destroyed, never deployed."""


def affected(before: ZonePlan, after: ZonePlan) -> list[Affected]:
    """Return the stacks whose part of the plan differs, in deployment order; those that are gone come last."""
    old, new = parts(before), parts(after)
    found = [
        Affected(stack=stack, why=tuple(_differences(old[stack], new[stack])) if stack in old else ("new",))
        for stack in dependencies(after)
        if old.get(stack) != new[stack]
    ]
    gone = [Affected(stack=stack, why=("no longer planned",), gone=True) for stack in old if stack not in new]
    return [*found, *gone]


def digest(zone: ZonePlan, stack: str, code: str) -> str:
    """Return what stands for *stack*'s part of the plan and the *code* that builds it: the same as long as both are."""
    text = json.dumps([parts(zone, [stack])[stack], code], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def parts(zone: ZonePlan, stacks: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """Return what the plan says of each stack, as plain values by the plan's own names; of *stacks* only, if given."""
    found: dict[str, dict[str, Any]] = {}
    for stack in dependencies(zone) if stacks is None else stacks:
        if stack == ORG:
            found[stack] = _organization(zone.organization)
        else:
            whole = zone.platforms.get(stack) or zone.teams[stack]
            part = {each.name: getattr(whole, each.name) for each in fields(whole)}
            account = part.pop("account")
            if stack in zone.platforms:
                part["teams"] = {team: each.account_id for team, each in part["teams"].items()}
            found[stack] = {**_plain(account), **_plain(part)}
    return found


def _organization(plan: OrganizationPlan) -> dict[str, Any]:
    """The org stack's part; the organisation's id is no difference, for the stack itself finds it out."""
    part: dict[str, Any] = _plain(plan)
    for account in part["accounts"].values():
        for name in _NOT_BY_ORG:
            account.pop(name, None)
    part["budget_usd_per_month"] = sum(account.budget_usd_per_month for account in plan.accounts.values())
    if plan.organization_id:
        part = json.loads(json.dumps(part).replace(plan.organization_id, UNASSIGNED_ORGANIZATION))
    return part


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any part of the plan
    """Return *value* as JSON knows it, without what is not deployed."""
    if is_dataclass(value):
        left_out = _NOT_DEPLOYED.get(type(value), ())
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name not in left_out}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude=set(_NOT_DEPLOYED.get(type(value), ())))
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        walked = [_plain(part) for part in value]
        # A set has an order of its own in each process.
        return sorted(walked) if isinstance(value, set | frozenset) else walked
    if isinstance(value, Enum):
        return value.value
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Say what differs, a line a field."""
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old != new:
            yield f"{name.replace('_', ' ')} {_words(old, new)}"


def _words(old: Any, new: Any) -> str:  # noqa: ANN401 -- any part of the plan
    """Say how one field differs: by the names of what is in it, or by the values themselves."""
    one, other = _named(old), _named(new)
    if one is None or other is None:
        return f"{_said(old)} → {_said(new)}"
    marks = [
        *(f"+ {key}" for key in other if key not in one),
        *(f"~ {key}" for key in other if key in one and one[key] != other[key]),
        *(f"- {key}" for key in one if key not in other),
    ]
    if not marks:
        return "in another order"
    more = len(marks) - _MOST_WORDS
    return ", ".join(marks[:_MOST_WORDS]) + (f" and {more} more" if more > 0 else "")


def _named(value: Any) -> dict[str, Any] | None:  # noqa: ANN401 -- any part of the plan
    """Return what *value* holds by name; None: it is one value."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {_name(each): each for each in value}
    return None


def _name(value: Any) -> str:  # noqa: ANN401 -- any part of the plan
    """Return what people call *value*."""
    if not isinstance(value, dict):
        return str(value)
    if "reader" in value:
        return f"{value['name']} ({value['kind']}, {value['owner']} → {value['reader']})"
    return str(value.get("key") or json.dumps(value, sort_keys=True))


def _said(value: Any) -> str:  # noqa: ANN401 -- any part of the plan
    """Return one value for people."""
    return "none" if value in (None, "", [], {}) else str(value)

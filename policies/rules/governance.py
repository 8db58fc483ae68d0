"""Organizations, Identity Center, budgets, and what types a stack may hold: beyond the core."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policies.rules._documents import document
from policies.rules.attachments import no_administrator
from policies.rules.hardening import TRUE
from policies.rules.identities import no_admin
from policies.rules.instances import allowed
from policies.rules.plain import NeedsUnknownError, Reader, Resource, is_set
from policies.rules.registry import EVERY_TYPE, Stack, rule, stack_rule

_DURATION: Final = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")
_LONGEST_SESSION: Final = 8 * 3600
"""A working day [s]."""


@stack_rule("org-ai-optout", "add a Policy of type AISERVICES_OPT_OUT_POLICY with optOut for default, and attach it")
def opted_out(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """AWS may otherwise keep what its AI services are given, to improve them."""
    for organisation in stack.of("aws:organizations/organization:Organization"):
        before = len(stack.waits_for)
        if any(_opts_out(stack, organisation, policy) for policy in stack.of("aws:organizations/policy:Policy")):
            del stack.waits_for[before:]
        elif len(stack.waits_for) == before:
            yield organisation, "no AISERVICES_OPT_OUT_POLICY says optOut for default"


def _opts_out(stack: Stack, organisation: Resource, policy: Resource) -> bool:
    if "AISERVICES_OPT_OUT_POLICY" not in stack.known(organisation, policy, "type"):
        return False
    try:
        inner = document(Reader(policy, {}), "content")
    except NeedsUnknownError:
        stack.waits_for.append((organisation, "content"))
        return False
    # Services that AWS adds later take the default's word.
    for step in ("services", "default", "opt_out_policy", "@@assign"):
        inner = inner.get(step) if isinstance(inner, Mapping) else None
    return bool(inner == "optOut")


@rule("org-account-contact", "leave closeOnDeletion out, and set parentId to an organisational unit")
def account(r: Reader) -> Iterator[str]:
    """A deleted line must not close an account; an account in the root is under no unit's guardrails."""
    for shown, close in r.each("closeOnDeletion"):
        if close in TRUE:
            yield f"{shown} is true"
    yield from r.missing("parentId")


@rule("ssoadmin-session-and-inline", "end sessions after a working day, and name what the permission set may do")
def permission_set(r: Reader) -> Iterator[str]:
    """A permission set for emergencies writes an exception."""
    kind = r.resource.type.rpartition(":")[2]
    if kind == "PermissionSet":
        for shown, duration in r.each("sessionDuration"):
            if is_set(duration) and _seconds(str(duration)) > _LONGEST_SESSION:
                yield f"{shown} {duration} is above PT8H"
    elif kind == "PermissionSetInlinePolicy":
        yield from no_admin(document(r, "inlinePolicy"))
    else:
        yield from no_administrator(r)


def _seconds(duration: str) -> int:
    """Return an ISO 8601 duration [s]; 0 for what is none, which AWS refuses by itself."""
    found = _DURATION.match(duration)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@stack_rule("budget-present-per-account", "add a Budget with budgetType COST")
def budget_present(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Where people may start machines, somebody must hear of the bill."""
    budgets = list(stack.of("aws:budgets/budget:Budget"))
    for domain in stack.of("aws:sagemaker/domain:Domain"):
        if not stack.any_is(domain, budgets, "budgetType", "COST"):
            yield domain, "no Budget with budgetType COST is in the stack"


@rule("budget-action-approved", "set approvalModel to MANUAL", settings={"environment": "prod"})
def action_approved(r: Reader) -> Iterator[str]:
    """In production a person decides before a budget takes rights away."""
    yield from r.missing("approvalModel")
    if r.settings["environment"] == "prod":
        yield from (f"{shown} is AUTOMATIC" for shown, model in r.each("approvalModel") if model == "AUTOMATIC")


rule("no-resource-wildcard-deprecated-types", "use the type without V2: the provider will drop this one")(
    # These are the types whose class the installed SDK marks as deprecated.
    lambda r: iter((f"{r.resource.type} is deprecated",))
)


@rule(
    "allowed-resource-types",
    "use another type, or have it added to allowedResourceTypes",
    types=EVERY_TYPE,
    settings={"allowedResourceTypes": ("*",)},
)
def type_allowed(r: Reader) -> Iterator[str]:
    """A stack that names no types may hold any. A provider is how a stack speaks to AWS, nothing it holds."""
    provider = r.resource.type.startswith("pulumi:providers:")
    if not provider and not allowed(r.resource.type, r.settings["allowedResourceTypes"]):
        yield f"{r.resource.type} is not in allowedResourceTypes"

"""What a policy document may say: its elements, Sids, principals, actions and resources, by the kind of document."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._condition_values import condition_faults, mfa_faults
from policies.rules._contradictions import contradictions
from policies.rules._documents import as_list, conditions, key_of, statements, texts
from policies.rules._forms import Form
from policies.rules._matching import (
    ACCOUNT_DIGITS,
    VARIABLE,
    exclusion_faults,
    exists,
    has_wildcard,
    is_arn,
    key_faults,
    nothing_of,
    resource_faults,
)
from policies.rules._principals import principal_faults
from policies.rules._resource_control import resource_control_faults
from policies.rules.plain import UNKNOWN, NeedsUnknownError

# Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM policy validation check reference", read
# 2026-11-29.
_ELEMENTS: Final = frozenset(
    {"sid", "effect", "principal", "notprincipal", "action", "notaction", "resource", "notresource", "condition"}
)
_DOCUMENT: Final = frozenset({"version", "id", "statement"})
_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_SID: Final = re.compile(r"^[A-Za-z0-9]*$")


def document_faults(policy: Mapping[str, Any], form: Form, *, whole: bool = True) -> Iterator[str]:
    """Complain about what AWS refuses in a document of *form*, and about statements that can never match.

    Where it is not the *whole* document, statements that only another one could mend are left alone.
    """
    yield from (f"there is no element {name}" for name in policy if str(name).lower() not in _DOCUMENT)
    said = list(statements(policy))
    if not said:
        yield "it has no Statement"
    if any(not isinstance(each, Mapping) for each in as_list(key_of(policy, "Statement"))):
        yield "a statement is not an object"
    for statement in said:
        yield from (f"{name_of(statement)}: {fault}" for fault in statement_faults(statement, form))
    yield from _sid_faults(said, form)
    if whole:
        yield from (f"{name_of(statement)} {fault}" for statement, fault in mfa_faults(said))
    yield from _version_faults(policy, said, form)


def name_of(statement: Mapping[str, Any]) -> str:
    """Return the Sid of *statement*."""
    return str(key_of(statement, "Sid") or "a statement")


def statement_faults(statement: Mapping[str, Any], form: Form) -> Iterator[str]:
    """Complain about what AWS would refuse in a statement, and why it would never match."""
    if key_of(statement, "Effect") not in ("Allow", "Deny"):
        yield f"Effect is {key_of(statement, 'Effect')}"
    yield from (f"there is no element {name}" for name in statement if str(name).lower() not in _ELEMENTS)
    yield from principal_faults(statement, form)
    yield from _element_faults(statement, form)
    yield from _arn_faults(statement)
    yield from condition_faults(statement)
    yield from contradictions(statement)
    yield from _action_faults(statement, form)
    yield from exclusion_faults(statement)
    yield from resource_faults(statement)
    yield from key_faults(statement)
    if form.name == "RESOURCE_CONTROL_POLICY":
        yield from resource_control_faults(statement)


def _element_faults(statement: Mapping[str, Any], form: Form) -> Iterator[str]:
    """Complain about elements that are missing, empty, double or not for this kind of document."""
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        there = [name for name in (one, other) if key_of(statement, name) is not None]
        if one == "Resource" and form.resource is False:
            yield from (f"{name} beside the role that the document is of" for name in there)
        elif not there and (one == "Action" or form.resource):
            yield f"no {one}"
        elif len(there) > 1:
            yield f"{one} beside {other}"
        for name in there:
            if nothing_of(statement, name):
                yield f"{name} is empty"
            elif any(not isinstance(each, str) or not each for each in as_list(key_of(statement, name))):
                yield f"{name} is no text"


def _arn_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about resources that are no ARN, or lack parts, for which AWS takes any: said, it would be seen."""
    for element in ("Resource", "NotResource"):
        for resource in filter(None, texts(statement, element)):  # an empty one is said to be empty
            plain = VARIABLE.sub("*", resource)
            account = plain.split(":")[4:5]
            if not plain.startswith(("arn:", "*", "execute-api:")):
                yield f"{resource} is no ARN"
            elif plain.startswith("arn:") and not is_arn(resource):
                yield f"{resource} has not the six parts of an ARN"
            elif account and account[0].isdigit() and len(account[0]) != ACCOUNT_DIGITS:
                yield f"{resource} has no account of {ACCOUNT_DIGITS} digits"
            elif plain.startswith("arn:") and has_wildcard(plain.split(":")[2]):
                yield f"{resource} names no service: IAM takes no wildcard there"


def _action_faults(statement: Mapping[str, Any], form: Form) -> Iterator[str]:
    for element in ("Action", "NotAction"):
        for entry in texts(statement, element):
            prefix = entry.lower().partition(":")[0]
            if not exists(entry):
                yield f"there is no action {entry}"
            elif form.services and not form.may_name(prefix):
                yield f"{entry} has no place in the policy of a {form.name}"


def _sid_faults(said: list[Mapping[str, Any]], form: Form) -> Iterator[str]:
    """Complain about Sids that IAM and Organizations refuse; the policies of resources take spaces and repetitions."""
    if form.has_free_sids:
        return
    sids = [str(sid) for each in said if (sid := key_of(each, "Sid"))]
    yield from (f"the Sid {sid} has more than letters and digits" for sid in sids if not _SID.match(sid))
    yield from (f"the Sid {sid} is there {sids.count(sid)} times" for sid in sorted(set(sids)) if sids.count(sid) > 1)


def _version_faults(policy: Mapping[str, Any], said: list[Mapping[str, Any]], form: Form) -> Iterator[str]:
    version = key_of(policy, "Version")
    for name in (name for name, value in policy.items() if value is UNKNOWN):
        raise NeedsUnknownError(name)
    if version is None and form.name == "RESOURCE_CONTROL_POLICY":
        yield f"no Version: a resource control policy says {_VERSIONS[0]}"
    if version is not None and str(version) not in _VERSIONS[: 1 if form.is_of_an_organization else 2]:
        yield f"Version is {version}, not {_VERSIONS[0]}"
    variables = [text for each in said for text in _compared(each) if "${" in text]
    if variables and version != _VERSIONS[0]:
        yield f"without Version {_VERSIONS[0]} AWS takes {variables[0]} as it stands there"
    yield from (
        f"{text} has a variable without a name, or without its end"
        for text in variables
        if "${" in VARIABLE.sub("", text) or "${}" in text
    )


def _compared(statement: Mapping[str, Any]) -> Iterator[str]:
    """Walk the texts of a statement in which policy variables may stand."""
    for element in ("Resource", "NotResource"):
        yield from texts(statement, element)
    for _, _, values in conditions(statement):
        yield from (each for each in values if isinstance(each, str))

"""The Principal element of a policy: where it must stand, and who may be named."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import as_list, covers, key_of, principals, texts
from policies.rules._forms import Form
from policies.rules._matching import ACCOUNT_DIGITS, has_wildcard

# Source: IAM User Guide, "AWS JSON policy elements: Principal" and "IAM policy validation check reference", read
# 2026-11-29.
_KINDS: Final = frozenset({"AWS", "CanonicalUser", "Federated", "Service"})
_AWS: Final = re.compile(
    r"^(\d{12}|A[A-Z]{3}[A-Z0-9]{12,}|arn:[^:]+:iam::(\d{12}|cloudfront):(root$|(role|user)/.+)"
    r"|arn:[^:]+:sts::\d{12}:(assumed-role|federated-user)/.+)$"
)
_ASKED_BY: Final = {
    "sts:AssumeRole": re.compile(r"^(?!Federated )"),
    "sts:AssumeRoleWithSAML": re.compile(r"^Federated (?!.*:oidc-provider/)"),
    "sts:AssumeRoleWithWebIdentity": re.compile(r"^Federated (?!.*:saml-provider/)"),
}
"""Who, by kind and name, can ask for each action of a role's trust policy."""


def principal_faults(statement: Mapping[str, Any], form: Form) -> Iterator[str]:
    """Complain about a Principal where none may be, about none where one must, and about whom AWS does not know."""
    there = [name for name in ("Principal", "NotPrincipal") if key_of(statement, name) is not None]
    if not form.principal:
        yield from (f"{name} in the policy of an identity" for name in there)
        return
    if not there:
        yield "no Principal"
    elif len(there) > 1:
        yield "Principal beside NotPrincipal"
    for name in there:
        yield from _value_faults(name, key_of(statement, name))
    if form.name == "trust":
        yield from _never_assumed(statement)


def _value_faults(name: str, value: Any) -> Iterator[str]:
    if value == "*":
        return
    if not isinstance(value, Mapping) or not value:
        yield f"{name} is neither * nor an object such as {{AWS: …}}"
        return
    for kind, named in value.items():
        if str(kind) not in _KINDS:
            yield f"{name} has no kind {kind}"
        elif not as_list(named):
            yield f"{name} {kind} is empty"
        yield from (f"{name} {kind}: {fault}" for each in as_list(named) if (fault := _whom(str(kind), str(each))))


def _whom(kind: str, named: str) -> str | None:
    """Say why AWS does not know *named*."""
    if named == "*":
        return f"* is no {kind}" if kind in ("CanonicalUser", "Federated") else None
    account = named.split(":")[4:5] if kind in ("AWS", "Federated") else []
    if account and account[0].isdigit() and len(account[0]) != ACCOUNT_DIGITS:
        return f"{named} has no account of {ACCOUNT_DIGITS} digits"
    if has_wildcard(named) and kind in _KINDS - {"CanonicalUser"}:
        return f"{named} has a wildcard, which stands for itself there: use a condition on aws:PrincipalArn"
    if kind == "AWS" and not _AWS.match(named):
        return f"{named} is no account, and no ARN or id of a role, user or session"
    if kind == "Service" and "." not in named:
        return f"{named} is no service such as sagemaker.amazonaws.com"
    return None


def _never_assumed(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about actions of a trust policy for which none of the statement's principals can ask."""
    value = key_of(statement, "Principal")
    if not isinstance(value, Mapping):
        return
    named = [f"{kind} {each}" for kind in value for each in principals(statement, str(kind))]
    for entry in texts(statement, "Action"):
        asked = [who for action, who in _ASKED_BY.items() if covers(entry, action)]
        if named and asked and not any(who.match(each) for who in asked for each in named):
            yield f"none of the principals can ask for {entry}"

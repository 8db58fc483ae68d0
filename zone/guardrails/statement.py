"""The one form of a statement in service and resource control policies: Deny."""

from collections.abc import Iterable, Mapping
from typing import Any

Condition = Mapping[str, Mapping[str, Any]]
"""Operator → key → value or values; all must hold for the statement to deny."""


def deny(
    sid: str, actions: Iterable[str], condition: Condition | None = None, resources: Iterable[str] = ("*",)
) -> dict[str, object]:
    """Write a statement that refuses *actions* on *resources* where *condition* holds.

    A condition must also hold where its key is absent, or the refusal fails open: StringNotEquals and ArnNotLike do,
    Null asks for it; StringEquals, Bool and every ForAnyValue do not, so a Null stands next to them where it matters.
    """
    statement: dict[str, object] = {
        "Sid": sid,
        "Effect": "Deny",
        "Action": sorted(actions),
        # Everything is the narrow choice in a Deny: an exception would have to be named.
        "Resource": sorted(resources),
    }
    return statement | ({"Condition": condition} if condition else {})


def deny_everyone(sid: str, actions: Iterable[str], condition: Condition) -> dict[str, object]:
    """Write a statement of a resource control policy: whoever asks is refused *actions* where *condition* holds.

    AWS takes no other principal there and no bare "*" as action: the condition names who is meant.
    """
    return deny(sid, actions, condition) | {"Principal": "*"}


def document(*statements: Mapping[str, object]) -> dict[str, object]:
    """Put statements into a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def unless_provisioning(provisioning_roles: Iterable[str]) -> Condition:
    """Hold for every caller but Pulumi's role; nobody else may bear that name, see foundation.py."""
    return {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::*:role/{role}" for role in provisioning_roles]}}


def assign(value: object) -> dict[str, object]:
    """Write a value of a tag or declarative policy: it takes the place of what is inherited."""
    return {"@@assign": value}

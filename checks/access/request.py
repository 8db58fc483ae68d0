"""What is asked: one principal, one action, one resource, and the context."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from checks.access.principals import Principal, principal

Value = str | int | float | bool
Values = Mapping[str, tuple[str, ...]]
"""Condition keys in lower case with their values as IAM compares them: as text."""


class Request(NamedTuple):
    """One request. Build it with request() unless every part is in its final form already."""

    principal: Principal
    action: str
    resource: str
    account: str
    """Account that owns the resource [12 digits]."""
    context: Values
    """What the caller says of the request; wins over what follows from the principal."""

    def values(self, key: str) -> tuple[str, ...] | None:
        """Values of a condition key given in lower case; None where the request has no such key."""
        found = self.context.get(key)
        if found is None:
            found = self.principal.context.get(key)
        if found is None and key == "aws:resourceaccount" and self.account:
            return (self.account,)
        return found or None


def request(
    who: str,
    action: str,
    resource: str,
    *,
    resource_account: str | None = None,
    context: Mapping[str, object] | None = None,
) -> Request:
    """Build a request from plain values.

    Args:
        who: ARN, account id, service host name, identity provider, or * for anonymous.
        action: such as s3:GetObject.
        resource: ARN, or * for an action without resource types.
        resource_account: owner [12 digits]; where absent the ARN's account, else the principal's.
        context: condition key → value or list of values; a null value or an empty list is an absent key.

    Raises:
        ValueError: a part is malformed; the message says what is right.
    """
    asking = principal(who)
    service, colon, name = action.partition(":")
    if not (service and colon and name) or "*" in action or "?" in action:
        raise ValueError(f"action {action!r} is no action: write service:Name, such as s3:GetObject, without wildcards")
    account = resource_account or _owner(resource) or asking.account
    return Request(asking, action, resource, account, context_values(context or {}))


def context_values(context: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Bring a context to the form IAM compares: keys in lower case, values as texts."""
    # An empty tuple stays: it says that a key which would follow from the principal is absent.
    return {key.lower(): _texts(value) for key, value in context.items()}


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return tuple(text for each in value for text in _texts(each))
    return (str(value),)


@lru_cache(maxsize=65536)
def _owner(resource: str) -> str:
    """Account id inside an ARN; empty where it has none, as S3's."""
    parts = resource.split(":", 5)
    account = parts[4] if len(parts) > 5 else ""  # noqa: PLR2004 (the six parts of an ARN)
    return account if account.isdigit() else ""

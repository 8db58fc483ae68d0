"""What AWS takes in a resource control policy, beyond the grammar of all policies."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import key_of, texts
from policies.rules._forms import RESOURCE_CONTROL
from policies.rules._matching import has_wildcard

_SERVICES: Final = frozenset(RESOURCE_CONTROL["services"].split())
_UNTOUCHED: Final = frozenset(RESOURCE_CONTROL["untouched"].lower().split())


def resource_control_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about what only AWS's own policies may say, and about services and actions they do not reach."""
    if key_of(statement, "Effect") == "Allow":
        yield "Effect is Allow: a resource control policy only denies"
    if key_of(statement, "Principal") not in ("*", {"AWS": "*"}, None):
        yield 'Principal is not "*": name whom it is about in Condition'
    for element in ("NotAction", "NotPrincipal"):
        if key_of(statement, element) is not None:
            yield f"{element} has no place in a resource control policy"
    for entry in texts(statement, "Action"):
        prefix = entry.lower().partition(":")[0]
        if has_wildcard(prefix):
            yield f"{entry} names no service"
        elif prefix not in _SERVICES:
            yield f"{entry}: resource control policies do not reach {prefix}"
        elif entry.lower() in _UNTOUCHED:
            yield f"{entry}: resource control policies do not reach it"

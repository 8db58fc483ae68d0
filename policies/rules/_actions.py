"""What IAM actions there are, and what a policy grants."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from policies.rules._documents import (
    allows,
    conditions,
    covers,
    includes,
    is_on_everything,
    key_of,
    statements,
    texts,
)
from policies.rules._reach import is_tied_to_resource

_FILE = Path(__file__).parent / "iam_actions.json"


@dataclass(frozen=True)
class Service:
    """The actions of one service prefix, in lower case."""

    restrictable: frozenset[str]
    """Actions that take a resource."""
    star_only: frozenset[str]
    """Actions that take Resource * only."""
    permissions: frozenset[str]
    """Actions of the access level "Permissions management"."""
    keys: frozenset[str]
    """Condition keys of the service."""


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_FILE.read_text())
    return data


def _table() -> Mapping[str, Mapping[str, str]]:
    services: Mapping[str, Mapping[str, str]] = _data()["services"]
    return services


@cache
def global_keys() -> frozenset[str]:
    """Return the condition keys of every service, in lower case."""
    return frozenset(_data()["global"].lower().split())


def prefixes() -> Iterable[str]:
    """Return every service prefix."""
    return _table().keys()


@cache
def service(prefix: str) -> Service | None:
    """Return the service called *prefix*, None where there is none."""
    row = _table().get(prefix.lower())
    if row is None:
        return None
    return Service(*(frozenset(row[column].lower().split()) for column in ("on", "star", "permissions", "keys")))


@lru_cache(maxsize=4096)
def expand(pattern: str, of: str) -> tuple[str, ...]:
    """Return the actions that *pattern* (s3:Get*, *) includes; *of*: restrictable, star_only or permissions."""
    prefix, _, name = ("*", ":", "*") if pattern == "*" else pattern.lower().partition(":")
    found: list[str] = []
    for each in prefixes() if "*" in prefix or "?" in prefix else [prefix]:
        known = service(each)
        if known and covers(prefix, each):
            actions: frozenset[str] = getattr(known, of)
            found += [f"{each}:{action}" for action in actions if name == "*" or covers(name, action)]
    return tuple(found)


def star_statements(policy: Any) -> Iterator[Mapping[str, Any]]:
    """Walk Allow statements on every resource that no condition ties to some."""
    for statement in allows(policy):
        if is_on_everything(statement) and not is_tied_to_resource(statement):
            yield statement


def actions_of(statement: Mapping[str, Any], of: str) -> set[str]:
    """Return the actions *statement* is about; *of*: restrictable, star_only or permissions."""
    if key_of(statement, "NotAction") is not None:
        return {action for action in expand("*", of) if includes(statement, action)}
    return {action for pattern in texts(statement, "Action") for action in expand(pattern, of)}


def granted_on_star(policy: Any, actions: Iterable[str]) -> set[str]:
    """Return those of *actions* that *policy* allows on every resource and denies on none."""
    wide = list(star_statements(policy))
    if not wide:
        return set()
    denials = [
        statement
        for statement in statements(policy)
        if key_of(statement, "Effect") == "Deny"
        and "*" in texts(statement, "Resource")
        and not any(conditions(statement))
    ]
    return {
        action
        for action in actions
        if any(includes(statement, action) for statement in wide)
        and not any(includes(statement, action) for statement in denials)
    }

"""What IAM actions there are, and what they take."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from policies.rules._documents import covers, includes, key_of, texts

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
    keys: Mapping[str, str]
    """Type by condition key of the service; * in a key stands for what the user fills in."""
    arns: Mapping[str, tuple[str, ...]]
    """The ARNs an action takes, after the partition: * is any text, % any text without a slash."""
    carried: Mapping[str, frozenset[str]]
    """The condition keys an action's requests may carry, without the global ones."""


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_FILE.read_text())
    return data


def _table() -> Mapping[str, Mapping[str, Any]]:
    services: Mapping[str, Mapping[str, Any]] = _data()["services"]
    return services


@cache
def global_keys() -> Mapping[str, str]:
    """Return the condition keys of every service, in lower case, with their types."""
    return _typed(_data()["global"])


@cache
def unlisted_actions() -> frozenset[str]:
    """Return actions that AWS's own policies have and its reference does not, in lower case: what they take is open."""
    return frozenset(_data()["unlisted"]["actions"].split())


@cache
def unlisted_keys() -> frozenset[str]:
    """Return condition keys that AWS's own policies have and its reference does not, in lower case."""
    return frozenset(_data()["unlisted"]["keys"].split())


@cache
def borrowed_keys() -> Mapping[str, str]:
    """Return the condition keys of services that are under another one's prefix, as ec2:osuser, with their types."""
    return {
        key: kind
        for prefix, row in _table().items()
        for key, kind in _typed(row["keys"]).items()
        if not key.startswith(f"{prefix}:")
    }


def _typed(kinds: Mapping[str, str]) -> dict[str, str]:
    return {key: kind for kind, keys in kinds.items() for key in keys.lower().split()}


def prefixes() -> Iterable[str]:
    """Return every service prefix."""
    return _table().keys()


@cache
def service(prefix: str) -> Service | None:
    """Return the service called *prefix*, None where there is none."""
    row = _table().get(prefix.lower())
    if row is None:
        return None
    resources = {name: said.split() for name, said in row["resources"].items()}
    arns: dict[str, tuple[str, ...]] = {}
    carried: dict[str, frozenset[str]] = {}
    for types, keys, actions in row["actions"]:
        taken = [resources[name] for name in types.split()]
        names = actions.lower().split()
        arns |= dict.fromkeys(names, tuple(arn for arn, *_ in taken))
        own = (*keys.split(), *(key for _, *more in taken for key in more))
        carried |= dict.fromkeys(names, frozenset(key.lower() for key in own))
    return Service(
        restrictable=frozenset(name for name, taken in arns.items() if taken),
        star_only=frozenset(name for name, taken in arns.items() if not taken),
        permissions=frozenset(row["permissions"].lower().split()),
        keys=_typed(row["keys"]),
        arns=arns,
        carried=carried,
    )


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


def actions_of(statement: Mapping[str, Any], of: str) -> set[str]:
    """Return the actions *statement* is about; *of*: restrictable, star_only or permissions."""
    if key_of(statement, "NotAction") is not None:
        return {action for action in expand("*", of) if includes(statement, action)}
    return {action for pattern in texts(statement, "Action") for action in expand(pattern, of)}

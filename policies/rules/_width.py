"""How wide a statement's resources are: an ARN that means every resource of its kind is * in other words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final

from policies.rules._actions import actions_of, service
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
from policies.rules._matching import VARIABLE
from policies.rules._reach import is_tied_to_resource

_ONE: Final = "0" * 12
_ANY_NAME: Final = "\x01" * 64
"""A name that only a wildcard matches."""
_ARN_PARTS: Final = 6


def wide_resources(statement: Mapping[str, Any], *, by_place: bool = False) -> list[str]:
    """Return the resources of *statement* that mean all of a kind; *by_place*: an account or region narrows them.

    Of a statement with NotResource, that is *.
    """
    if is_on_everything(statement):
        return ["*"]
    return [each for each in texts(statement, "Resource") if _kinds(each, by_place)]


def star_statements(policy: Any, *, by_place: bool = False) -> Iterator[Mapping[str, Any]]:
    """Walk Allow statements on every resource, or every one of a kind, that no condition ties to some."""
    for statement in allows(policy):
        if wide_resources(statement, by_place=by_place) and not is_tied_to_resource(statement):
            yield statement


def wide_actions(statement: Mapping[str, Any], of: str, *, by_place: bool = False) -> set[str]:
    """Return the actions that a statement of star_statements is about on every resource they take."""
    everywhere = _reach(statement, by_place)
    return {action for action in actions_of(statement, of) if everywhere is None or everywhere(action)}


def granted_on_star(policy: Any, actions: Iterable[str], *, by_place: bool = False) -> set[str]:
    """Return those of *actions* that *policy* allows on every resource and denies on none."""
    granted = _about(star_statements(policy, by_place=by_place), actions, by_place)
    if not granted:
        return set()
    denials = (
        statement
        for statement in statements(policy)
        if key_of(statement, "Effect") == "Deny"
        and key_of(statement, "NotResource") is None
        and not any(conditions(statement))
    )
    return granted - _about(denials, granted, by_place=False)


def _about(those: Iterable[Mapping[str, Any]], actions: Iterable[str], by_place: bool) -> set[str]:
    """Return which of *actions* one of *those* statements is about on every resource."""
    found: set[str] = set()
    for statement in those:
        everywhere = _reach(statement, by_place)
        found |= {
            action
            for action in actions
            if (everywhere is None or everywhere(action.lower())) and includes(statement, action)
        }
    return found


def is_everywhere(statement: Mapping[str, Any], action: str) -> bool:
    """Whether *statement* is about every resource that *action* (in lower case) takes."""
    everywhere = _reach(statement, by_place=False)
    return everywhere is None or everywhere(action)


def _reach(statement: Mapping[str, Any], by_place: bool) -> Callable[[str], bool] | None:
    """Return the test whether an action is about every resource it takes; None where each is.

    An action on several kinds at once, such as ec2:RunInstances, is bounded by one of another kind that is named.
    """
    if is_on_everything(statement):
        return None
    resources = texts(statement, "Resource")
    kinds = frozenset(kind for each in resources for kind in _kinds(each, by_place))

    def everywhere(action: str) -> bool:
        prefix, _, name = action.partition(":")
        known = service(prefix) if kinds else None
        taken = known.arns.get(name, ()) if known else ()
        others = [kind for kind in taken if kind not in kinds]
        return len(others) < len(taken) and not any(_names(each, kind) for each in resources for kind in others)

    return everywhere


@lru_cache(maxsize=16384)
def _kinds(resource: str, by_place: bool) -> frozenset[str]:
    """Return the kinds of which *resource* is every one, as their ARNs after the partition; a variable is one thing."""
    resource = VARIABLE.sub(_ONE, resource)
    parts = resource.split(":", _ARN_PARTS - 1)
    if resource.endswith("*"):  # which stands for all parts that are missing as well
        parts += ["*"] * (_ARN_PARTS - len(parts))
    if "*" not in resource or len(parts) < _ARN_PARTS:
        return frozenset()
    return frozenset(kind for kind in _all_kinds(parts[2].lower()) if _is_every(resource, parts, kind, by_place))


@cache
def _all_kinds(prefix: str) -> frozenset[str]:
    known = service(prefix)
    every = {kind for kinds in known.arns.values() for kind in kinds} if known else set()
    return frozenset(kind for kind in every if kind.startswith(f"{prefix}:"))


def _is_every(resource: str, parts: list[str], kind: str, by_place: bool) -> bool:
    prefix, *places, name = kind.split(":", 3)
    named = [place == "*" and part.strip("*?") != "" for place, part in zip(places, parts[3:5], strict=True)]
    # IAM asks for nobody else's roles and policies: there an account narrows nothing.
    if by_place and prefix != "iam" and any(named):
        return False
    where = ":".join(
        part if is_named else place for is_named, place, part in zip(named, places, parts[3:5], strict=True)
    )
    one = name.replace("%", "*").replace("*", _ANY_NAME)
    return covers(resource, f"arn:{parts[1]}:{prefix}:{where}:{one}")


def _names(resource: str, kind: str) -> bool:
    return covers(f"arn:*:{kind.replace('%', '*')}", resource)

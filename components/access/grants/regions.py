"""A grant in all regions of a team: compiled for each, then written as one, for IAM takes few policies a role."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pulumi

from components.access.grants.place import Place
from components.access.grants.statement import Condition, Statement
from components.access.team import Team

Grant = Callable[[Place], tuple[Statement, ...]]

_LISTS: Final = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
"""Operators, with or without a set's prefix, whose values are alternatives: one list serves several regions."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What AWS gave a team in a further region."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets there: the only ones in which a job of that region may run."""

    security_group_id: pulumi.Input[str]
    """Security group of the workloads there."""

    key_arns: Mapping[str, pulumi.Input[str]]
    """KMS key by purpose, of that region: data, models, studio, logs."""


def abroad(team: Team, region: str) -> Team:
    """Return *team* as it is in a further region: without features, shares and all else that is at home only."""
    return replace(
        team,
        region=region,
        feature_groups={},
        reads=(),
        promoted=(),
        asynchronous=(),
        apis=(),
        spark=False,
        shared_images=(),
        image_builds=False,
        packages=None,
    )


def further_place(team: Team, region: str, site: Site) -> Place:
    """Return the place of *team* in a further *region*."""
    return Place(
        team=abroad(team, region),
        subnet_ids=site.subnet_ids,
        security_group_id=site.security_group_id,
        key_arns=site.key_arns,
        further=True,
    )


def everywhere(grant: Grant, home: Place, further: Sequence[Place]) -> tuple[Statement, ...]:
    """Return the statements of *grant* at *home* and in *further* places.

    Statements that differ in names only become one with all names. What they let through together and each alone would
    not, a job in one region with a subnet of another, exists nowhere: AWS looks a request's names up in its region.
    """
    statements = list(grant(home))
    for place in further:
        for other in grant(place):
            for position, statement in enumerate(statements):
                if (one := _joined(statement, other)) is not None:
                    statements[position] = one
                    break
            else:
                statements.append(replace(other, sid=f"{other.sid}In{_words(place.region)}"))
    return tuple(statements)


def _joined(one: Statement, other: Statement) -> Statement | None:
    """Return both as one statement; None: they are not the same but for names."""
    if (one.sid, one.actions, one.effect) != (other.sid, other.actions, other.effect):
        return None
    conditions = _alternatives(one.conditions, other.conditions)
    if conditions is None:
        return None
    return replace(one, resources=tuple(_union(one.resources, other.resources)), conditions=conditions)


def _alternatives(one: Condition, other: Condition) -> Condition | None:
    """Return the condition that holds where either does; None: it takes more than longer lists."""
    if {key: set(keys) for key, keys in one.items()} != {key: set(keys) for key, keys in other.items()}:
        return None
    found: dict[str, dict[str, Any]] = {}
    for operator, keys in one.items():
        found[operator] = {}
        for key, value in keys.items():
            values, others = _listed(value), _listed(other[operator][key])
            both = _union(values, others)
            if len(both) == len(values):
                found[operator][key] = value
            elif operator.rpartition(":")[2] in _LISTS:
                found[operator][key] = both
            else:
                return None
    return found


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 -- a text, an Output, or several
    return list(value) if isinstance(value, list | tuple) else [value]


def _union(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """Return *one* and what of *other* is not in it; of what AWS has yet to name each is its own."""
    known = {value for value in one if isinstance(value, str)}
    return [*one, *(value for value in other if not isinstance(value, str) or value not in known)]


def _words(region: str) -> str:
    return "".join(part.capitalize() for part in region.split("-"))

"""Pure: guardrails → the fewest policies AWS attaches, which refuse the same.

    policies = pack(guardrails, homes={"dev-fraud": "Workloads/Dev"})

Guardrails are written one thing each; AWS counts policies per target and characters per policy. So statements that
mean the same targets share policies: written once where an ancestor already holds them, merged where only their actions
or resources differ. A Deny anywhere above an account refuses, so none of this changes a decision.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from zone.facts import limit
from zone.guardrails.enforcement import Guardrail, OrganizationPolicy, PolicyType
from zone.guardrails.merging import Piece, merged, pieces


@dataclass(frozen=True)
class Kind:
    """What AWS allows of one policy type."""

    name: str
    """Short name, for keys and messages."""

    characters: int
    """Largest document; AWS counts every character as saved, so we save no white space."""

    per_target: int
    """Policies of ours that one root, OU or account takes."""

    packed: bool
    """Whether documents are made of statements that can share policies."""


@cache
def kinds() -> Mapping[PolicyType, Kind]:
    """Return AWS's limits by policy type."""

    def kind(name: str, stem: str, attached: str, *, packed: bool) -> Kind:
        # AWS attaches a policy of its own to every target, FullAWSAccess or RCPFullAWSAccess, and counts it.
        return Kind(
            name,
            limit(f"organizations.{stem}_document_size"),
            limit(f"organizations.{attached}") - (1 if packed else 0),
            packed,
        )

    return {
        PolicyType.SERVICE_CONTROL: kind("scp", "scp", "scps_attached_per_root_ou_or_account", packed=True),
        PolicyType.RESOURCE_CONTROL: kind("rcp", "rcp", "rcps_attached_per_root_ou_or_account", packed=True),
        PolicyType.TAG: kind("tag", "tag_policy", "tag_policies_attached_per_target", packed=False),
        PolicyType.EC2: kind("ec2", "declarative_policy", "declarative_policies_attached_per_target", packed=False),
        PolicyType.AI_OPT_OUT: kind("ai", "ai_opt_out_policy", "ai_opt_out_policies_attached_per_target", packed=False),
    }


class PackingError(ValueError):
    """Guardrails don't fit AWS's limits. The message has a line for each: what, by how much, what to do."""


def pack(guardrails: Sequence[Guardrail], homes: Mapping[str, str]) -> tuple[OrganizationPolicy, ...]:
    """Return the policies to attach, the same for the same guardrails.

    Args:
        guardrails: in the order in which they are packed; a new one at the end moves the fewest statements.
        homes: OU path of each account that is a target, by account key.

    Raises:
        PackingError: something fits no policy, or more policies than AWS attaches to a target would be needed.
    """
    found: list[OrganizationPolicy] = []
    for type_, kind in kinds().items():
        own = [guardrail for guardrail in guardrails if guardrail.type is type_]
        found += _packed(own, type_, kind, homes) if kind.packed else _as_they_are(own, kind)
    return tuple(found)


def text(document: Mapping[str, object]) -> str:
    """Return a document as it is saved: without white space, which would count."""
    return json.dumps(document, separators=(",", ":"))


def _as_they_are(guardrails: Sequence[Guardrail], kind: Kind) -> Iterator[OrganizationPolicy]:
    """Tag and declarative policies: AWS merges their trees itself, so each guardrail is a policy."""
    counts = Counter(target for guardrail in guardrails for target in guardrail.targets)
    problems = [
        f"guardrail {guardrail.key} has {len(text(guardrail.document)):,} characters, AWS takes {kind.characters:,}: "
        "write it as two guardrails"
        for guardrail in guardrails
        if len(text(guardrail.document)) > kind.characters
    ] + [
        f"{target} has {count} {kind.name} policies, AWS attaches {kind.per_target}: join guardrails"
        for target, count in counts.items()
        if count > kind.per_target
    ]
    if problems:
        raise PackingError("\n".join(problems))
    for guardrail in guardrails:
        yield OrganizationPolicy(
            key=guardrail.key,
            type=guardrail.type,
            description=guardrail.description,
            document=guardrail.document,
            targets=guardrail.targets,
            sources={"": (guardrail.key,)},
        )


def _packed(
    guardrails: Sequence[Guardrail], type_: PolicyType, kind: Kind, homes: Mapping[str, str]
) -> Iterator[OrganizationPolicy]:
    """Service and resource control policies."""
    by_targets: defaultdict[tuple[str, ...], list[Piece]] = defaultdict(list)
    for piece in pieces(guardrails, homes):
        by_targets[piece.targets].append(piece)
    bins = [(targets, _bins(group, kind)) for targets, group in by_targets.items()]
    for target in [target for target, count in _counts(bins).items() if count > kind.per_target]:
        # Policies that several targets share are rarely full: this target gets its own, filled to the brim.
        own = [piece for targets, group in by_targets.items() if target in targets for piece in group]
        filled = _bins(own, kind)
        if len(filled) > kind.per_target:
            raise PackingError(_too_many(target, own, len(filled), kind))
        others = [(tuple(each for each in targets if each != target), held) for targets, held in bins]
        bins = [*((targets, held) for targets, held in others if targets), ((target,), filled)]
    taken: set[str] = set()
    for targets, filled in bins:
        for held in filled:
            key = _key(kind, held[0], targets[0], taken)
            taken.add(key)
            yield _policy(key, type_, held, targets)


def _counts(bins: Sequence[tuple[tuple[str, ...], Sequence[object]]]) -> Counter[str]:
    """Policies by target."""
    counts = Counter[str]()
    for targets, filled in bins:
        for target in targets:
            counts[target] += len(filled)
    return counts


def _bins(group: Sequence[Piece], kind: Kind) -> list[list[Piece]]:
    """First fit, in the given order or largest first, whichever needs fewer policies; a guardrail stays together."""
    by_guardrail: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in group:
        by_guardrail[piece.sources[0].guardrail].append(piece)
    units: list[list[Piece]] = []
    for whole in by_guardrail.values():
        units += [whole] if _size(whole) <= kind.characters else [[piece] for piece in whole]
    problems = [
        _too_long(unit[0], size, kind) for unit in units if len(unit) == 1 and (size := _size(unit)) > kind.characters
    ]
    if problems:
        raise PackingError("\n".join(problems))
    as_given = _first_fit(units, kind.characters)
    if len(as_given) == 1:
        return as_given
    return min(as_given, _first_fit(sorted(units, key=_size, reverse=True), kind.characters), key=len)


def _first_fit(units: Iterable[list[Piece]], characters: int) -> list[list[Piece]]:
    """Put each unit into the first policy with room for it."""
    bins: list[list[Piece]] = []
    for unit in units:
        place = next((held for held in bins if _size([*held, *unit]) <= characters), None)
        if place is None:
            bins.append(list(unit))
        else:
            place += unit
    return bins


def _size(held: Sequence[Piece]) -> int:
    """Characters of a policy with these statements."""
    return len(text(_document(merged(held))))


def _document(held: Iterable[Piece]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [piece.statement() for piece in held]}


def _policy(key: str, type_: PolicyType, held: Sequence[Piece], targets: tuple[str, ...]) -> OrganizationPolicy:
    """The policy of one bin."""
    statements = merged(held)
    carried = dict.fromkeys(source.guardrail for piece in statements for source in piece.sources)
    listed = ", ".join(carried)
    return OrganizationPolicy(
        key=key,
        type=type_,
        # AWS takes 512 characters.
        description=listed if len(listed) <= 512 else f"{len(carried)} guardrails: see docs/guardrails.md",  # noqa: PLR2004 -- characters
        document=_document(statements),
        targets=targets,
        sources={piece.sid: tuple(f"{s.guardrail}/{s.sid}" for s in piece.sources) for piece in statements},
    )


def _key(kind: Kind, first: Piece, target: str, taken: Container[str]) -> str:
    """Name a policy after the guardrail it begins with, and not by number: what is added later renames nothing."""
    key = f"{kind.name}-{first.sources[0].guardrail}"
    # More is needed where a guardrail is split, and where a target has policies of its own.
    names = (key, f"{key}-{first.sid}", f"{key}-{first.sid}-{target.replace('/', '-')}")
    return next(name for name in names if name not in taken)


def _too_long(piece: Piece, size: int, kind: Kind) -> str:
    source = piece.sources[0]
    return (
        f"guardrail {source.guardrail}: statement {source.sid} makes a policy of {size:,} characters, AWS takes "
        f"{kind.characters:,}: split its actions or values over two statements, or use wildcards"
    )


def _too_many(target: str, held: Sequence[Piece], needed: int, kind: Kind) -> str:
    sizes = Counter[str]()
    for piece in held:
        sizes[piece.sources[0].guardrail] += _size([piece])
    largest = ", ".join(f"{key} ({size:,} characters)" for key, size in sizes.most_common(5))
    return (
        f"{target}: its guardrails need {needed} {kind.name} policies, AWS attaches {kind.per_target} of ours. The "
        f"largest: {largest}. Shorten one, or attach what holds everywhere to root or an OU further up"
    )

"""Pure: statements of guardrails, deduplicated and merged without a change of what they refuse."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any, NamedTuple

from zone.guardrails.enforcement import Guardrail


class Source(NamedTuple):
    """Where a statement comes from."""

    guardrail: str
    """Key of the guardrail."""

    sid: str
    """Its statement: the Sid, or the number of the statement."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One Deny statement and whom it holds."""

    sid: str
    """Letters and digits."""

    body: Mapping[str, Any]
    """The statement without its Sid; actions and resources are sorted lists."""

    targets: tuple[str, ...]
    """Where it is attached, no target below another."""

    sources: tuple[Source, ...]
    """Statements it stands for."""

    def statement(self) -> dict[str, Any]:
        """Return the statement as a policy has it."""
        return {"Sid": self.sid, **self.body}


def pieces(guardrails: Iterable[Guardrail], homes: Mapping[str, str]) -> list[Piece]:
    """Return the guardrails' statements, without those that an ancestor of all their targets holds already.

    Equal statements on different targets stay apart: a change for one team must not touch another's policy.

    Args:
        guardrails: of one policy type; their statements only deny.
        homes: OU path by account key.
    """
    by_body: defaultdict[str, list[Piece]] = defaultdict(list)
    for guardrail in guardrails:
        statements: Any = guardrail.document["Statement"]
        for number, statement in enumerate(statements):
            if statement["Effect"] != "Deny":
                raise ValueError(f"guardrail {guardrail.key}: statement {number} allows: only refusals can be packed")
            sid = statement.get("Sid") or f"Statement{number}"
            body = {key: _sorted(key, value) for key, value in statement.items() if key != "Sid"}
            targets = tuple(sorted(set(guardrail.targets)))
            source = Source(guardrail.key, sid)
            by_body[_text(body)].append(Piece(sid=sid, body=body, targets=targets, sources=(source,)))
    return [piece for equal in by_body.values() for piece in _once(equal, homes)]


def _once(equal: Sequence[Piece], homes: Mapping[str, str]) -> list[Piece]:
    """Join equal statements on the same targets; leave out targets below one that another of them holds."""
    given = {target for piece in equal for target in piece.targets}
    kept: dict[tuple[str, ...], Piece] = {}
    for piece in equal:
        left = tuple(target for target in piece.targets if not given & _above(target, homes))
        known = kept.get(left)
        kept[left] = replace(piece, targets=left, sources=(*(known.sources if known else ()), *piece.sources))
    inherited = kept.pop((), None)
    if inherited is None:
        return list(kept.values())
    # Whoever looks for the source of an inherited refusal finds it where the statement stands.
    first, *others = kept.values()
    return [replace(first, sources=(*first.sources, *inherited.sources)), *others]


def merged(held: Sequence[Piece]) -> list[Piece]:
    """Join statements that differ in their actions only, or in their resources only; Sids become unique.

    Refusing A on R and B on R is refusing A and B on R. Conditions are never joined: what holds for an absent or a
    negated key would change.
    """
    taken: set[str] = set()
    unique = []
    for piece in _joined("Resource", _joined("Action", held)):
        names = chain([piece.sid], (f"{piece.sid}{number}" for number in count(2)))
        sid = next(name for name in names if name not in taken)
        taken.add(sid)
        unique.append(replace(piece, sid=sid))
    return unique


def _joined(element: str, held: Iterable[Piece]) -> list[Piece]:
    """Join pieces that are equal but for *element*, a list."""
    groups: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in held:
        rest = {key: value for key, value in piece.body.items() if key != element}
        # A statement without the element, as with NotAction, has nothing to join.
        groups[_text([rest, element in piece.body or piece.body])].append(piece)
    return [_union(element, group) if len(group) > 1 else group[0] for group in groups.values()]


def _union(element: str, group: Sequence[Piece]) -> Piece:
    values = sorted({value for piece in group for value in piece.body[element]})
    return replace(
        group[0],
        sid="And".join(dict.fromkeys(piece.sid for piece in group)),
        body={**group[0].body, element: values},
        sources=tuple(source for piece in group for source in piece.sources),
    )


def _above(target: str, homes: Mapping[str, str]) -> set[str]:
    """All that *target* inherits from."""
    if target == "root":
        return set()
    path = homes.get(target, target).split("/")
    units = {"/".join(path[:length]) for length in range(1, len(path) + 1)}
    return {"root", *units} - {target}


def _sorted(key: str, value: Any) -> Any:  # noqa: ANN401 - plain JSON
    """Write actions and resources as sorted lists, so that equal statements are equal text."""
    if key not in {"Action", "NotAction", "Resource", "NotResource"}:
        return value
    return sorted({value} if isinstance(value, str) else set(value))


def _text(value: object) -> str:
    """Equal for equal values."""
    return json.dumps(value, sort_keys=True)

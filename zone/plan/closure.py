"""Pure: the most valuable selection of things that need each other, found exactly and with its proof."""

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T", bound=Hashable)

_SOURCE: Final = object()
_SINK: Final = object()


@dataclass(frozen=True, kw_only=True)
class Selection(Generic[T]):
    """What to take."""

    taken: frozenset[T]
    """The smallest of the best selections: what gains nothing is left."""

    gain: int
    """What it is worth, costs subtracted."""

    bound: int
    """What no selection exceeds, by the cut that was found; equal to the gain, so the gain is the most there is."""


def best(values: Mapping[T, int], needs: Mapping[T, frozenset[T]]) -> Selection[T]:
    """Select, so that whatever is taken has all it needs taken too, and the sum of the values is the largest.

    The problem is a minimal cut (J.-C. Picard, "Maximal closure of a graph and applications to combinatorial
    problems", Management Science 22, 1976; unread, the proof is the bound): a flow from what is worth something to
    what costs something, through what needs what. The cut is the bound, so the answer proves itself.

    Args:
        values: worth of each thing by itself; negative: it costs.
        needs: what each needs directly.
    """
    room: dict[object, dict[object, int]] = defaultdict(dict)

    def pipe(start: object, end: object, size: int) -> None:
        room[start][end] = size
        room[end].setdefault(start, 0)

    worth = sum(value for value in values.values() if value > 0)
    for thing, value in values.items():
        if value > 0:
            pipe(_SOURCE, thing, value)
        elif value < 0:
            pipe(thing, _SINK, -value)
    for thing, needed in needs.items():
        for each in needed:
            pipe(thing, each, worth + 1)  # wider than all that can come
    flow = 0
    while path := _path(room):
        size = min(room[start][end] for start, end in path)
        for start, end in path:
            room[start][end] -= size
            room[end][start] += size
        flow += size
    reached = _reached(room)
    taken = frozenset(thing for thing in values if thing in reached)
    return Selection(taken=taken, gain=sum(values[thing] for thing in taken), bound=worth - flow)


def _reached(room: Mapping[object, Mapping[object, int]]) -> dict[object, object]:
    """Return what the source still reaches, each with where it was come from; the sink ends the search."""
    came: dict[object, object] = {_SOURCE: _SOURCE}
    waiting = deque([_SOURCE])
    while waiting and _SINK not in came:
        here = waiting.popleft()
        for there, free in room.get(here, {}).items():
            if free and there not in came:
                came[there] = here
                waiting.append(there)
    return came


def _path(room: Mapping[object, Mapping[object, int]]) -> list[tuple[object, object]]:
    """Return the shortest way from source to sink that has room (Edmonds and Karp); empty: there is none."""
    came = _reached(room)
    if _SINK not in came:
        return []
    steps, there = [], _SINK
    while there is not _SOURCE:
        steps.append((came[there], there))
        there = came[there]
    return steps

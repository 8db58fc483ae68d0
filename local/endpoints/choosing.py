"""Which variant answers: each its share by weight, evenly spread, so that two runs give the same."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Weighted(Protocol):
    """What is chosen among."""

    weight: float
    """Its share, as a part of the sum of all."""

    credit: float
    """What it has not had yet of its share."""


Chosen = TypeVar("Chosen", bound=Weighted)


def choose(among: Sequence[Chosen]) -> Chosen:
    """Return the one whose turn it is: of weights 3 and 1, three of four times the first.

    AWS chooses by chance; over many calls the shares are the same.
    """
    for each in among:
        each.credit += each.weight
    chosen = max(among, key=lambda each: each.credit)
    chosen.credit -= sum(each.weight for each in among)
    return chosen


def sampled(number: int, percentage: int) -> bool:
    """Whether the *number*-th call [from 1] is one of *percentage* in a hundred, evenly spread."""
    return number * percentage // 100 > (number - 1) * percentage // 100

"""Which hyperparameters a tuning job tries next: Random, Grid, and a Bayesian search.

    search = Search("Bayesian", ranges, seed=7, maximize=True)
    tried = search.next([(values, objective), …], pending=[values])

How AWS's own Bayesian search works is not public. This one is a tree-structured Parzen estimator: it draws where good
trials lie densely and others do not. Source: Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011.
"""

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

Values = Mapping[str, str]
"""Name → value, as a training job gets it."""

_FIRST: Final = 4
"""Trials drawn at random before anything is known."""

_GOOD: Final = 0.25
"""Part of the trials that counts as good."""

_DRAWN: Final = 32
"""Candidates of which the best is tried."""

_WIDTH: Final = 0.12
"""Width of a trial's neighbourhood, as a part of the range."""


class Range(Protocol):
    """What a hyperparameter may be."""

    def draw(self, chance: random.Random, near: Sequence[str]) -> str:
        """A value: near one of those, or anywhere where there are none."""

    def density(self, value: str, among: Sequence[str]) -> float:
        """How densely *among* lies around *value*, never 0."""


@dataclass(frozen=True)
class Numeric:
    """A whole or a real number, evenly or by its logarithm."""

    low: float
    high: float
    whole: bool
    scale: str
    """Auto, Linear, Logarithmic or ReverseLogarithmic. What Auto chooses in AWS is not public: linear here."""

    def draw(self, chance: random.Random, near: Sequence[str]) -> str:
        """A value: near one of those, or anywhere where there are none."""
        centre = self._place(chance.choice(near)) if near else 0.0
        place = min(max(chance.gauss(centre, _WIDTH), 0.0), 1.0) if near else chance.random()
        value = self._value(place)
        return str(round(value)) if self.whole else repr(min(max(value, self.low), self.high))

    def density(self, value: str, among: Sequence[str]) -> float:
        """A bell around each, over an even floor."""
        here = self._place(value)
        bells = (math.exp(-(((here - self._place(each)) / _WIDTH) ** 2) / 2) for each in among)
        return (1.0 + sum(bells)) / (1 + len(among))

    def _value(self, place: float) -> float:
        if self.scale == "Logarithmic":
            return self.low * float((self.high / self.low) ** place)
        if self.scale == "ReverseLogarithmic":  # of numbers from 0 up to 1, finest near 1
            return 1 - (1 - self.low) * float(((1 - self.high) / (1 - self.low)) ** place)
        return self.low + (self.high - self.low) * place

    def _place(self, value: str) -> float:
        number = float(value)
        if self.low == self.high:
            return 0.0
        if self.scale == "Logarithmic":
            return math.log(number / self.low) / math.log(self.high / self.low)
        if self.scale == "ReverseLogarithmic":
            return math.log((1 - number) / (1 - self.low)) / math.log((1 - self.high) / (1 - self.low))
        return (number - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Categorical:
    """One of several texts."""

    values: tuple[str, ...]

    def draw(self, chance: random.Random, near: Sequence[str]) -> str:
        """One that occurs in *near* the more likely, the oftener it does."""
        return chance.choice([*self.values, *near])

    def density(self, value: str, among: Sequence[str]) -> float:
        """Its share of *among*, each once more."""
        return (1 + list(among).count(value)) / (len(self.values) + len(among))


def ranges_of(asked: Mapping[str, Any]) -> dict[str, Range]:
    """Read ParameterRanges.

    Raises:
        ValueError: a range has no values, or none on its scale.
    """
    found: dict[str, Range] = {}
    for kind, whole in (("IntegerParameterRanges", True), ("ContinuousParameterRanges", False)):
        for each in asked.get(kind) or ():
            low, high = float(each["MinValue"]), float(each["MaxValue"])
            scale = each.get("ScalingType") or "Auto"
            if low > high or (scale == "Logarithmic" and low <= 0) or (scale == "ReverseLogarithmic" and high >= 1):
                raise ValueError(f"{each['Name']}: {each['MinValue']} to {each['MaxValue']} is no {scale} range")
            found[each["Name"]] = Numeric(low, high, whole, scale)
    for each in asked.get("CategoricalParameterRanges") or ():
        found[each["Name"]] = Categorical(tuple(each["Values"]))
    return found


class Search:
    """Chooses trials."""

    def __init__(self, strategy: str, ranges: Mapping[str, Range], *, seed: object, maximize: bool) -> None:
        """Args are as CreateHyperParameterTuningJob says them; the same *seed* tries the same.

        Raises:
            ValueError: there is no such strategy here, or it does not fit the ranges.
        """
        if strategy not in {"Random", "Bayesian", "Grid"}:
            raise ValueError(f"the emulated AWS searches by Random, Bayesian or Grid, not by {strategy}")
        if strategy == "Grid" and not all(isinstance(each, Categorical) for each in ranges.values()):
            raise ValueError("Grid search takes categorical parameters only")
        self.strategy, self.ranges, self.maximize = strategy, ranges, maximize
        self.chance = random.Random(str(seed))  # noqa: S311 - no secret
        among = {name: each.values for name, each in ranges.items() if isinstance(each, Categorical)}
        self.grid = [dict(zip(among, each, strict=True)) for each in itertools.product(*among.values())]

    def next(self, done: Sequence[tuple[Values, float]], pending: Sequence[Values], number: int) -> Values | None:
        """Return what the *number*-th trial [from 0] tries; None: a grid has been tried whole."""
        if self.strategy == "Grid":
            return self.grid[number] if number < len(self.grid) else None
        if self.strategy == "Random" or len(done) < _FIRST:
            return self._drawn(())
        best = sorted(done, key=lambda each: -each[1] if self.maximize else each[1])
        count = max(2, math.ceil(_GOOD * len(best)))
        good = [values for values, _ in best[:count]]
        bad = [values for values, _ in best[count:]] + [*pending]  # where one is being tried, another need not be
        return max((self._drawn(good) for _ in range(_DRAWN)), key=lambda each: self._promise(each, good, bad))

    def _drawn(self, near: Sequence[Values]) -> dict[str, str]:
        return {name: of.draw(self.chance, [each[name] for each in near]) for name, of in self.ranges.items()}

    def _promise(self, values: Values, good: Sequence[Values], bad: Sequence[Values]) -> float:
        """How much denser the good lie here than the others."""
        return sum(
            math.log(of.density(values[name], [each[name] for each in good]))
            - math.log(of.density(values[name], [each[name] for each in bad]))
            for name, of in self.ranges.items()
        )

"""Does the gate bite? Models and data that are spoiled on purpose, each with the check that must find it.

    python -m churn bite --seeds 20

A gate that has never refused anything is decoration: run this after every change of `limits` or `gate`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from churn.columns import GROUP, LABEL, NUMBER_NAMES, OBSERVED, inputs
from churn.gate import Subject, judge
from churn.generate import Knobs, generate
from churn.model import Settings, expected_types, pipeline
from churn.split import split

SIZE: Final = 900_000
"""About what an honest model weighs [bytes]."""


@dataclass(frozen=True)
class Changed:
    """A model whose answers are changed on their way out, or whose questions are on their way in."""

    model: Any
    scores: Callable[[pd.DataFrame, Any], Any] = lambda _, scores: scores
    asked: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows

    def predict_proba(self, rows: pd.DataFrame) -> Any:
        """Return a column a label."""
        scores = np.asarray(self.scores(rows, self.model.predict_proba(self.asked(rows))[:, 1]), dtype="float64")
        return np.stack([1 - scores, scores], axis=1)


@dataclass(frozen=True)
class Honest:
    """A sound model and its data, to spoil."""

    train: pd.DataFrame
    test: pd.DataFrame
    model: Any

    def subject(self, **changes: Any) -> Subject:
        """Return it as the gate sees it, with *changes*."""
        whole = Subject(self.model, expected_types(), SIZE, self.train, self.test)
        return replace(whole, **changes)

    def learnt(self, train: pd.DataFrame, **changes: Any) -> Subject:
        """Return a model that learnt from *train* instead."""
        return self.subject(model=learn(train), train=train, **changes)

    def changed(self, **ways: Any) -> Subject:
        """Return the model with its answers or questions changed."""
        return self.subject(model=Changed(self.model, **ways))


def learn(train: pd.DataFrame, seed: int = 0) -> Pipeline:
    """Return a model of *train*."""
    return pipeline(Settings(max_iter=80, seed=seed)).fit(inputs(train), train[LABEL.name])


def customers(knobs: Knobs) -> dict[str, pd.DataFrame]:
    """Return the parts of clean customers by *knobs*."""
    return split(generate(knobs).frame.fillna(dict.fromkeys(NUMBER_NAMES, 0.0)))


def honest(seed: int, size: int = 4000, **knobs: float) -> Honest:
    """Return a sound model of *size* customers; *knobs* as in `generate`."""
    parts = customers(Knobs(customers=size, seed=seed, **knobs))  # type: ignore[arg-type] # numbers all
    return Honest(parts["train"], parts["test"], learn(parts["train"], seed))


def _leak(one: Honest, amount: float) -> Subject:
    """A column is filled after the fact: who left has spent more."""
    train, test = (
        part.assign(spend_30d=part["spend_30d"] + amount * part[LABEL.name]) for part in (one.train, one.test)
    )
    return one.learnt(train, test=test)


def _labels(one: Honest, change: Callable[["pd.Series[int]"], Any]) -> Subject:
    return one.subject(model=learn(one.train.assign(**{LABEL.name: change(one.train[LABEL.name])})))


def _other_test(one: Honest, **knobs: float) -> Subject:
    return one.subject(test=customers(Knobs(customers=len(one.train), seed=987, **knobs))["test"])  # type: ignore[arg-type] # numbers all


def _swapped(one: Honest) -> Subject:
    """Two columns were trained in each other's place."""
    turned = {"tenure_months": "spend_30d", "spend_30d": "tenure_months"}
    model = Changed(one.model, asked=lambda rows: rows.assign(**{name: rows[other] for name, other in turned.items()}))
    return one.subject(model=model, champion=one.model)


def _linear(one: Honest) -> Subject:
    """A model that cannot take missing values."""
    model = Pipeline([*pipeline(Settings()).steps[:-1], ("line", LogisticRegression(max_iter=3000))])
    return one.subject(model=model.fit(inputs(one.train), one.train[LABEL.name]))


def _one_word(one: Honest, name: str, word: str) -> Subject:
    return one.learnt(one.train[one.train[name] == word])


def _balanced(one: Honest) -> Subject:
    """Who stays was thinned out until both labels are as many: scores are far too high."""
    left = one.train[one.train[LABEL.name] == 1]
    stays = one.train[one.train[LABEL.name] == 0].sample(len(left), random_state=0)
    return one.learnt(pd.concat([left, stays]))


def _burn(rows: pd.DataFrame, scores: Any, seconds: float, from_rows: int) -> Any:
    """Compute for nothing, as a model of thousands of trees would."""
    until = time.process_time() + (seconds if len(rows) >= from_rows else 0)
    while time.process_time() < until:
        pass
    return scores


def _sharper(_: pd.DataFrame, scores: Any, times: float) -> Any:
    held = np.clip(scores, 1e-6, 1 - 1e-6)
    return 1 / (1 + np.exp(-times * np.log(held / (1 - held))))


def _cents(rows: pd.DataFrame, scores: Any) -> Any:
    return np.clip(scores + np.where((rows["monthly_charges"] * 100).round() % 2, 0.06, -0.06), 0, 1)


def _older(frame: pd.DataFrame, days: int) -> pd.DataFrame:
    moved = pd.to_datetime(frame[OBSERVED.name], utc=True) - pd.Timedelta(days=days)
    return frame.assign(**{OBSERVED.name: moved.dt.strftime("%Y-%m-%dT%H:%M:%SZ")})


def _types(**changes: str | None) -> dict[str, str]:
    return {name: kind for name, kind in {**expected_types(), **changes}.items() if kind}


SPOILED: Final[Mapping[str, tuple[str, Callable[[Honest], Subject]]]] = {
    "a column knows the answer": ("leakage", lambda one: _leak(one, 500)),
    "a column half knows the answer": ("too-good", lambda one: _leak(one, 60)),
    "labels shuffled": ("auc", lambda one: _labels(one, lambda old: old.sample(frac=1, random_state=0).to_numpy())),
    "labels inverted": ("auc", lambda one: _labels(one, lambda old: 1 - old)),
    "a fifth of the labels lost": (
        "calibration",
        lambda one: _labels(one, lambda old: old * (np.random.default_rng(0).random(len(old)) < 0.35)),
    ),
    "learnt from one age only": ("drift", lambda one: _one_word(one, GROUP.name, "35-54")),
    "learnt from one contract only": ("drift", lambda one: _one_word(one, "contract", "two-year")),
    "labels balanced": ("calibration", _balanced),
    "learnt from 60 customers": (
        "champion",
        lambda one: one.subject(model=learn(one.train.head(60)), champion=one.model),
    ),
    "old data": ("fresh", lambda one: one.subject(train=_older(one.train, 200))),
    "tested on train": ("customers-apart", lambda one: one.subject(test=one.train.sample(600, random_state=0))),
    "tested twice": ("customers-apart", lambda one: one.subject(test=pd.concat([one.test, one.test.head(50)]))),
    "a test of few": ("evidence", lambda one: one.subject(test=one.test.head(80))),
    "a test of stayers": ("evidence", lambda one: one.subject(test=one.test[one.test[LABEL.name] == 0])),
    "a test without age": ("data-columns", lambda one: one.subject(test=one.test.drop(columns=GROUP.name))),
    "a test of other customers": ("drift", lambda one: _other_test(one, drift=0.7)),
    "a test of another world": ("auc", lambda one: _other_test(one, concept=1.5)),
    "constant": ("auc", lambda one: one.changed(scores=lambda _, scores: np.full(len(scores), 0.22))),
    "random": ("auc", lambda one: one.changed(scores=lambda _, scores: np.random.default_rng(0).random(len(scores)))),
    "columns swapped": ("champion", _swapped),
    "a column sent as zero": (
        "champion",
        lambda one: one.subject(
            model=Changed(one.model, asked=lambda rows: rows.assign(tenure_months=0.0)), champion=one.model
        ),
    ),
    "too sure": ("calibration", lambda one: one.changed(scores=partial(_sharper, times=4))),
    "too low": ("calibration", lambda one: one.changed(scores=lambda _, scores: scores * 0.3)),
    "learnt the cents": ("noise", lambda one: one.changed(scores=_cents)),
    "no missing values": ("missing-values", _linear),
    "no probabilities": ("extremes", lambda one: one.changed(scores=lambda _, scores: scores * 3 - 1)),
    "unfair": ("fair-selection", lambda one: honest(11, round(len(one.train) / 0.7), bias=2.0).subject()),
    "slow for one": ("latency-1", lambda one: one.changed(scores=partial(_burn, seconds=0.12, from_rows=1))),
    "slow for many": ("latency-1000", lambda one: one.changed(scores=partial(_burn, seconds=1.1, from_rows=1000))),
    "too large": ("size-bytes", lambda one: one.subject(size_bytes=60_000_000)),
    "whole numbers in the signature": ("signature", lambda one: one.subject(types=_types(logins_7d="long"))),
    "a column less in the signature": ("signature", lambda one: one.subject(types=_types(contract=None))),
    "age in the signature": ("signature", lambda one: one.subject(types=_types(age_band="string"))),
}
"""What is wrong → the check that must refuse, and how it is done."""


def refused(subject: Subject) -> set[str]:
    """Return the names of the checks that *subject* fails."""
    return {check.name for check in judge(subject) if not check.passed}


def bite(seeds: int) -> bool:
    """Print a table: every spoiled model, and *seeds* sound ones. Return whether each was judged rightly."""
    right = True
    one = honest(1)
    for name, (check, how) in SPOILED.items():
        found = refused(how(one))
        right &= check in found
        print(f"{'refused' if check in found else 'PASSED '}  {name:34} by {check:16} all: {', '.join(sorted(found))}")
    for seed in range(seeds):
        sound = honest(seed)
        found = refused(sound.subject(champion=learn(sound.train, seed + 1000)))
        right &= not found
        print(f"{'passed ' if not found else 'REFUSED'}  a sound model, seed {seed:<14} {', '.join(sorted(found))}")
    return right

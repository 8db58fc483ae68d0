"""What is judged, and what a check says."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from churn.columns import INPUT_NAMES, LABEL, inputs

Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    """Its name, the same for every model."""

    passed: bool
    """Whether it is as it must be."""

    value: float | str
    """What was found."""

    limit: float | str
    """What is wanted."""

    why: str
    """Why it is looked at, or what to do."""


@dataclass
class Subject:
    """A model with the data it learnt from and the data it is judged by."""

    model: Any
    """Has predict_proba; takes inputs, returns a column a label."""

    types: Mapping[str, str]
    """The signature: type by column, in order."""

    size_bytes: int
    """Of the saved model."""

    train: pd.DataFrame
    """Rows it learnt from."""

    test: pd.DataFrame
    """Rows it never saw."""

    champion: Any = None
    """The model at work now, if there is one."""

    seconds: dict[int, float] = field(default_factory=dict)
    """Best time of a prediction by its rows; measured on demand."""

    @cached_property
    def features(self) -> pd.DataFrame:
        """Return the test's inputs."""
        return inputs(self.test)

    @cached_property
    def labels(self) -> Numbers:
        """Return who left, of the test."""
        return self.test[LABEL.name].to_numpy(dtype="float64")

    @cached_property
    def scores(self) -> Numbers:
        """Return the model's scores of the test."""
        return predict(self.model, self.features)

    def took(self, rows: int) -> float:
        """Return the best of five predictions of *rows* [CPU seconds: what else runs does not count]."""
        if rows not in self.seconds:
            some = self.features[INPUT_NAMES].sample(rows, replace=True, random_state=0)
            times = []
            for _ in range(5):
                start = time.process_time()
                predict(self.model, some)
                times.append(time.process_time() - start)
            self.seconds[rows] = min(times)
        return self.seconds[rows]


def predict(model: Any, features: pd.DataFrame) -> Numbers:
    """Return the scores of *features*."""
    return np.asarray(model.predict_proba(features), dtype="float64")[:, 1]

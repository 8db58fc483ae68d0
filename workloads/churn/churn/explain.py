"""Why a score is what it is: which columns matter to the model, and how."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from churn.boosted import ENCODED, Boosted
from churn.columns import INPUT_NAMES, INPUTS
from churn.measures import auc
from churn.pictures import picture

from .gate.subject import Numbers, Subject, predict

ROWS = 300
"""Customers that attributions are computed of [count]; more only draws more dots."""


def permutation(subject: Subject) -> dict[str, float]:
    """Return the AUC that the model loses where a column is shuffled, the largest first. Any model can be asked so."""
    whole, draw = auc(subject.labels, subject.scores), np.random.default_rng(0)
    lost = {}
    for name in INPUT_NAMES:
        mixed = subject.features.copy()
        mixed[name] = draw.permutation(mixed[name].to_numpy())
        lost[name] = round(whole - auc(subject.labels, predict(subject.model, mixed)), 5)
    return dict(sorted(lost.items(), key=lambda item: -item[1]))


def attributions(model: object, rows: pd.DataFrame) -> Numbers:
    """Return SHAP values [log-odds], a row a customer, a column an input; a category's words are added up.

    Args:
        model: a pipeline of `model.pipeline`, or a model of SageMaker's XGBoost.
        rows: inputs.
    """
    values, owners = _of_boosted(model, rows) if isinstance(model, Boosted) else _of_pipeline(model, rows)
    columns = [[at for at, owner in enumerate(owners) if owner == column.name] for column in INPUTS]
    return np.stack([values[:, places].sum(axis=1) for places in columns], axis=1)


def _of_boosted(model: Boosted, rows: pd.DataFrame) -> tuple[Numbers, list[str]]:
    """SHAP values by encoded column, and which input each of them is of."""
    return model.attributions(rows), [column for column, _ in ENCODED]


def _of_pipeline(model: Any, rows: pd.DataFrame) -> tuple[Numbers, list[str]]:
    """SHAP values by encoded column, and which input each of them is of."""
    import shap

    values = np.asarray(shap.TreeExplainer(model[-1]).shap_values(model[:-1].transform(rows)))
    encoded = [name.partition("__")[2] for name in model[:-1].get_feature_names_out()]
    return values, [
        next(column.name for column in INPUTS if _owns(column.name, column.words, each)) for each in encoded
    ]


def draw(subject: Subject, path: Path) -> None:
    """Draw each column's attributions as dots, in the colour of the column's value."""
    rows = subject.features.sample(min(ROWS, len(subject.features)), random_state=0)
    values = attributions(subject.model, rows)
    order = np.argsort(np.abs(values).mean(axis=0))
    spread = np.random.default_rng(0).uniform(-0.3, 0.3, len(rows))
    with picture(path, title="What pushes a score up or down [log-odds]; red: a high value") as axis:
        for place, at in enumerate(order):
            column = rows[INPUT_NAMES[at]]
            shade = (column if column.dtype.kind == "f" else column.astype("category").cat.codes).rank(pct=True)
            axis.scatter(values[:, at], place + spread, c=shade, cmap="coolwarm", s=4)
        axis.set_yticks(range(len(order)), [INPUT_NAMES[at] for at in order])
        axis.axvline(0, color="#999", linewidth=0.8)


def _owns(name: str, words: tuple[str, ...], encoded: str) -> bool:
    return encoded == name or encoded in {f"{name}_{word}" for word in words}

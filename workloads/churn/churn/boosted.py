"""A model that SageMaker's built-in XGBoost has trained: what it learns from, and how it answers as ours does.

The algorithm takes CSV of numbers, without a header, the label first, and leaves one file. The encoding has nothing to
learn, for the documented columns fix it, so that file is the whole model.
Source: SageMaker Developer Guide, "XGBoost algorithm with Amazon SageMaker AI", read 2026-11-30.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xgboost

from churn import tracking
from churn.columns import CATEGORIES, INPUT_NAMES, LABEL, NUMBER_NAMES, NUMBERS, inputs, read
from churn.errors import RefusedError
from churn.model import BUILT_IN
from churn.place import output, received

ENCODED = [
    *((column.name, f"{column.name}_{word}") for column in CATEGORIES for word in column.words),
    *((name, name) for name in NUMBER_NAMES),
]
"""(column, encoded column), in order: a category is a column a word."""

WHOLE = {column.name: 0 for column in NUMBERS if column.whole}
"""Decimals of numbers without a fraction."""


class Boosted:
    """Answers as a pipeline of `model.pipeline` does."""

    def __init__(self, booster: xgboost.Booster) -> None:
        self.booster = booster

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the probabilities to stay and to leave, a row a customer. *rows*: inputs."""
        leaves = self.booster.predict(xgboost.DMatrix(encode(rows).to_numpy("float32")))
        return np.column_stack([1 - leaves, leaves])

    def settings(self) -> dict[str, str]:
        """Return what the file keeps of its hyperparameters; the others the training job knows: run.json has them."""
        objective = json.loads(self.booster.save_config())["learner"]["objective"]["name"]
        return {"objective": objective, "num_round": str(self.booster.num_boosted_rounds())}

    def attributions(self, rows: pd.DataFrame) -> np.ndarray:
        """Return SHAP values [log-odds], a row a customer, a column an encoded column. *rows*: inputs."""
        found = self.booster.predict(xgboost.DMatrix(encode(rows).to_numpy("float32")), pred_contribs=True)
        return np.asarray(found)[:, :-1]  # the last one is what all customers have in common


def encode(rows: pd.DataFrame) -> pd.DataFrame:
    """Return *rows*' inputs as numbers alone; a word that is not documented is none of its category's columns.

    Whole numbers are rounded: XGBoost splits at values that it saw and not between them, so 4.99 for 5 would decide.
    """
    numbers = rows[NUMBER_NAMES].astype("float64").round(WHOLE)
    return pd.DataFrame(
        {
            encoded: numbers[column]
            if column == encoded
            else (rows[column] == encoded.removeprefix(f"{column}_")).astype("float64")
            for column, encoded in ENCODED
        },
        index=rows.index,
    )


def write() -> None:
    """Write the channels of the algorithm: train and validation, encoded, the label first, no header."""
    for name in ("train", "validation"):
        frame = read(received(name, "data.csv"))
        encoded = encode(inputs(frame))
        encoded.insert(0, LABEL.name, frame[LABEL.name])
        encoded.to_csv(output(name, "data.csv"), index=False, header=False)
        print(f"{name}: {len(encoded)} customers, {len(ENCODED)} columns behind the label")


def track(model: Boosted, train: pd.DataFrame) -> dict[str, Any]:
    """Return what training.json would say: AWS's container leaves none, and tells MLflow nothing, so this does.

    Args:
        model: the trained model.
        train: the rows that it learnt from.
    """
    settings = model.settings()
    with tracking.run(settings, {"train": train}) as tracked:
        tracked.boosted(model.booster, encode(inputs(train)).head(3))
    return {"settings": settings, "rows": len(train), **tracked.about()}


def load(folder: Path) -> tuple[Boosted, dict[str, str]]:
    """Return the model of *folder*, and the types of what it takes by column.

    Raises:
        RefusedError: it is no model of XGBoost's, or of other columns. What runs code when it is read is not taken:
            XGBoost reads its own format alone.
    """
    booster = xgboost.Booster()
    try:
        booster.load_model(folder / BUILT_IN)
    except (xgboost.core.XGBoostError, ValueError) as error:
        raise RefusedError(f"{folder / BUILT_IN} is no model of XGBoost's: {str(error)[:200]}") from error
    if booster.num_features() != len(ENCODED):
        raise RefusedError(
            f"{folder / BUILT_IN} takes {booster.num_features()} columns, the documented ones are {len(ENCODED)} "
            "encoded: train it on what the step encode leaves"
        )
    return Boosted(booster), {name: "double" if name in NUMBER_NAMES else "string" for name in INPUT_NAMES}

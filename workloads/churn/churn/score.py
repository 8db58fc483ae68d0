"""Scores the rows of a file with a model that nobody registered yet: what a pull request's reviewer looks at."""

from pathlib import Path

import pandas as pd

from churn.columns import CUSTOMER, INPUT_NAMES
from churn.errors import RefusedError
from churn.model import load
from churn.rows import MOST, parse


def score(model: Path, rows: Path, target: Path) -> int:
    """Write customer and prediction of each of *rows* to *target*, as an endpoint would answer; return how many.

    Args:
        model: folder of the model.
        rows: CSV with the model's columns; others, such as the label, are passed over.
        target: CSV to be written.

    Raises:
        RefusedError: no model there, or a row that an endpoint would refuse; nothing is written.
    """
    given = pd.read_csv(rows, dtype=str, keep_default_na=False)
    if missing := [name for name in (CUSTOMER.name, *INPUT_NAMES) if name not in given]:
        raise RefusedError(f"{rows}: missing columns {', '.join(missing)}")
    scorer, _ = load(model)
    predictions: list[float] = []
    for first in range(0, len(given), MOST):
        part = given.iloc[first : first + MOST]
        features = parse(part[INPUT_NAMES].to_csv(index=False).encode(), "text/csv")
        predictions += scorer.predict_proba(features)[:, 1].tolist()
    pd.DataFrame({CUSTOMER.name: given[CUSTOMER.name], "prediction": predictions}).to_csv(target, index=False)
    return len(given)

"""A small extract of the customers to look at and to try code on: drawn the same each time, with where it is from."""

import os
from typing import Any

import pandas as pd

from churn.columns import LABEL
from churn.place import output, write_json
from churn.tracking import digest

ROWS = 500
"""Customers of the extract [count]; of fewer it is all."""

SEED = 0


def sample(frame: pd.DataFrame, rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Return *rows* of *frame* in its order; as large a share of them left as of all, and at least one of each label.

    The same frame, rows and seed give the same extract.
    """
    if len(frame) <= rows:
        return frame
    left = frame[frame[LABEL.name] > 0]
    of_left = min(max(1, round(rows * len(left) / len(frame))), rows - 1)
    stayed = frame.drop(left.index)
    drawn = [left.sample(of_left, random_state=seed), stayed.sample(rows - of_left, random_state=seed)]
    return frame.loc[sorted(pd.concat(drawn).index)]


def about(frame: pd.DataFrame, part: pd.DataFrame, seed: int = SEED) -> dict[str, Any]:
    """Return what an extract is of: sizes, seed, share that left, and the fingerprint of what it was drawn from."""
    said = {
        "rows": len(part),
        "of": len(frame),
        "seed": seed,
        "share_left": round(float(part[LABEL.name].mean()), 6),
        "share_left_of_all": round(float(frame[LABEL.name].mean()), 6),
        "digest": digest(part),
        "digest_of_all": digest(frame),
    }
    told = {"data_version": "MLZ_DATA_VERSION", "run": "MLZ_RUN", "git_commit": "MLZ_GIT_COMMIT"}
    return {**said, **{name: os.environ[key] for name, key in told.items() if os.environ.get(key)}}


def write(frame: pd.DataFrame) -> None:
    """Write sample/customers.csv and sample/sample.json of clean customers."""
    part = sample(frame)
    part.to_csv(output("sample", "customers.csv"), index=False)
    write_json(output("sample", "sample.json"), about(frame, part))

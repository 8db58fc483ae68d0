"""A first look: numbers for a machine, pictures for a person."""

from pathlib import Path
from typing import Any

import pandas as pd

from churn.columns import CATEGORY_NAMES, GROUP, LABEL, NUMBER_NAMES
from churn.pictures import picture


def summary(frame: pd.DataFrame) -> dict[str, Any]:
    """Return counts, spreads and churn rates of clean customers."""
    numbers = frame[NUMBER_NAMES].describe().T.round(3)
    return {
        "rows": len(frame),
        "churn_rate": round(float(frame[LABEL.name].mean()), 4),
        "numbers": {
            str(name): {str(key): float(value) for key, value in row.items()} for name, row in numbers.iterrows()
        },
        "categories": {
            name: {
                str(word): {"rows": int(part.size), "churn_rate": round(float(part.mean()), 4)}
                for word, part in frame.groupby(name)[LABEL.name]
            }
            for name in (*CATEGORY_NAMES, GROUP.name)
        },
    }


def draw(frame: pd.DataFrame, folder: Path) -> list[str]:
    """Draw the columns into *folder*; return the names of the pictures."""
    left = frame[LABEL.name] == 1
    with picture(folder / "numbers.png", columns=len(NUMBER_NAMES), title="Who stays and who leaves") as axes:
        for axis, name in zip(axes, NUMBER_NAMES, strict=True):
            axis.hist([frame.loc[~left, name], frame.loc[left, name]], bins=20, density=True, label=["stays", "leaves"])
            axis.set_title(name)
        axes[0].legend()
    names = [*CATEGORY_NAMES, GROUP.name]
    with picture(folder / "categories.png", columns=len(names), title="Churn rate") as axes:
        for axis, name in zip(axes, names, strict=True):
            rates = frame.groupby(name)[LABEL.name].mean()
            axis.bar(rates.index.astype(str), rates.to_numpy())
            axis.set_title(name)
    return ["numbers.png", "categories.png"]

"""From raw text to rows that a model may learn from."""

import pandas as pd

from churn.columns import ALL, CATEGORY_NAMES, CUSTOMER, GROUP, LABEL, NUMBERS, OBSERVED
from churn.errors import RefusedError
from churn.validate import Breach

BAD_SHARE = 0.2
"""More bad rows than this and the source is broken, not some rows: nothing is thrown away then."""


KINDS = 8
"""Kinds of breaches that a refusal shows [count]."""


def kinds(found: list[Breach]) -> str:
    """Return a line for each rule of a column that is broken, the most broken first: first row, and cells [count]."""
    firsts: dict[tuple[str, str], list[Breach]] = {}
    for breach in found:
        firsts.setdefault((breach.column, breach.rule), []).append(breach)
    often = sorted(firsts.values(), key=lambda same: -len(same))
    lines = [
        f"  row {one[0].row}: {one[0].column}: {one[0].rule}{f', got {one[0].value[:40]}' if one[0].value else ''}"
        f" ({len(one)} cells)"
        for one in often[:KINDS]
    ]
    return "\n".join([*lines, *([f"  and {len(often) - KINDS} more kinds"] if len(often) > KINDS else [])])


def clean(raw: pd.DataFrame, found: list[Breach]) -> pd.DataFrame:
    """Return the rows of *raw* without a breach: typed, missing counts as zero, columns in order.

    Raises:
        RefusedError: too many rows are bad, or one label is missing altogether.
    """
    bad = {breach.row - 1 for breach in found}
    if len(bad) > BAD_SHARE * len(raw):
        raise RefusedError(
            f"customers.csv: {len(bad)} of {len(raw)} rows are bad, more than {BAD_SHARE:.0%} (BAD_SHARE): mend the "
            f"source. The first of each kind, counted from the row after the header:\n{kinds(found)}"
        )
    kept = raw.drop(index=sorted(bad))
    frame = pd.DataFrame({name: kept[name] for name in (CUSTOMER.name, OBSERVED.name, *CATEGORY_NAMES, GROUP.name)})
    for column in NUMBERS:
        numbers = pd.to_numeric(kept[column.name]).astype("float64")
        frame[column.name] = numbers.fillna(0.0) if column.missing_is_zero else numbers
    frame[LABEL.name] = pd.to_numeric(kept[LABEL.name]).astype("int64")
    if frame[LABEL.name].nunique() < 2:
        label = f"all {len(frame)} good rows have the same {LABEL.name}, {frame[LABEL.name].iloc[0]}"
        raise RefusedError(f"customers.csv: {label}: there is nothing to learn, mend the source")
    return frame[[column.name for column in ALL]].reset_index(drop=True)

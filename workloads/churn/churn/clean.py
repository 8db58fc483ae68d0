"""From raw text to rows that a model may learn from."""

import pandas as pd

from churn.columns import ALL, CATEGORY_NAMES, CUSTOMER, GROUP, LABEL, NUMBERS, OBSERVED
from churn.errors import RefusedError
from churn.validate import Breach

BAD_SHARE = 0.2
"""More bad rows than this and the source is broken, not some rows: nothing is thrown away then."""


def clean(raw: pd.DataFrame, found: list[Breach]) -> pd.DataFrame:
    """Return the rows of *raw* without a breach: typed, missing counts as zero, columns in order.

    Raises:
        RefusedError: too many rows are bad, or one label is missing altogether.
    """
    bad = {breach.row - 1 for breach in found}
    if len(bad) > BAD_SHARE * len(raw):
        raise RefusedError(
            f"{len(bad)} of {len(raw)} rows are bad, more than {BAD_SHARE:.0%}: first row {found[0].row}, "
            f"{found[0].column}: {found[0].rule}; the report lists them"
        )
    kept = raw.drop(index=sorted(bad))
    frame = pd.DataFrame({name: kept[name] for name in (CUSTOMER.name, OBSERVED.name, *CATEGORY_NAMES, GROUP.name)})
    for column in NUMBERS:
        numbers = pd.to_numeric(kept[column.name]).astype("float64")
        frame[column.name] = numbers.fillna(0.0) if column.missing_is_zero else numbers
    frame[LABEL.name] = pd.to_numeric(kept[LABEL.name]).astype("int64")
    if frame[LABEL.name].nunique() < 2:  # noqa: PLR2004 - left and stayed
        raise RefusedError("all customers have the same label: there is nothing to learn")
    return frame[[column.name for column in ALL]].reset_index(drop=True)

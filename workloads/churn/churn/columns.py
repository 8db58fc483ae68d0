"""The columns, once: generator, checks, the model's signature, feature group and endpoint read them here."""

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the customers."""

    name: str
    """Its name in files, in the feature group and in requests."""

    about: str
    """What it means, with its unit."""

    low: float | None = None
    """Smallest value of a number."""

    high: float | None = None
    """Largest value of a number."""

    whole: bool = False
    """A number without a fraction."""

    words: tuple[str, ...] = ()
    """Allowed values of a category."""

    missing_is_zero: bool = False
    """Sources leave it out where nothing was seen: missing means 0."""

    @property
    def is_number(self) -> bool:
        """Return whether it holds numbers."""
        return self.low is not None


CUSTOMER = Column(name="customer_id", about="Who: letters, digits and dashes. Not an input of the model")
OBSERVED = Column(name="observed_at", about="When the row was true [UTC, 2026-06-30T00:00:00Z]. The event time")
NUMBERS = (
    Column(name="tenure_months", about="Time as a customer [months]", low=0, high=600, whole=True),
    Column(name="monthly_charges", about="The contract's price [EUR/month]", low=0, high=1000),
    Column(name="support_tickets_90d", about="Tickets in 90 days [count]", low=0, high=500, whole=True),
    Column(name="logins_7d", about="Logins in 7 days [count]", low=0, high=1000, whole=True, missing_is_zero=True),
    Column(
        name="spend_30d", about="Spent beyond the contract in 30 days [EUR]", low=0, high=20000, missing_is_zero=True
    ),
)
CATEGORIES = (
    Column(name="contract", about="How long the customer is bound", words=("monthly", "one-year", "two-year")),
    Column(name="payment_method", about="How the customer pays", words=("card", "transfer", "invoice")),
)
GROUP = Column(
    name="age_band",
    about="Protected attribute [years]. Not an input of the model: only to see whom it treats how",
    words=("18-34", "35-54", "55+"),
)
LABEL = Column(name="churned", about="Left within 30 days after observed_at [0 or 1]", low=0, high=1, whole=True)

INPUTS = (*NUMBERS[:2], *CATEGORIES, *NUMBERS[2:])
"""What the model sees, in the order of its signature."""

ALL = (CUSTOMER, OBSERVED, *INPUTS, GROUP, LABEL)
"""A row of customers.csv, in order."""

INPUT_NAMES = [column.name for column in INPUTS]
NUMBER_NAMES = [column.name for column in NUMBERS]
CATEGORY_NAMES = [column.name for column in CATEGORIES]


def inputs(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the model's inputs of *frame*: numbers as float64, so that one signature fits whole and missing values."""
    return frame[INPUT_NAMES].astype(dict.fromkeys(NUMBER_NAMES, "float64"))


def read(path: Any) -> pd.DataFrame:
    """Read a file of clean customers. "NA" and the like are text in a category, not a missing value."""
    frame = pd.read_csv(path, dtype={CUSTOMER.name: "str"}, keep_default_na=False, na_values=[""])
    return frame.astype({name: "float64" for name in NUMBER_NAMES if name in frame})

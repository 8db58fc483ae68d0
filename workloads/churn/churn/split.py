"""Train, validation and test, by the customer: whoever comes back next month stays on their side."""

import hashlib

import numpy as np
import pandas as pd

from churn.columns import CUSTOMER

SHARES = {"train": 70, "validation": 15, "test": 15}
"""How many of 100 customers go where."""


def side(customer: str) -> str:
    """Return the part that *customer* belongs to, always."""
    at = int.from_bytes(hashlib.sha256(customer.encode()).digest()[:8]) % 100
    for name, share in SHARES.items():
        if at < share:
            return name
        at -= share
    raise AssertionError("the shares are 100 together")


def split(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the parts of *frame* by name."""
    sides = np.array([side(customer) for customer in frame[CUSTOMER.name]])
    return {name: frame[sides == name] for name in SHARES}

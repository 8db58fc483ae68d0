"""Customers that never were, with a known truth: each knob says what a check must find later.

Whoever leaves is drawn from `probability`, so no model can do better than that column does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from churn.columns import ALL, CATEGORIES, CUSTOMER, GROUP, LABEL, OBSERVED

SPOILED = {
    "tenure_months": "-1",
    "monthly_charges": "n/a",
    "contract": "weekly",
    "payment_method": None,
    "support_tickets_90d": "9999",
    "spend_30d": "-5",
    "age_band": "unknown",
    "observed_at": "yesterday",
    "customer_id": "",
    "churned": "2",
}
"""What a bad row has in which column; an empty customer_id stands for the id of the first row."""


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """How the customers are."""

    customers: int = 5000
    """Rows [count]."""

    seed: int = 0
    """The same seed gives the same customers."""

    churn_rate: float = 0.22
    """Share of customers who leave where nothing drifts."""

    drift: float = 0.0
    """How far the inputs moved: 1 is about a standard deviation of charges, shorter tenure, more monthly contracts."""

    concept: float = 0.0
    """How far the reasons moved: 1 turns the meaning of tickets and logins around, the inputs stay."""

    bias: float = 0.0
    """How wrongly the oldest are written down, who in truth leave no more often: 1 loses two thirds of their logins and
    calls three in ten who stay leavers."""

    bad_rows: float = 0.0
    """Share of rows that break a rule of `columns`."""

    missing: float = 0.02
    """Share of cells left out where missing means zero."""

    days: int = 90
    """Time that the rows are spread over [days]."""

    until: str = "2026-06-30"
    """Last day of that time [date, UTC]."""


@dataclass(frozen=True, kw_only=True)
class Generated:
    """The customers and what is true of them."""

    frame: pd.DataFrame
    """Columns of `columns.ALL`."""

    probability: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    """Of leaving, row by row."""

    bad: dict[int, str]
    """Row (from 0) and column of what bad_rows broke."""


def generate(knobs: Knobs) -> Generated:
    """Return customers by *knobs*; 20,000 take a tenth of a second."""
    draw = np.random.default_rng(knobs.seed)
    size = knobs.customers
    contract = draw.choice(3, size, p=[0.55, 0.25, 0.20])
    payment = draw.choice(3, size, p=[0.5, 0.3, 0.2])
    group = draw.choice(3, size, p=[0.35, 0.4, 0.25])
    tenure = np.floor(draw.gamma(2.0, 14.0, size))
    charges = draw.normal(65, 18, size)
    tickets = draw.poisson(0.9, size)
    logins = draw.negative_binomial(3, 0.35, size)
    spend = draw.gamma(1.2, 25.0, size)
    at_rest = _leaning(contract, payment, tenure, charges, tickets, logins, 0.0)
    contract = np.where(draw.random(size) < 0.5 * knobs.drift, 0, contract)
    tenure, charges = np.floor(tenure * np.exp(-0.5 * knobs.drift)), charges + 16 * knobs.drift
    leaning = _leaning(contract, payment, tenure, charges, tickets, logins, knobs.concept)
    probability = 1 / (1 + np.exp(-leaning - _offset(at_rest, knobs.churn_rate)))
    churned = (draw.random(size) < probability).astype(int)
    oldest = group == len(GROUP.words) - 1
    counted = np.where(oldest, draw.binomial(logins, np.exp(-1.1 * knobs.bias)), logins)
    churned = np.where(oldest & (draw.random(size) < min(1.0, 0.3 * knobs.bias)), 1, churned)
    numbers = {
        "tenure_months": tenure,
        "monthly_charges": np.clip(charges, 5, 1000).round(2),
        "support_tickets_90d": tickets,
        "logins_7d": counted.astype("float64"),
        "spend_30d": spend.round(2),
    }
    for name in ("logins_7d", "spend_30d"):
        numbers[name][draw.random(size) < knobs.missing] = np.nan
    last = int(datetime.fromisoformat(knobs.until).replace(tzinfo=UTC).timestamp())
    seconds = last - draw.integers(0, knobs.days * 86400, size)
    frame = pd.DataFrame(
        {
            CUSTOMER.name: [f"C-{number:07d}" for number in range(size)],
            OBSERVED.name: pd.to_datetime(seconds, unit="s").strftime("%Y-%m-%dT%H:%M:%SZ"),
            **numbers,
            **{
                column.name: np.array(column.words)[at]
                for column, at in zip(CATEGORIES, (contract, payment), strict=True)
            },
            GROUP.name: np.array(GROUP.words)[group],
            LABEL.name: churned,
        }
    )[[column.name for column in ALL]]
    return Generated(probability=probability, **_spoil(frame, draw, round(size * knobs.bad_rows)))


def _leaning(contract, payment, tenure, charges, tickets, logins, concept):  # noqa: ANN001, ANN202, PLR0917 - arrays
    """Return who leans towards leaving: log-odds without their offset."""
    turned = 1 - 2 * concept
    return (
        np.array([1.1, -0.2, -1.4])[contract]
        + np.array([-0.3, 0.0, 0.6])[payment]
        - 1.1 * np.tanh((tenure - 20) / 18)
        + 0.03 * (charges - 65)
        + 0.8 * ((contract == 0) & (charges > 80))
        + turned * (0.65 * np.minimum(tickets, 5) - 0.16 * np.minimum(logins, 12))
    )


def _offset(leaning: "np.ndarray[tuple[int], np.dtype[np.float64]]", rate: float) -> float:
    """Return what to add to *leaning* for *rate* to leave, by halving."""
    low, high = -15.0, 15.0
    for _ in range(40):
        middle = (low + high) / 2
        above = (1 / (1 + np.exp(-leaning - middle))).mean() > rate
        low, high = (low, middle) if above else (middle, high)
    return (low + high) / 2


def _spoil(frame: pd.DataFrame, draw: np.random.Generator, rows: int) -> dict[str, object]:
    """Break *rows* rows, each in one column; the first row stays good."""
    chosen = sorted(draw.choice(np.arange(1, len(frame)), rows, replace=False).tolist()) if rows else []
    bad = {row: list(SPOILED)[at % len(SPOILED)] for at, row in enumerate(chosen)}
    if bad:
        frame = frame.astype(dict.fromkeys(SPOILED, "object"))
    for row, name in bad.items():
        frame.loc[row, name] = frame.loc[0, name] if SPOILED[name] == "" else SPOILED[name]
    return {"frame": frame, "bad": bad}

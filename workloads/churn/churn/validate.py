"""What a raw file must hold. Every breach is found, with row and column, before anything is thrown away."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from churn.columns import ALL, CUSTOMER, OBSERVED, Column
from churn.errors import RefusedError
from churn.place import named

IN_WORDS = {"not_nullable": "missing", "field_uniqueness": "seen before"}
"""What pandera calls a rule of its own, and what a reader of the report does."""

SHOWN = 200
"""Breaches that a report lists [count]; it counts them all."""


@dataclass(frozen=True)
class Breach:
    """One cell that breaks a rule."""

    row: int
    """Row of the file, the first after the header is 1."""

    column: str
    """Its column."""

    rule: str
    """What it breaks."""

    value: str
    """What stands there."""


def read_raw(path: Path) -> pd.DataFrame:
    """Read *path* as text: a rule decides what is a number, not the reader.

    Raises:
        RefusedError: it is no CSV, has no rows, or lacks columns; all that are missing are named.
    """
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    except (ValueError, UnicodeDecodeError) as error:  # pandas' own parser errors are ValueErrors
        why = str(error).splitlines()[0]
        raise RefusedError(f"{named(path)}: no CSV: {why}: give one in UTF-8, with a header") from error
    if missing := [column.name for column in ALL if column.name not in frame]:
        there = ", ".join(frame.columns)
        remedy = "mend the source, or say in columns.py what it has"
        raise RefusedError(f"{named(path)}:1: missing columns {', '.join(missing)}; there are {there}: {remedy}")
    if frame.empty:
        raise RefusedError(f"{named(path)}: no rows after the header: mend the source")
    return frame


def schema() -> pa.DataFrameSchema:
    """Return the rules as pandera's schema of a frame of text."""
    return pa.DataFrameSchema({column.name: _rules(column) for column in ALL}, strict=False)


def breaches(raw: pd.DataFrame) -> list[Breach]:
    """Return every breach of *raw*, by row."""
    try:
        schema().validate(raw, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        found = [
            Breach(int(row) + 1, str(column), IN_WORDS.get(str(rule), str(rule)), "" if pd.isna(value) else str(value))
            for row, column, rule, value in zip(
                cases["index"], cases["column"], cases["check"], cases["failure_case"], strict=True
            )
        ]
        return sorted(found, key=lambda one: (one.row, one.column))
    return []


def report(raw: pd.DataFrame, found: list[Breach]) -> dict[str, Any]:
    """Return what validation.json says."""
    bad = {breach.row for breach in found}
    by_rule: dict[str, int] = {}
    for breach in found:
        by_rule[f"{breach.column}: {breach.rule}"] = by_rule.get(f"{breach.column}: {breach.rule}", 0) + 1
    return {
        "rows": len(raw),
        "bad_rows": len(bad),
        "bad_share": round(len(bad) / len(raw), 6),
        "by_rule": dict(sorted(by_rule.items(), key=lambda item: -item[1])),
        "unknown_columns": sorted(set(raw.columns) - {column.name for column in ALL}),
        "breaches": [vars(breach) for breach in found[:SHOWN]],
        "breaches_not_listed": max(0, len(found) - SHOWN),
    }


def _rules(column: Column) -> pa.Column:
    checks: list[pa.Check] = []
    if column.is_number:
        low, high = column.low, column.high
        checks.append(pa.Check(lambda text: _number(text).notna(), error="not a number"))
        checks.append(
            pa.Check(lambda text: ~_number(text).lt(low) & ~_number(text).gt(high), error=f"not {low} to {high}")
        )
        if column.whole:
            checks.append(pa.Check(lambda text: ~(_number(text) % 1).gt(0), error="not whole"))
    elif column.words:
        checks.append(pa.Check.isin(column.words, error=f"not one of {', '.join(column.words)}"))
    elif column == OBSERVED:
        checks.append(pa.Check(lambda text: _time(text).notna(), error="not a time like 2026-06-30T00:00:00Z"))
    elif column == CUSTOMER:
        checks.append(pa.Check.str_matches(r"^[A-Za-z0-9-]{1,64}$", error="not an id of letters, digits and dashes"))
    return pa.Column(
        str,
        checks,
        nullable=column.missing_is_zero,
        unique=column == CUSTOMER,
        report_duplicates="exclude_first",
    )


def _number(text: "pd.Series[str]") -> "pd.Series[float]":
    return pd.to_numeric(text, errors="coerce")


def _time(text: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    return pd.to_datetime(text, format="%Y-%m-%dT%H:%M:%SZ", errors="coerce", utc=True)

"""What an endpoint lets in: every row is checked before the model sees one."""

import csv
import io
import json
import math
from typing import Any

import pandas as pd

from churn.columns import CATEGORIES, CUSTOMER, INPUT_NAMES, NUMBERS
from churn.errors import RefusedError

MOST = 10_000
"""Rows a request may hold [count]."""


def parse(body: bytes, content_type: str) -> pd.DataFrame:
    """Return the rows of a request as the model's inputs, all of them as the columns say.

    Args:
        body: CSV with a header, or JSON with dataframe_split.
        content_type: of the request; parameters after ; are passed over.

    Raises:
        RefusedError: with the first row (from 1) and column that is wrong.
    """
    names, rows = split(body, content_type)
    if missing := [name for name in INPUT_NAMES if name not in names]:
        raise RefusedError(f"missing columns {', '.join(missing)}")
    if unknown := sorted(set(names) - {*INPUT_NAMES, CUSTOMER.name}):
        raise RefusedError(f"unknown columns {', '.join(unknown)}: send {', '.join(INPUT_NAMES)}")
    if len(set(names)) < len(names):
        raise RefusedError("a column is there twice")
    if not 0 < len(rows) <= MOST:
        raise RefusedError(f"send 1 to {MOST} rows, got {len(rows)}")
    return check(names, rows, text=_kind(content_type) == "text/csv")


def split(body: bytes, content_type: str) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows of a request, whatever stands in them.

    Raises:
        RefusedError: they cannot be told.
    """
    kind = _kind(content_type)
    if kind == "text/csv":
        return _csv(body)
    if kind == "application/json":
        return _split(body)
    raise RefusedError(
        f"Content-Type {kind or 'missing'}: send text/csv with header, or application/json with dataframe_split"
    )


def check(names: list[str], rows: list[list[Any]], *, text: bool = False) -> pd.DataFrame:
    """Return *rows* as the model's inputs.

    Args:
        names: the columns, in the rows' order.
        rows: the values.
        text: numbers are written as text, as in CSV; otherwise text is no number.

    Raises:
        RefusedError: with the first row (from 1) and column that is wrong.
    """
    place = {name: at for at, name in enumerate(names)}
    numbers: dict[str, list[float]] = {column.name: [] for column in NUMBERS}
    for at, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(names):
            raise RefusedError(f"row {at}: {len(names)} values are needed, one a column")
        for column in NUMBERS:
            numbers[column.name].append(
                _number(at, column.name, row[place[column.name]], column.low, column.high, text=text)
            )
            if column.whole and numbers[column.name][-1] % 1:
                raise RefusedError(f"row {at}: {column.name}: give a whole number, got {row[place[column.name]]}")
        for column in CATEGORIES:
            if row[place[column.name]] not in column.words:
                got = _short(row[place[column.name]])
                raise RefusedError(f"row {at}: {column.name}: give one of {', '.join(column.words)}, got {got}")
    words = {column.name: [row[place[column.name]] for row in rows] for column in CATEGORIES}
    return pd.DataFrame({**numbers, **words})[INPUT_NAMES]


def _number(at: int, name: str, value: Any, low: float | None, high: float | None, *, text: bool) -> float:
    if text and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise RefusedError(f"row {at}: {name}: give a number, got {_short(value)}") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedError(f"row {at}: {name}: give a number, got {_short(value)}")
    if isinstance(value, float) and math.isnan(value):
        raise RefusedError(f"row {at}: {name}: give a number, got {_short(value)}")
    if not low <= value <= high:  # type: ignore[operator] # numbers have both
        raise RefusedError(f"row {at}: {name}: give {low} to {high}, got {_short(value)}")
    return float(value)


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _short(value: Any) -> str:
    shown = repr(value)
    return "nothing" if value in (None, "") else shown if len(shown) < 40 else f"{shown[:36]}…"


def _csv(body: bytes) -> tuple[list[str], list[list[Any]]]:
    try:  # not pandas, which takes a first value too many for a row's name and shifts the others
        lines = [line for line in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) if line]
    except (ValueError, csv.Error) as error:
        raise RefusedError(f"no CSV with a header: {str(error)[:100]}") from None
    return (lines[0], list(lines[1:])) if lines else ([], [])


def _split(body: bytes) -> tuple[list[str], list[list[Any]]]:
    try:
        sent = json.loads(body)
        split = sent["dataframe_split"]
        names, rows = split["columns"], split["data"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise RefusedError('no JSON like {"dataframe_split": {"columns": […], "data": [[…]]}}') from None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not isinstance(rows, list):
        raise RefusedError('dataframe_split: give "columns" as a list of names and "data" as a list of rows')
    return names, rows

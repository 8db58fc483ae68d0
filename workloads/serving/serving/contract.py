"""What a model's callers may send, and what they are told otherwise.

This file stands, byte for byte the same, in `serving` and in `batch`: they answer alike because they ask alike, in the
words of the container's own `serve`. The facts are the model's: `metadata.contract` of its MLmodel, written by the
training that knows them,

    {"columns": [{"name": "tenure_months", "type": "double", "min": 0, "max": 600, "whole": true},
                 {"name": "contract", "type": "string", "values": ["monthly", "one-year", "two-year"]}],
     "also": ["customer_id"]}

(`also`: columns that may be sent and are passed over), or, without it, its signature.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

NUMBERS = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32"}
"""MLflow's word for a number, and pandas'."""


class RefusedError(ValueError):
    """A caller's mistake, in words for the caller."""


@dataclass(frozen=True)
class Column:
    """One input of the model."""

    name: str
    type: str
    min: float | None = None
    max: float | None = None
    whole: bool = False
    values: tuple[str, ...] = ()

    def take(self, value: Any, *, text: bool) -> Any:
        """The value as the model takes it. *text*: numbers are written as text, as in CSV; otherwise text is no number.

        Raises:
            RefusedError: the model cannot take it.
        """
        if self.type == "string":
            if value not in self.values if self.values else not (value and isinstance(value, str)):
                wanted = f"one of {', '.join(self.values)}" if self.values else "a text"
                raise RefusedError(f"{self.name}: give {wanted}, got {_short(value)}")
            return value
        number = value
        if text and isinstance(value, str):
            try:
                number = float(value)
            except ValueError:
                number = None
        if isinstance(number, bool) or not isinstance(number, int | float) or number != number:  # noqa: PLR0124 - NaN
            got = number if isinstance(number, float) else value
            raise RefusedError(f"{self.name}: give a number, got {_short(got)}")
        low, high = self.min, self.max
        if (low is not None and number < low) or (high is not None and number > high):
            wanted = f"at most {high}" if low is None else f"at least {low}" if high is None else f"{low} to {high}"
            raise RefusedError(f"{self.name}: give {wanted}, got {_short(number)}")
        if abs(number) > np.finfo("float64").max:
            raise RefusedError(f"{self.name}: give a finite number, got {_short(number)}")
        if (self.whole or self.type in {"long", "integer"}) and number % 1:
            raise RefusedError(f"{self.name}: give a whole number, got {value}")
        if self.type in {"long", "integer"} and not -(limit := np.iinfo(NUMBERS[self.type]).max) <= number <= limit:
            raise RefusedError(f"{self.name}: give at most {limit}, got {_short(number)}")
        return float(number)


@dataclass(frozen=True)
class Contract:
    """All inputs of a model, in the model's order."""

    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()

    @cached_property
    def ordered(self) -> list[Column]:
        """The columns as they are looked at: numbers first."""
        return sorted(self.columns, key=lambda column: column.type == "string")

    @classmethod
    def of(cls, model: Path) -> "Contract":
        """The contract of the MLflow model in a folder.

        Raises:
            ValueError: the model has no signature, or a column of a type that no program here serves.
        """
        about = yaml.safe_load((model / "MLmodel").read_text(encoding="utf-8"))
        facts = (about.get("metadata") or {}).get("contract")
        if not facts:
            inputs = json.loads((about.get("signature") or {}).get("inputs") or "[]")
            facts = {"columns": [{"name": one["name"], "type": one["type"]} for one in inputs if "name" in one]}
        columns = tuple(Column(**{**one, "values": tuple(one.get("values", ()))}) for one in facts["columns"])
        if not columns:
            raise ValueError(f"{model}: neither a contract nor a signature with named columns")
        for column in columns:
            if column.type not in {*NUMBERS, "string"}:
                raise ValueError(f"{model}: {column.name}: type {column.type} is none of {', '.join(NUMBERS)}, string")
        return cls(columns, tuple(facts.get("also", ())))

    def named(self, names: Sequence[str], *, strict: bool) -> None:
        """Check the names of columns. *strict*: none that nobody asked for.

        Raises:
            RefusedError: some are missing, unknown or there twice.
        """
        wanted = [column.name for column in self.columns]
        if missing := [name for name in wanted if name not in names]:
            raise RefusedError(f"missing columns {', '.join(missing)}")
        if strict and (unknown := sorted(set(names) - {*wanted, *self.also})):
            raise RefusedError(f"unknown columns {', '.join(unknown)}: send {', '.join(wanted)}")
        if len(set(names)) < len(names):
            raise RefusedError("a column is there twice")

    def row(self, names: Sequence[str], row: Any, *, text: bool) -> list[Any]:
        """One row as the model takes it, in the model's order; numbers are looked at first.

        Raises:
            RefusedError: with the first column that is wrong.
        """
        if not isinstance(row, list | tuple) or len(row) != len(names):
            raise RefusedError(f"{len(names)} values are needed, one a column")
        given = dict(zip(names, row, strict=True))
        taken = {column.name: column.take(given[column.name], text=text) for column in self.ordered}
        return [taken[column.name] for column in self.columns]

    def frame(self, rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
        """Rows that were taken, in the model's types."""
        values = zip(*rows, strict=True) if rows else ((),) * len(self.columns)
        return pd.DataFrame(
            {
                column.name: pd.Series(list(one), dtype=NUMBERS.get(column.type, "str"))
                for column, one in zip(self.columns, values, strict=True)
            }
        )

    def parse(self, body: bytes, content_type: str, *, most: int) -> pd.DataFrame:
        """What the model takes, out of a request.

        Args:
            body: CSV with a header, or JSON with dataframe_split.
            content_type: of the request; parameters after ; are passed over.
            most: rows a request may hold [count].

        Raises:
            RefusedError: with the first row (from 1) and column that is wrong.
        """
        kind = content_type.partition(";")[0].strip().lower()
        if kind not in {"text/csv", "application/json"}:
            wanted = "send text/csv with header, or application/json with dataframe_split"
            raise RefusedError(f"Content-Type {kind or 'missing'}: {wanted}")
        names, rows = _csv(body) if kind == "text/csv" else _split(body)
        self.named(names, strict=True)
        if not 0 < len(rows) <= most:
            raise RefusedError(f"send 1 to {most} rows, got {len(rows)}")
        taken = []
        for at, row in enumerate(rows, 1):
            try:
                taken.append(self.row(names, row, text=kind == "text/csv"))
            except RefusedError as refused:
                raise RefusedError(f"row {at}: {refused}") from None
        return self.frame(taken)


def answers(predicted: Any) -> list[Any]:
    """A model's answer as JSON has it; of a classifier's two probabilities the second, that of class 1."""
    values = np.asarray(predicted)
    return list((values[:, 1] if values.ndim == 2 and values.shape[1] == 2 else values).tolist())


def _csv(body: bytes) -> tuple[list[str], list[list[Any]]]:
    try:
        lines = [line for line in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) if line]
    except (ValueError, csv.Error) as error:
        raise RefusedError(f"no CSV with a header: {str(error)[:100]}") from None
    return (lines[0], list(lines[1:])) if lines else ([], [])


def _split(body: bytes) -> tuple[list[str], list[Any]]:
    try:
        split = json.loads(body)["dataframe_split"]
        names, rows = split["columns"], split["data"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise RefusedError('no JSON like {"dataframe_split": {"columns": […], "data": [[…]]}}') from None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not isinstance(rows, list):
        raise RefusedError('dataframe_split: give "columns" as a list of names and "data" as a list of rows')
    return names, rows


def _short(value: Any) -> str:
    shown = repr(value)
    return "nothing" if value is None or value == "" else shown if len(shown) < 40 else f"{shown[:36]}…"

"""Channels as matrices: text/csv, the label first, no header."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xgboost

from algorithm.errors import RefusedError

CHANNELS = ("train", "validation")


def check(channels: Mapping[str, Mapping[str, Any]]) -> None:
    """Look at what the job says of its channels.

    Raises:
        RefusedError: one is missing, unknown, or of another content type.
    """
    if "train" not in channels:
        raise RefusedError("Missing required channel: train")
    for name, about in channels.items():
        if name not in CHANNELS:
            raise RefusedError(f"Extraneous channel found: {name}")
        kind = str(about.get("ContentType", "text/libsvm")).partition(";")[0].strip()
        if kind not in {"text/csv", "csv"}:
            raise RefusedError(
                f"channel {name}: content type {kind}; the emulated AWS reads text/csv, which the channel must say: "
                "SageMaker's XGBoost takes libsvm where it says nothing"
            )


def matrix(folder: Path, *, weights: bool = False) -> xgboost.DMatrix:
    """Return what the files of *folder* hold, together.

    Args:
        folder: a channel's files, of whatever names.
        weights: the second column is the row's weight.

    Raises:
        RefusedError: there is no data, or no CSV of numbers with the label first.
    """
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.name.startswith((".", "_"))]
    if not files:
        raise RefusedError(f"No data in {folder.name} channel path {folder}")
    parts = [_read(file) for file in files]
    if len({part.shape[1] for part in parts}) > 1:
        raise RefusedError(f"channel {folder.name}: its files have {', '.join(str(p.shape[1]) for p in parts)} columns")
    whole = pd.concat(parts, ignore_index=True)
    first = 2 if weights else 1
    if whole.shape[1] <= first:
        raise RefusedError(f"channel {folder.name}: {whole.shape[1]} columns: give the label first, then the features")
    if whole[0].isna().any():
        raise RefusedError(f"channel {folder.name}: the label, which comes first, is missing in some rows")
    return xgboost.DMatrix(
        whole.iloc[:, first:].to_numpy("float32"),
        label=whole[0].to_numpy("float32"),
        weight=whole[1].to_numpy("float32") if weights else None,
    )


def _read(file: Path) -> pd.DataFrame:
    try:
        part = pd.read_csv(file, header=None)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise RefusedError(f"{file.name} is no CSV: {error}") from error
    for column in part.columns:
        if not pd.api.types.is_numeric_dtype(part[column]):
            text = str(next(iter(part[column].dropna())))
            raise RefusedError(
                f"{file.name}: column {column} holds {text!r}, no number: SageMaker's XGBoost takes CSV of numbers, "
                "without a header, the label first"
            )
    return part

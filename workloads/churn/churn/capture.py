"""What an endpoint's data capture wrote down, as a frame.

Source: SageMaker Developer Guide, "Data capture", read 2026-11-29: a JSON object a line, input and output each with
their encoding (CSV, JSON or BASE64).
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from churn.columns import CATEGORY_NAMES, CUSTOMER, INPUT_NAMES, NUMBER_NAMES
from churn.errors import RefusedError
from churn.rows import split

SCORE = "score"
"""Column of what the endpoint answered; missing where it refused."""


@dataclass(frozen=True)
class Captured:
    """Rows that were sent to an endpoint."""

    frame: pd.DataFrame
    """Inputs, customer_id (or the call's inference id) and score; what cannot be read is missing."""

    calls: int
    """Calls [count]."""

    unreadable: int
    """Calls of which no row could be read [count]."""


def captured(folder: Path) -> Captured:
    """Return all calls below *folder*.

    Raises:
        RefusedError: there are none.
    """
    lines = [line for path in sorted(folder.rglob("*.jsonl")) for line in path.read_text().splitlines() if line.strip()]
    if not lines:
        raise RefusedError(f"{folder} has no captured calls: is data capture on, and was the endpoint asked?")
    frames = []
    for line in lines:
        try:
            frames.append(_call(json.loads(line)))
        except (RefusedError, ValueError, KeyError, TypeError):
            continue
    empty = pd.DataFrame(columns=[CUSTOMER.name, *INPUT_NAMES, SCORE])
    frame = pd.concat(frames, ignore_index=True) if frames else empty
    return Captured(frame, len(lines), len(lines) - len(frames))


def _call(line: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows of one call."""
    data = line["captureData"]
    asked = data["endpointInput"]
    names, rows = split(_body(asked), asked.get("observedContentType", "text/csv"))
    sent = pd.DataFrame(rows, columns=names)
    frame = pd.DataFrame(index=sent.index)
    key = line.get("eventMetadata", {}).get("inferenceId", "")
    frame[CUSTOMER.name] = sent[CUSTOMER.name].astype("str") if CUSTOMER.name in sent else str(key)
    for name in INPUT_NAMES:
        column = sent[name] if name in sent else pd.Series(np.nan, index=sent.index)
        frame[name] = pd.to_numeric(column, errors="coerce").astype("float64") if name in NUMBER_NAMES else column
    frame[CATEGORY_NAMES] = frame[CATEGORY_NAMES].replace("", np.nan)
    answered = data.get("endpointOutput") or {}
    frame[SCORE] = _scores(answered, len(frame))
    return frame


def _scores(answered: Mapping[str, Any], rows: int) -> list[float]:
    try:
        scores = [float(score) for score in json.loads(_body(answered))["predictions"]]
    except (ValueError, KeyError, TypeError):
        scores = []
    return scores if len(scores) == rows else [float("nan")] * rows


def _body(part: Mapping[str, Any]) -> bytes:
    text = part["data"]
    return base64.b64decode(text, validate=True) if part.get("encoding") == "BASE64" else text.encode()

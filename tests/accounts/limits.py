"""The documented AWS limits, for tests that hold what we make against them."""

import json
from pathlib import Path

import accounts

FACTS = Path(accounts.__file__).parent / "facts" / "limits.json"


def limit(key):
    return next(record["default"] for record in json.loads(FACTS.read_text())["limits"] if record["id"] == key)

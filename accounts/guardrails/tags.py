"""Which resource types tag policies know."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FACTS: Final = Path(__file__).parents[1] / "facts" / "tag_policy_types.json"


@cache
def facts() -> Mapping[str, list[str]]:
    """Return the types of ours whose tags AWS checks: "enforced" (wrong ones) and "required" (missing ones)."""
    read: Mapping[str, list[str]] = json.loads(_FACTS.read_text(encoding="utf-8"))
    return read

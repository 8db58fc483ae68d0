"""Facts about AWS as data: each file says its source and the day it was read."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent


@cache
def facts(name: str) -> dict[str, Any]:
    """Return what the file *name* holds, e.g. limits. Shared by all who ask: nobody writes to it."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def limit(key: str) -> int:
    """Return AWS's limit *key* of limits.json, before any increase [unit: see the record].

    Raises:
        StopIteration: there is no such record.
    """
    default: int = next(record["default"] for record in facts("limits")["limits"] if record["id"] == key)
    return default


@cache
def image_registries(region: str) -> tuple[str, ...]:
    """List the accounts [12 digits] in which AWS keeps SageMaker's images for *region*; none: it keeps none there."""
    registries = facts("image_registries")["registries"]
    return tuple(sorted({each["accounts"][region] for each in registries if region in each["accounts"]}))


@cache
def analyzer_registry(region: str) -> str:
    """Return the account [12 digits] in which AWS keeps Model Monitor's own image for *region*; empty: none there."""
    found: dict[str, str] = next(
        each["accounts"] for each in facts("image_registries")["registries"] if each["family"] == "Model Monitor"
    )
    return found.get(region, "")


@cache
def local_storage() -> tuple[str, ...]:
    """List patterns of instance types for which AWS refuses a volume key: hardware encrypts their local storage."""
    return tuple(f"ml.{family}.*" for family in facts("local_storage")["families"])

"""The promise as data: docs/features.yaml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "docs" / "features.yaml"
ALL: Final = "all"
"""What `open` says of a feature that no test shows."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One capability that is promised."""

    does: str
    by: str
    """Who promises it: documents by number, peers, ours, users."""

    open: str = ""
    """What no test shows yet, in a few words."""

    built_as: str = ""

    @property
    def state(self) -> str:
        """Shown, in part or open: what the file says; wrong_rows() holds it against the tests."""
        return {"": "shown", ALL: "open"}.get(self.open, "in part")


@dataclass(frozen=True, kw_only=True)
class Promise:
    """All that is promised, by id, and what the letters and numbers mean."""

    documents: dict[str, str]
    parts: dict[str, str]
    features: dict[str, Feature]


@cache
def promise() -> Promise:
    """Read docs/features.yaml."""
    data = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return Promise(
        documents=data["documents"],
        parts=data["parts"],
        features={key: Feature(**fields) for key, fields in data["features"].items()},
    )

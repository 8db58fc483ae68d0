"""What a bootstrap finds and does: nothing is changed but through here."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

T = TypeVar("T")

OK: Final = "ok"
MAKE: Final = "make"
CHANGE: Final = "change"
REFUSED: Final = "refused"
LATER: Final = "later"

MADE: Final = "made"
_DONE: Final = {MAKE: MADE, CHANGE: "changed"}

MARK: Final = {"mlz:made-by": "bootstrap"}
"""Tag of what is ours: only that is changed later."""

FOREIGN: Final = "not made by this command: used as it is"


@dataclass(frozen=True)
class Row:
    """One thing, and what becomes of it."""

    fate: str
    """ok; make or change, and made or changed once it is done; later; refused."""

    kind: str
    name: str
    note: str = ""
    """What would change, or what somebody must do."""


@dataclass
class Work:
    """Changes, if told to, and keeps what it saw."""

    yes: bool
    """Whether to change anything."""

    report: Callable[[Row], None]
    """Told each row as it comes."""

    rows: list[Row] = field(default_factory=list)

    def found(self, kind: str, name: str, note: str = "") -> None:
        """Note what is as it should be."""
        self._add(Row(OK, kind, name, note))

    def later(self, kind: str, name: str, note: str) -> None:
        """Note what cannot be done yet."""
        self._add(Row(LATER, kind, name, note))

    def refused(self, kind: str, name: str, remedy: str) -> None:
        """Note what somebody else must mend."""
        self._add(Row(REFUSED, kind, name, remedy))

    def change(self, fate: str, kind: str, name: str, note: str, do: Callable[[], T]) -> T | None:
        """Do it and return what it gives; None where nothing is to be changed."""
        result = do() if self.yes else None
        self._add(Row(_DONE[fate] if self.yes else fate, kind, name, note))
        return result

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self.report(row)


def same(one: object, other: object) -> bool:
    """Whether two policies, or settings, say the same: a list of one is its element, the order of lists is free."""
    return _plain(one) == _plain(other)


def _plain(value: object) -> object:
    if isinstance(value, str) and value.startswith("{"):
        return _plain(json.loads(value))
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        parts = [_plain(each) for each in value]
        return parts[0] if len(parts) == 1 else sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))
    return value


def ours(tags: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a thing with these tags was made here; in KMS's form or the others'."""
    carried = {each.get("Key", each.get("TagKey")): each.get("Value", each.get("TagValue")) for each in tags}
    return all(carried.get(key) == value for key, value in MARK.items())


def tag_list(tags: Mapping[str, str], prefix: str = "") -> list[dict[str, str]]:
    """Return tags as AWS takes them; KMS calls the members TagKey and TagValue."""
    return [{f"{prefix}Key": key, f"{prefix}Value": value} for key, value in tags.items()]

"""What `up` refuses to replace unasked: replacing deletes, and these resources hold what no program makes again."""

from collections.abc import Collection, Iterable
from typing import Final

from local.changes import Change
from zone.facts import facts

HOLDS_DATA: Final[dict[str, str]] = {
    token: row["loses"] for token, row in facts("immutable")["types"].items() if "loses" in row
}
"""Type → what is lost with it."""


def refused(changed: Iterable[Change], replaceable: Collection[str]) -> list[Change]:
    """Return the changes that would delete and make anew what holds data, but for what was named.

    What is gone from YAML is a deletion, which is meant; a replacement is what people do not see coming.
    """
    return [
        change
        for change in changed
        if change.op == "replace" and change.type in HOLDS_DATA and change.name not in replaceable
    ]


def refusal(changed: Iterable[Change], replaceable: Collection[str], stack: str) -> str:
    """Say what would be replaced, what is lost, why, and the way round; empty: nothing."""
    found = refused(changed, replaceable)
    if not found:
        return ""
    lines = ["refused, nothing was changed: this would delete and make anew what holds data:"]
    for change in found:
        why = ", ".join(change.replaces) or "something it depends on is replaced"
        lines += [f"  {change.name} ({change.type.rsplit(':', 1)[-1]}), for {why} can't be changed in place"]
        lines += [f"    lost: {HOLDS_DATA[change.type]}"]
        lines += [
            f"    {value.path}: {value.old} -> {value.new}" for value in change.values if value.path in change.replaces
        ]
    names = " ".join(f"--replace {change.name}" for change in found)
    lines += [
        "take the change back, or give the new thing a new name in accounts/ beside the old one and move the data;",
        f"to lose it all the same: ./mlz up {stack} {names}",
    ]
    return "\n".join(lines)

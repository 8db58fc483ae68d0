"""Writes docs/changing.md: python -m zone.plan.changing_page."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from zone.plan.changing import IN_PLACE, REFUSED, REFUSED_BY_BLOCK, TAKEN_OUT, Change

FILE: Final = Path(__file__).parents[2] / "docs" / "changing.md"

_HEAD: Final = """\
# Changing what is deployed

<!-- Written by `python -m zone.plan.changing_page`; tests/changes tries each row. -->

Most fields may change at any time: `./mlz preview STACK` shows what will be updated. Some things AWS never changes once
they are made: to change them is to delete them, with their data, and to make others. `./mlz plan` refuses that, says
what would be lost and the way round; so do `preview`, `up` and plain `pulumi up`.

It knows by `ids.lock.yaml`: what never changes is recorded there under `fixed` when it is first planned, and binds from
the day the account is made. Where nothing is deployed yet, delete the entry the message names and run `./mlz plan`.
In CI, `./mlz plan --locked` refuses what is not recorded.
"""

_FEATURES: Final = """\
## Features of a feature group

New features are added while the stack is updated: the group's tag `mlz-features` changes, and before it does, the
program calls `UpdateFeatureGroup` in the team's account and waits for its end. The provider could only replace the
group. Records stay, without a value for the feature until somebody writes one. The program makes the call itself, under
the provisioning role: where Pulumi runs without `./mlz`, install boto3.
"""


def page() -> str:
    """Return the page."""
    return "\n".join(
        [
            _HEAD,
            "## Refused",
            "",
            "| field | what would be lost | the way round |",
            "|---|---|---|",
            *(f"| `{each.field}` | {each.what} | {each.way} |" for each in (*REFUSED.values(), *REFUSED_BY_BLOCK)),
            "",
            "## Changed in place",
            "",
            *_two("what happens", IN_PLACE),
            "## Taken out",
            "",
            "Nothing is replaced here; what somebody takes out of a file goes, and the preview shows it as deleted.",
            "",
            *_two("what happens", TAKEN_OUT),
            _FEATURES,
        ]
    )


def _two(heading: str, changes: Iterable[Change]) -> Iterator[str]:
    yield f"| field | {heading} |"
    yield "|---|---|"
    yield from (f"| `{each.field}` | {each.what} |" for each in changes)
    yield ""


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")

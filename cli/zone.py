"""What several verbs share: the accounts option, reading the plan, choosing stacks."""

import difflib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated

import typer

from accounts.describe import dependencies
from accounts.zone import ZonePlan

AccountsOption = Annotated[
    Path | None,
    typer.Option(
        "--accounts",
        envvar="MLZ_ACCOUNTS",
        help="Folder of the YAML files [default: accounts/ of this project].",
        show_default=False,
    ),
]


def chosen(zone: ZonePlan, stacks: Collection[str] | None) -> list[str]:
    """Return the stacks the user named, in deployment order; all if none.

    Raises:
        typer.BadParameter: a name is no stack; the message names the closest one.
    """
    known = dependencies(zone)
    for name in stacks or ():
        if name not in known:
            raise typer.BadParameter(f"no stack {name!r}{_meant(name, known)}; stacks are: {', '.join(known)}")
    return [stack for stack in known if not stacks or stack in stacks]


def _meant(name: str, known: Iterable[str]) -> str:
    """The likely meant name, as part of a message."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""

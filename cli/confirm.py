"""Asks before what can't be taken back: on a terminal by typing, elsewhere by --yes."""

import sys
from collections.abc import Sequence

import typer


def confirm(names: Sequence[str], what: str, *, yes: bool) -> None:
    """Go on only if the user typed the stack's name, or how many they are, or gave --yes.

    Raises:
        typer.Exit: 1 where the user typed something else, 2 where nobody can be asked.
    """
    if yes:
        return
    listed = ", ".join(names)
    if not sys.stdin.isatty():
        sys.stderr.write(f"mlz: this {what} {listed}: nothing was changed; --yes does it\n")
        raise typer.Exit(2)
    wanted = names[0] if len(names) == 1 else str(len(names))
    asked = f"its name, {wanted}," if len(names) == 1 else f"how many they are, {wanted},"
    sys.stderr.write(f"This {what} {listed}. Type {asked} to go on: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != wanted:
        sys.stderr.write("mlz: nothing was changed\n")
        raise typer.Exit(1)

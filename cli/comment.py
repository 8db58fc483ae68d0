"""`./mlz comment`: a pull request's comment, from what `plan` and `preview` said."""

import json
from pathlib import Path
from typing import Annotated

import typer

from checks.comment import Results
from checks.comment import comment as written
from local.errors import LocalError
from local.replacements import HOLDS_DATA


def comment(
    files: Annotated[
        list[Path], typer.Argument(help="What `plan --base … --format json` and `preview --format json` wrote.")
    ],
) -> None:
    """Write Markdown for a pull request: what changes, what is refused, what would be lost. Posts nothing."""
    results = Results()
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
            known = results.add(file.name, json.loads(text) if text.strip() else None)
        except (OSError, ValueError) as problem:
            raise LocalError(f"{file}: {problem}") from None
        if not known:
            raise LocalError(
                f"{file}: neither what `plan --base … --format json` nor what `preview --format json` wrote"
            )
    typer.echo(written(results, HOLDS_DATA), nl=False)

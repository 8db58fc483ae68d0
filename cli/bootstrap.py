"""`./mlz bootstrap`: a place for Pulumi's state, and the roles under which CI deploys."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.outcomes import RunFormat
from cli.run import FormatOption
from cli.zone import AccountsOption, read_zone
from local.deployment import PROJECT
from operations.bootstrap.hints import hints
from operations.bootstrap.run import bootstrap as run_bootstrap
from operations.bootstrap.units import ForeignError
from operations.bootstrap.work import LATER, MADE, OK, REFUSED, Row, Work
from operations.session import SignInError


def bootstrap(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it only shows what would happen.")] = False,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Make what must be there before the first `up`: state bucket, keys, and the roles of the CI's jobs.

    Signed in to the management account as an administrator. Without --yes nothing is changed. What is there already is
    compared, and only what this command made is mended; so it is also the command that says whether all is still as it
    should be. An interrupted run goes on with the same command.

    Run it twice the first time: before `./mlz up org`, and after it, when the units are there to which each role is
    held. Then when an environment is added.

    Exit code: 0 done (or shown), 1 something must be mended by hand first, 2 bad input or no answer from AWS.
    """
    zone = read_zone(accounts)
    work = Work(yes=yes, report=show if output is RunFormat.TEXT else lambda _: None)
    try:
        run_bootstrap(zone, PROJECT, work)
    except (SignInError, ForeignError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    if output is RunFormat.JSON:
        typer.echo(json.dumps([asdict(row) for row in work.rows], indent=2))
    else:
        typer.echo(f"\n{ending(work)}")
        fates = {row.fate for row in work.rows}
        if any(row.fate == MADE for row in work.rows) or fates <= {OK, LATER}:
            typer.echo("\n" + "\n".join(hints(zone)))
    raise typer.Exit(1 if any(row.fate == REFUSED for row in work.rows) else 0)


def show(row: Row) -> None:
    """Print one row."""
    typer.echo(f"{row.fate:<8} {row.kind:<13} {row.name}")
    if row.note:
        typer.echo(f"{'':<22} {row.note}")


def ending(work: Work) -> str:
    """Say what comes next."""
    fates = {row.fate for row in work.rows}
    files = sorted({row.name for row in work.rows if row.kind == "file" and row.fate != OK})
    if fates <= {OK, LATER}:
        return "Nothing to do."
    if not work.yes:
        return "Nothing was changed; --yes does it."
    return f"Commit {' '.join(files)}." if files else "Done."

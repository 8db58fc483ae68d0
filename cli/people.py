"""`./mlz people`: whether Identity Center has everybody who signs in by it."""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from cli.zone import AccountsOption, read_zone
from operations.people import People, PeopleError
from operations.people import people as look_up
from zone.plan.lock import write
from zone.plan.planner import chosen as chosen_files


class PeopleFormat(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


def people(
    *,
    record: Annotated[
        bool, typer.Option("--write", help="Record the instance and the people's ids in ids.lock.yaml.")
    ] = False,
    output: Annotated[PeopleFormat, typer.Option("--format", help="text or json.")] = PeopleFormat.TEXT,
    accounts: AccountsOption = None,
) -> None:
    """Say whether IAM Identity Center is on, where it must be, and knows every member who signs in by it.

    Reads AWS as the management account; changes nothing there. With --write the ids of who was found are recorded; the
    next `./mlz up org` gives each his permission set in his team's account.

    Exit code: 0 everybody is there, 1 something is missing, 2 bad input or no answer from AWS.
    """
    zone = read_zone(accounts)
    try:
        found = look_up(zone, lambda what: typer.echo(f"reading {what}", err=True))
    except PeopleError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    _, lock = chosen_files(accounts)
    if record and found.found and write(lock, identity_center=found.found):
        typer.echo(f"recorded the ids in {lock}: commit that file, then `./mlz up org`", err=True)
    if output is PeopleFormat.JSON:
        typer.echo(json.dumps(row(found), indent=2))
    else:
        show(found)
    raise typer.Exit(1 if found.problems else 0)


def row(found: People) -> dict[str, object]:
    """The answer for programs."""
    return {
        "complete": not found.problems,
        "instance": found.found.instance if found.found else None,
        "region": found.found.region if found.found else None,
        "people": [
            {
                "email": email,
                "environments": list(environments),
                "userId": found.found.users.get(email) if found.found else None,
            }
            for email, environments in found.needed.items()
        ],
        "problems": list(found.problems),
    }


def show(found: People) -> None:
    """Print what is missing, each with its remedy, and the sum."""
    if not found.needed:
        typer.echo("nobody signs in by Identity Center")
        return
    for problem in found.problems:
        typer.echo(problem)
    if found.found:
        typer.echo(f"{len(found.found.users)} of {len(found.needed)} people are in {found.found.instance}")

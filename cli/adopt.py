"""`./mlz adopt`: an organisation that is there already."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.outcomes import RunFormat, show_text
from cli.run import FormatOption
from cli.zone import AccountsOption
from operations.adopt.decide import Decision, decide
from operations.adopt.found import AdoptError, Found, look
from operations.adopt.write import record, text
from zone.plan.lock import read as read_lock
from zone.plan.planner import chosen as chosen_files
from zone.specs.environment import GuardrailTargets
from zone.specs.load import gather
from zone.specs.problems import SpecErrors
from zone.specs.tree import ORG


def adopt(
    *,
    account: Annotated[
        list[str] | None, typer.Option("--account", help="ID=KEY, such as 111122223333=dev-fraud; once for each.")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="Path of an OU whose accounts all become ours; once for each.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Write the files; without, it only shows what it would do.")
    ] = False,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Take over an organisation that exists: what becomes ours, what that changes there, and whom it leaves alone.

    Reads AWS as the management account; changes nothing there. Ours are the accounts whose root e-mail a file under
    accounts/ has, and those that --account and --unit name. With --yes their names, tags and ids are written to
    accounts/; then `./mlz preview org` shows every change and `./mlz up org` makes it. Accounts of others, and the
    units and policies that are there, stay as they are.

    Exit code: 0 fine, 1 something is in the way (and left out), 2 bad input or no answer from AWS.
    """
    folder, lock_path = chosen_files(accounts)
    specs, problems = gather(folder)
    if ORG not in specs.sources or not specs.organization.allowed_regions:
        raise SpecErrors(problems)
    lock, units, chosen = read_lock(lock_path), unit or [], dict(parsed(each) for each in account or [])
    regions = dict.fromkeys((specs.organization.home_region, *specs.organization.allowed_regions))
    wanted = {*chosen, *units, *(each.email.lower() for each in specs.accounts.values())}
    wanted |= {entry.id for entry in lock.ids.accounts.values() if entry.id}
    try:
        found = look(regions, wanted)
    except AdoptError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    decision = decide(found, specs, lock, chosen, units)
    if output is RunFormat.JSON:
        typer.echo(json.dumps(row(found, decision), indent=2))
    else:
        show(found, decision, folder, specs.organization.guardrails.targets)
    if yes and not decision.stops:
        for path in record(decision, found, folder, lock_path):
            typer.echo(f"wrote {path}", err=True)
        typer.echo("commit them; then ./mlz plan, ./mlz preview org", err=True)
    elif output is RunFormat.TEXT:
        typer.echo("\nNothing was changed" + ("." if decision.stops or yes else "; --yes writes the files."))
    raise typer.Exit(1 if decision.stops or decision.problems else 0)


def parsed(given: str) -> tuple[str, str]:
    """Read ID=KEY.

    Raises:
        typer.BadParameter: it is not of that form.
    """
    account_id, _, key = given.partition("=")
    if not (account_id.isdigit() and len(account_id) == 12 and key):  # noqa: PLR2004 -- digits
        raise typer.BadParameter(f"{given!r} is not ID=KEY, such as 111122223333=dev-fraud")
    return account_id, key


def row(found: Found, decision: Decision) -> dict[str, object]:
    """The answer for programs."""
    return {
        "organizationId": found.id,
        "controlTower": asdict(found.tower) if found.tower else None,
        "ours": [{"key": each.key, **asdict(each.account), "changes": each.changes} for each in decision.ours],
        "others": {key: other.model_dump() for key, other in decision.adopted.others.items()},
        "organisation": list(decision.organisation),
        "policies": dict(decision.doubled),
        "files": dict(decision.files),
        "problems": [*decision.stops, *decision.problems],
    }


def show(found: Found, decision: Decision, folder: Path, targets: GuardrailTargets) -> None:
    """Print it for people."""
    console = Console(highlight=False)
    console.print(f"[bold]{found.id}[/], management account {found.management_account}, {len(found.accounts)} accounts")
    if found.tower:
        where = (
            f"landing zone {found.tower.version} in {found.tower.region}" if found.tower.version else "trusted access"
        )
        console.print(f"AWS Control Tower: {where}")
    for title, lines in parts(decision, folder, targets):
        if lines:
            console.print(f"\n[bold]{title}[/]")
        for line in lines:
            show_text(console, line, 2)


def parts(decision: Decision, folder: Path, targets: GuardrailTargets) -> Iterator[tuple[str, list[str]]]:
    """Titles and lines."""
    ours = []
    for each in decision.ours:
        ours += [f"{each.key}  {each.account.id}  {each.account.name}  in {each.account.unit or 'the root'}"]
        ours += [f"  {change}" for change in each.changes]
    yield "Becomes ours; `./mlz up org` changes on each", ours
    others = decision.adopted.others
    everybody = "but guardrails: {targets: root} holds it: ./mlz plan org says what stops there"
    yield (
        f"Stays as it is; {everybody if targets is GuardrailTargets.ROOT else 'nothing of ours reaches it'}",
        [f"{key}  {other.name}  in {other.unit or 'the root'}" for key, other in others.items()],
    )
    yield "Policies that are there stay", [f"{name} {where}" for name, where in decision.doubled.items()]
    yield "Changes for the whole organisation", list(decision.organisation)
    files = []
    for file, lacks in decision.files.items():
        files += [str(folder / file), *(f"  + {line}" for line in text(lacks).splitlines())]
    yield "To be written, besides ids.lock.yaml", files
    yield "In the way", [*decision.stops, *decision.problems]

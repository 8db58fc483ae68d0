"""`./mlz quotas`: which AWS quotas must be raised before the plan can be deployed."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.zone import AccountsOption, chosen, read_zone
from operations.quotas import QuotasError, of_aws, of_files
from stacks.inputs import granted_of
from zone.plan.quota import Answer
from zone.plan.quotas import answers, needs


class QuotasFormat(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


def quotas(
    stacks: Annotated[
        list[str] | None, typer.Argument(help="Stacks to show with all their quotas; if none, all that do not fit.")
    ] = None,
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Ask AWS what each account has, by its provisioning role; changes nothing.")
    ] = False,
    files: Annotated[
        list[Path] | None,
        typer.Option("--from", help="What `aws service-quotas list-service-quotas` printed; give it once a file."),
    ] = None,
    output: Annotated[QuotasFormat, typer.Option("--format", help="text or json.")] = QuotasFormat.TEXT,
    accounts: AccountsOption = None,
) -> None:
    """Hold what the plan needs against AWS's quotas, and list the increases to ask for. Needs no AWS and no engine.

    A new account has little: two Studio profiles, no GPU, no instance of most types. What does not fit fails during
    `up`, or on a team's first job. AWS takes minutes to days, so ask before: the commands printed do, with credentials
    of the account they name.

    Without --live or --from the documented defaults count. What AWS has raised is declared in the environment's or the
    account's file, as quotas: {sagemaker/L-AC46C40F: 10}

    Need: a space for each member besides the shared ones, and on each allowed instance type one job or endpoint of
    max_instances_per_job at a time; all else is what the stacks make.

    Exit code: 0 all fit, 1 something must be asked for or is not known, 2 bad input or no answer from AWS.
    """
    zone = read_zone(accounts)
    wanted = set(chosen(zone, stacks))
    asked = [need for need in needs(zone, granted_of(zone)) if need.stack in wanted]
    try:
        applied = dict(of_files(files or ()))
        if live:
            applied |= of_aws(asked, lambda whose: typer.echo(f"reading the quotas of {whose}", err=True))
    except QuotasError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    found = answers(asked, applied)
    if output is QuotasFormat.JSON:
        typer.echo(
            json.dumps({"fits": all(each.fits for each in found), "quotas": [row(each) for each in found]}, indent=2)
        )
    else:
        show(found, whole=bool(stacks))
    raise typer.Exit(0 if all(each.fits for each in found) else 1)


def row(answer: Answer) -> dict[str, object]:
    """One answer for programs; `request` is the value to ask for."""
    need, quota = answer.need, answer.need.quota
    return {
        "stack": need.stack,
        "account": need.account,
        "accountId": need.account_id,
        "region": need.region,
        "service": quota.service,
        "code": quota.code,
        "name": quota.name,
        "unit": quota.unit,
        "need": need.number,
        "has": answer.has,
        "source": answer.source,
        "request": None if answer.fits else need.number,
        "command": None if answer.fits else answer.command,
    }


def show(found: list[Answer], *, whole: bool) -> None:
    """Print a table, the commands by account, and the sum."""
    console = Console(highlight=False)
    missing = [answer for answer in found if not answer.fits]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("stack", "quota", "need", "has", "said by", "request"):
        table.add_column(column, overflow="fold", justify="right" if column in {"need", "has", "request"} else "left")
    for answer in found if whole else missing:
        need = answer.need
        has = "?" if answer.has is None else str(answer.has)
        stale = answer.source == "AWS" and need.declared not in {None, answer.has}
        said_by = f"{answer.source}; declared {need.declared}" if stale else answer.source
        request = "" if answer.fits else str(need.number)
        table.add_row(need.stack, need.quota.name, str(need.number), has, said_by, request)
    if table.row_count:
        console.print(table)
    commands: dict[str, list[str]] = {}
    for answer in missing:
        commands.setdefault(f"{answer.need.account} ({answer.need.account_id})", []).append(answer.command)
    for account, asking in commands.items():
        console.print(f"\n# {account}", markup=False)
        for command in asking:
            console.print(command, markup=False, soft_wrap=True)
    console.print(
        f"\n{len(found) - len(missing)} of {len(found)} quotas fit" if missing else f"all {len(found)} quotas fit"
    )

"""`./mlz plan`: what would exist."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from checks.diagram import svg
from cli.zone import AccountsOption, chosen, read_zone
from zone.plan.describe import describe


class PlanFormat(StrEnum):
    """How a plan is shown."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"


def plan(
    stacks: Annotated[
        list[str] | None, typer.Argument(help="Stacks to show, e.g. org dev dev-fraud; all if none.")
    ] = None,
    output: Annotated[PlanFormat, typer.Option("--format", help="text, json, or svg (a picture).")] = PlanFormat.TEXT,
    locked: Annotated[
        bool, typer.Option("--locked", help="Refuse addresses that are not recorded in ids.lock.yaml yet (for CI).")
    ] = False,
    accounts: AccountsOption = None,
) -> None:
    """Show what would exist: accounts, networks, endpoints, shares. Needs no AWS and no engine.

    An address that is planned for the first time is recorded in ids.lock.yaml, so that it never moves: commit it.
    """
    zone = read_zone(accounts, locked=locked)
    if output is PlanFormat.SVG:
        typer.echo(svg(zone), nl=False)
        return
    data = describe(zone)
    wanted = chosen(zone, stacks)
    data["stacks"] = [stack for stack in data["stacks"] if stack["stack"] in wanted]
    if output is PlanFormat.JSON:
        typer.echo(json.dumps(data, indent=2))
    else:
        show(data, details=bool(stacks))


def show(data: dict[str, Any], *, details: bool) -> None:
    """Print the plan as tables; *details* adds what one stack holds."""
    console = Console(highlight=False)
    organization = data["organization"]
    console.print(
        f"[bold]Organisation of {organization['managementAccountId']}[/] · "
        f"{organization['organizationId'] or 'no id yet'} · regions {', '.join(organization['allowedRegions'])}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("stack", "account", "network", "endpoints", "members", "shares with"):
        table.add_column(column, overflow="fold", no_wrap=column in {"stack", "account", "network"})
    for stack in data["stacks"]:
        table.add_row(*_row(stack))
    console.print(table)
    if details:
        for stack in data["stacks"]:
            _show_details(console, stack)
    for note in data["notes"]:
        console.print(f"[yellow]note[/] {note}")


def _row(stack: dict[str, Any]) -> tuple[str, ...]:
    """One stack in the overview."""
    if stack["kind"] == "organization":
        return stack["stack"], stack["accountId"], f"{len(stack['accounts'])} accounts", "", "", ""
    if stack["kind"] == "platform":
        return stack["stack"], stack["accountId"], f"MLflow {stack['mlflow']['mode']}", "", "", ""
    return (
        stack["stack"],
        stack["accountId"],
        stack["network"]["cidr"],
        str(len(stack["endpoints"])),
        str(len(stack["members"])),
        ", ".join(sorted({share["reader"] for share in stack["sharesOut"]})),
    )


def _show_details(console: Console, stack: dict[str, Any]) -> None:
    """Everything the plan says of one stack, a line a fact."""
    console.print(f"\n[bold]{stack['stack']}[/]")
    for key, value in stack.items():
        if key == "stack" or value in ([], {}, "", False):
            continue
        lines = list(_lines(value))
        if len(lines) == 1:
            console.print(f"  {key}: {lines[0]}")
        else:
            console.print(f"  {key}:")
            for line in lines:
                console.print(f"    {line}")


def _lines(value: Any) -> Iterator[str]:  # noqa: ANN401 -- any part of the described plan
    """One part of the plan as lines for a person."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield f"{key}: {'; '.join(_lines(part))}"
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        yield from (", ".join(f"{key} {'/'.join(_lines(field))}" for key, field in part.items()) for part in value)
    elif isinstance(value, list):
        yield ", ".join(map(str, value))
    else:
        yield str(value)

"""`./mlz plan`: what would exist."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from accounts.describe import describe
from checks.diagram import svg
from cli.zone import AccountsOption, chosen, read_zone


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

    An address that is planned for the first time is recorded in ids.lock.yaml, so that it never moves; commit that file.
    """
    zone = read_zone(accounts, record=not locked)
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
    for column in ("stack", "account", "network", "endpoints", "runs", "shares with"):
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
        what = f"{len(stack['accounts'])} accounts, {len(stack['guardrails'])} guardrails"
        return stack["stack"], stack["accountId"], "", "", what, ""
    if stack["kind"] == "platform":
        return stack["stack"], stack["accountId"], "", "", f"MLflow: {stack['mlflow']['mode']}", ""
    readers = sorted({share["reader"] for share in stack["sharesOut"]})
    return (
        stack["stack"],
        stack["accountId"],
        stack["network"]["cidr"],
        str(len(stack["endpoints"])),
        ", ".join(stack["instanceTypes"]),
        ", ".join(readers),
    )


def _show_details(console: Console, stack: dict[str, Any]) -> None:
    """Everything the plan says of one stack, a line a fact."""
    console.print(f"\n[bold]{stack['stack']}[/]")
    for key, value in stack.items():
        if key in {"stack", "endpoints", "guardrails"} or value in ([], {}, ""):
            continue
        text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        console.print(f"  {key}: {', '.join(map(str, text)) if isinstance(text, list) else text}")
    for guardrail in stack.get("guardrails", []):
        console.print(
            f"  guardrail {guardrail['key']} on {', '.join(guardrail['targets'])}: {guardrail['description']}"
        )
    for endpoint in stack.get("endpoints", []):
        console.print(f"  endpoint {endpoint['service']} ({endpoint['type']}): for {', '.join(endpoint['neededBy'])}")

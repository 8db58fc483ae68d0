"""`./mlz plan`: what would exist."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from checks.diagram import svg
from cli.planned import show_plan
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
    data = describe(zone, chosen(zone, stacks))
    if output is PlanFormat.JSON:
        typer.echo(json.dumps(data, indent=2))
    else:
        show_plan(data, details=bool(stacks))

"""`./mlz plan`: what would exist."""

import json
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from checks.base import BaseError, Difference, since
from checks.diagram import svg
from checks.picture.page import page
from cli.needed import show_needed
from cli.planned import show_plan
from cli.zone import AccountsOption, chosen, read_zone
from local.errors import LocalError
from zone.plan.describe import describe
from zone.plan.pipelines import PipelineError, github, gitlab_deployment, gitlab_previews
from zone.plan.planner import chosen as chosen_files
from zone.plan.zone import ZonePlan


class PlanFormat(StrEnum):
    """How a plan is shown."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"
    HTML = "html"
    GITHUB = "github"
    GITLAB_PREVIEWS = "gitlab-previews"
    GITLAB_DEPLOYMENT = "gitlab-deployment"


JOBS: Final = {
    PlanFormat.GITHUB: github,
    PlanFormat.GITLAB_PREVIEWS: gitlab_previews,
    PlanFormat.GITLAB_DEPLOYMENT: gitlab_deployment,
}


def plan(
    stacks: Annotated[
        list[str] | None, typer.Argument(help="Stacks to show, e.g. org dev dev-fraud; all if none.")
    ] = None,
    output: Annotated[
        PlanFormat, typer.Option("--format", help="text, json, html (a page), svg (a picture), or for CI (docs/ci.md).")
    ] = PlanFormat.TEXT,
    locked: Annotated[
        bool, typer.Option("--locked", help="Refuse addresses that are not recorded in ids.lock.yaml yet (for CI).")
    ] = False,
    base: Annotated[
        str | None, typer.Option("--base", help="Only stacks that differ from this branch or commit, and why.")
    ] = None,
    accounts: AccountsOption = None,
) -> None:
    """Show what would exist: accounts, networks, endpoints, shares, and what it costs idle. Needs no AWS, no engine.

    An address that is planned for the first time is recorded in ids.lock.yaml, so that it never moves: commit it.
    """
    zone = read_zone(accounts, locked=locked)
    if output is PlanFormat.SVG:
        typer.echo(svg(zone), nl=False)
        return
    wanted = chosen(zone, stacks)
    change = difference(base, zone, accounts, wanted) if base else None
    if change:
        wanted = [each.stack for each in change.stacks if not each.gone]
    if output is PlanFormat.HTML:
        typer.echo(page(describe(zone, wanted)), nl=False)
        return
    if output in JOBS:
        try:
            typer.echo(JOBS[output](zone, wanted), nl=False)
        except PipelineError as problem:
            raise LocalError(str(problem)) from None
    elif output is PlanFormat.JSON:
        data = describe(zone, wanted)
        typer.echo(json.dumps(data | ({"change": asdict(change)} if change else {}), indent=2))
    elif change:
        show_needed(f"{base} ({change.base[:12]})", change)
    else:
        show_plan(describe(zone, wanted), details=bool(stacks))


def difference(base: str, zone: ZonePlan, accounts: Path | None, wanted: list[str]) -> Difference:
    """Return what differs from *base* in the stacks that were asked for, and what is gone."""
    try:
        change = since(base, zone, *chosen_files(accounts))
    except BaseError as problem:
        raise LocalError(str(problem)) from None
    return replace(change, stacks=tuple(each for each in change.stacks if each.gone or each.stack in wanted))

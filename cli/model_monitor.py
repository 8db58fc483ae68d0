"""`./mlz model monitor`: the checks of a model's monitor run now, and what they found against which limit."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from cli.model_place import Rehearsed, Where
from cli.model_shown import console, show_report, steps_shown
from operations.model import jobs
from operations.model.errors import ModelError
from operations.model.monitors import (
    Figure,
    able,
    figures,
    give_baseline,
    give_labels,
    monitor_of,
    report,
    start,
)
from operations.model.versions import Version
from zone.specs.vocabulary import Persona

_FIRING = 120
"""What a schedule starts is asked for before the emulated AWS answers, again where it may help [s]."""


def watch(here: Where, name: str, checks: Sequence[str], labels: Path | None) -> bool:
    """Run checks of a model's monitor; return whether all that they found is within its limits.

    Raises:
        ModelError, StepFailedError: see operations.model.
    """
    if not isinstance(here, Rehearsed):
        raise ModelError(
            "AWS has no call that fires a schedule, and an ml-engineer may not read what one starts: wait for "
            "its time, or rehearse with --local"
        )
    monitor = monitor_of(here.place, here.accounts / here.team.account.source, name)
    clients, cloud = here.person(Persona.ML_ENGINEER).clients, here.cloud
    if labels:
        typer.echo(f"{labels} → {give_labels(here.place, clients, name, labels)}", err=True)
    able_to = able(here.place, clients, name, monitor, checks)
    wanted = [check for check, why in able_to.items() if not why]
    for check, why in able_to.items():
        if why and (checks or not wanted):
            raise ModelError(f"{check}: {why}")
        if why:
            typer.echo(f"note: {check} is left out: {why}", err=True)
    found: list[Figure] = []
    pages: list[Path] = []
    with steps_shown(wanted) as say:
        # One after the other: a team may have one instance for all of them.
        for check in wanted:
            job = start(here.place, name, check, lambda arn: cloud.ask("fire", {"schedule": arn}, seconds=_FIRING))
            said, files = report(
                clients,
                check,
                job,
                here.reports / name / job,
                wait=jobs.pause(here.pause_seconds),
                say=partial(say, check),
            )
            say(check, f"done: {said.get('rows')} rows of {said.get('calls')} calls")
            found += figures(check, said, monitor.limits)
            pages += files
    out = console()
    show_figures(out, found)
    show_report(out, pages)
    over = sorted({each.check for each in found if each.over})
    typer.echo(f"past a limit: {', '.join(over)}" if over else f"in order: {', '.join(wanted)}")
    return not over


def show_figures(to: Console, found: Sequence[Figure]) -> None:
    """Print each figure against its limit."""
    table = Table(box=None, pad_edge=False, header_style="bold", title="The monitor", title_justify="left")
    for column in ("check", "figure", "found", "limit", "", ""):
        table.add_column(column, overflow="fold")
    for each in found:
        verdict = "[red]over[/]" if each.over else "[green]in order[/]"
        limit = "none" if each.limit is None else f"{each.limit:.4g}"
        value = "" if each.found is None else f"{each.found:.4g}"
        table.add_row(each.check, each.name, value, limit, verdict, each.why)
    to.print(table)


def put_baseline(here: Where, name: str, version: Version, places: Sequence[str]) -> None:
    """Give the model's monitor, if *places* of the team's file names one, what the version learnt from."""
    if not any(key.startswith("monitors.") for key in places):
        return
    try:
        address = give_baseline(here.place, here.person(Persona.ML_ENGINEER).clients, name, version)
    except ModelError as error:  # the endpoint is deployed all the same
        typer.echo(f"note: {error}", err=True)
        return
    typer.echo(f"baseline of the monitor: what version {version.number} learnt from → {address}")

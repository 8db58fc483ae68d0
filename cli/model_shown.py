"""What `./mlz model` prints: where each step is, the gate, versions side by side."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from operations.model.gate import Gate
from operations.model.run import KEPT, Say
from operations.model.versions import Version

_WIDEST = 100
"""Columns of output that goes to a file [characters]."""


def console() -> Console:
    """Return where tables go: as wide as the terminal, or wide enough for a file's reader."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=_WIDEST)


@contextmanager
def steps_shown(names: Sequence[str]) -> Iterator[Say]:
    """Show a line a step that keeps up on a terminal, and one line a change elsewhere."""
    errors = Console(stderr=True)
    if not errors.is_terminal:
        began = time.monotonic()
        yield lambda step, said: (sys.stderr.write(f"{time.monotonic() - began:5.0f} s  {step}: {said}\n"), None)[1]
        return
    columns = (TextColumn("{task.fields[step]:<12}"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors) as bars:
        tasks: dict[str, TaskID] = {name: bars.add_task("waits", step=name, total=1, start=False) for name in names}

        def draw(step: str, said: str) -> None:
            task = tasks[step]
            bars.start_task(task)
            bars.update(task, description=said, refresh=True)
            if said == KEPT or said.startswith("done"):
                bars.stop_task(task)

        yield draw


def show_gate(to: Console, gate: Gate) -> None:
    """Print each check, what was found and what is wanted; of one that refuses also why it is looked at."""
    table = Table(box=None, pad_edge=False, header_style="bold", title="The gate", title_justify="left")
    for column in ("check", "", "found", "wanted", ""):
        table.add_column(column, overflow="fold")
    for check in gate.checks:
        verdict = "[green]passed[/]" if check.passed else "[red]refused[/]"
        table.add_row(check.name, verdict, _said(check.value), _said(check.limit), "" if check.passed else check.why)
    to.print(table)


def show_numbers(to: Console, title: str, numbers: Mapping[str, object]) -> None:
    """Print names and values below each other."""
    table = Table(box=None, pad_edge=False, show_header=False, title=title, title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in numbers.items():
        table.add_row(name, _said(value))
    to.print(table)


def show_versions(
    to: Console, versions: Sequence[Version], rows: Mapping[str, Sequence[object]], deployed: Mapping[str, int | None]
) -> None:
    """Print versions side by side: status, where each is deployed, then *rows* by name."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    for version in versions:
        table.add_column(f"version {version.number}", overflow="fold")
    table.add_row("status", *(version.status for version in versions))
    if deployed:
        answers = [
            ", ".join(place for place, each in deployed.items() if each == version.number) for version in versions
        ]
        table.add_row("deployed", *answers)
    for name, values in rows.items():
        table.add_row(name, *map(_said, values))
    to.print(table)


def show_report(to: Console, files: Sequence[Path]) -> None:
    """Print where the report is."""
    for file in files:
        if file.suffix == ".html":
            to.print(f"report: {file.resolve().as_uri()}", soft_wrap=True, markup=False)


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)

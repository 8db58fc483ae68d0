"""What `./mlz model` prints: where each step is, the gate, versions side by side."""

import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from operations.model.gate import Gate
from operations.model.run import KEPT, Say
from operations.model.versions import Version

_VERSION = 25
"""Columns that a version has beside others: its status [characters]."""
_WIDEST_VERSION = 45
_COMMIT = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28}\b")
_FRACTION = re.compile(r"-?\d+\.\d{5,}")
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
    """Print each check, what was found and what is wanted; below, of each that refuses, why it is looked at."""
    table = Table(box=None, pad_edge=False, header_style="bold", title="The gate", title_justify="left")
    for column in ("check", "", "found", "wanted"):
        table.add_column(column, overflow="fold")
    for check in gate.checks:
        verdict = "[green]passed[/]" if check.passed else "[red]refused[/]"
        table.add_row(check.name, verdict, _said(check.value), _said(check.limit))
    to.print(table)
    for check in gate.checks:
        if not check.passed:
            to.print(f"[red]{escape(check.name)}[/]: {escape(check.why)}")


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
    """Print versions side by side, as many as fit: status, where each is deployed, then *rows* by name."""
    named = [name for name in rows if not name.startswith("_")]  # SageMaker's own notes
    room = to.width - max(map(len, [*named, "deployed"]))
    beside = max(1, min(len(versions), room // _VERSION))
    wide = min(_WIDEST_VERSION, max(_VERSION, room // beside)) - 2  # two blanks stand between columns
    for first in range(0, len(versions), beside):
        part = versions[first : first + beside]
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("", no_wrap=True)
        for version in part:
            table.add_column(f"version {version.number}", overflow="fold", width=wide)
        table.add_row("status", *(version.status for version in part))
        if deployed:
            places = ["\n".join(place for place, each in deployed.items() if each == one.number) for one in part]
            table.add_row("deployed", *places)
        for name in named:
            table.add_row(name, *map(_short, rows[name][first : first + beside]))
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


def _short(value: object) -> str:
    """Write a commit by its first digits, and a long fraction, as SageMaker hands hyperparameters on, as any number."""
    text = _said(value)
    return f"{float(text):.4g}" if _FRACTION.fullmatch(text) else _COMMIT.sub(r"\1", text)

"""Shows where each stack is while a run works: a bar a stack on a terminal, a line a phase elsewhere."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from local.events import DONE, FAILED
from local.events import Progress as Step
from local.rehearsal import STOPPING

WAIT = "stopping: what runs may end its work in good order; Ctrl-C again cuts it off"
"""Said once after Ctrl-C."""


@contextmanager
def progress_shown(names: Sequence[str]) -> Iterator[Callable[[Step], None]]:
    """Show a bar a stack on a terminal, and one line a phase elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        phases: dict[str, str] = {}

        def say(step: Step) -> None:
            if phases.get(step.stack) != step.phase:
                if step.phase == STOPPING and STOPPING not in phases.values():
                    sys.stderr.write(f"{WAIT}\n")
                phases[step.stack] = step.phase
                sys.stderr.write(f"{step.stack}: {step.phase}\n")

        yield say
        return
    columns = (TextColumn("{task.fields[stack]:<14}"), TextColumn("{task.description:<9}"), BarColumn(24))
    with Progress(*columns, TextColumn("{task.fields[counted]:>9}"), TimeElapsedColumn(), console=console) as bars:
        tasks: dict[str, TaskID] = {
            name: bars.add_task("waits", stack=name, counted="", total=None, start=False) for name in names
        }
        told: list[str] = []

        def draw(step: Step) -> None:
            task = tasks[step.stack]
            if step.phase in {DONE, FAILED}:
                bars.update(task, description=step.phase, total=1, completed=1, refresh=True)
                bars.stop_task(task)
                return
            if step.phase == STOPPING and not told:
                told.append(step.stack)
                bars.console.print(WAIT)
            bars.start_task(task)
            counted = (f"{step.done}/{step.total}" if step.total else str(step.done)) if step.done else ""
            bars.update(
                task,
                description=step.phase,
                completed=step.done,
                total=step.total or None,
                counted=counted,
                refresh=True,
            )

        yield draw

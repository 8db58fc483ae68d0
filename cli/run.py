"""`./mlz preview | up | refresh | destroy`: real Pulumi over several stacks, policy packs on."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from cli.decisions import show_decisions
from cli.zone import AccountsOption, chosen, read_zone
from local.authority.decided import decided
from local.deployment import deploy, deployment, reading, rehearsal
from local.engine import find_engine
from local.events import Progress as Step
from local.remedies import remedies
from local.stack import Outcome
from zone.plan.describe import dependencies
from zone.plan.planner import chosen as chosen_files

DEFAULT_STATE = Path(".mlz/state")


class RunFormat(StrEnum):
    """How outcomes are written."""

    TEXT = "text"
    JSON = "json"


StacksArgument = Annotated[
    list[str] | None, typer.Argument(help="Stacks, e.g. org dev dev-fraud; all if none.", show_default=False)
]
LocalOption = Annotated[bool, typer.Option("--local", help="On the emulated AWS of this machine, not on AWS.")]
StateOption = Annotated[
    Path, typer.Option("--state", help="Folder of logs and, with --local, of state and emulated AWS.")
]
QUOTA = re.compile(
    r"LimitExceeded|TooManyBuckets|ACCOUNT_(NUMBER_)?LIMIT_EXCEEDED|exceeded the allowed number of AWS accounts"
)
"""What an AWS service's refusal says where the account's quota is reached."""
ASK = "what to ask AWS for; write what it grants under quotas: in the environment's or the account's file"
WORKERS = (os.cpu_count() or 2) + 1
"""A stack waits for AWS more than it computes: one more than there are cores keeps them busy."""
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=32, help="Stacks at once; 0.5 to 1 GB each.")]
FormatOption = Annotated[RunFormat, typer.Option("--format", help="text or json.")]


def verb(command: str, what: str) -> Callable[..., None]:
    """Return the command line's function for one Pulumi command; these three differ in nothing else."""

    def verb(
        stacks: StacksArgument = None,
        *,
        local: LocalOption = False,
        state: StateOption = DEFAULT_STATE,
        workers: WorkersOption = WORKERS,
        accounts: AccountsOption = None,
        output: FormatOption = RunFormat.TEXT,
    ) -> None:
        run(command, stacks, local=local, state=state, workers=workers, accounts=accounts, output=output)

    verb.__name__, verb.__doc__ = command, what
    return verb


def preview(
    stacks: StacksArgument = None,
    *,
    local: LocalOption = False,
    read_only: Annotated[
        bool,
        typer.Option(
            "--read-only", help="Work under mlz-preview, which only reads; signed in as the role of pull requests."
        ),
    ] = False,
    state: StateOption = DEFAULT_STATE,
    workers: WorkersOption = WORKERS,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Show what `up` would change, and which rules would refuse it. Changes nothing."""
    run(
        "preview",
        stacks,
        local=local,
        state=state,
        workers=workers,
        accounts=accounts,
        output=output,
        read_only=read_only,
    )


up = verb("up", "Deploy stacks: the organisation first, independent stacks side by side.")
refresh = verb("refresh", "Compare what is recorded with what is there, and record the difference.")
destroy = verb("destroy", "Remove what stacks made, but for what holds data and is protected.")


def run(
    command: str,
    stacks: list[str] | None,
    *,
    local: bool,
    state: Path,
    workers: int,
    accounts: Path | None,
    output: RunFormat,
    read_only: bool = False,
) -> None:
    """Run one Pulumi command over stacks, and end with its exit code."""
    zone = read_zone(accounts)
    names = chosen(zone, stacks)
    engine = find_engine()
    folder, lock = chosen_files(accounts)
    if local:
        world, lock = rehearsal(engine, state, folder, lock)
        if world.lost:
            typer.echo("the emulated AWS of an earlier rehearsal has ended: this one starts afresh", err=True)
    else:
        world = deployment(engine, state, folder, lock)
    if read_only:
        world = reading(world)
    with progress_shown(command, names) as report:
        outcomes = deploy(world, command, names, needs=dependencies(zone), lock=lock, workers=workers, report=report)
    show(outcomes, output)
    if local and output is RunFormat.TEXT:
        show_decisions(Console(highlight=False), decided(world))
    raise typer.Exit(max(outcome.code for outcome in outcomes))


@contextmanager
def progress_shown(command: str, names: Sequence[str]) -> Iterator[Callable[[Step], None]]:
    """Show a bar a stack on a terminal, and one line a phase elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        phases: dict[str, str] = {}

        def say(step: Step) -> None:
            if phases.get(step.stack) != step.phase:
                phases[step.stack] = step.phase
                sys.stderr.write(f"{step.stack}: {step.phase}\n")

        yield say
        return
    columns = (TextColumn("{task.fields[stack]:<14}"), TextColumn("{task.description:<9}"), BarColumn(24))
    with Progress(*columns, MofNCompleteColumn(), TimeElapsedColumn(), console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def draw(step: Step) -> None:
            if step.stack not in tasks:
                tasks[step.stack] = bars.add_task(command, stack=step.stack, total=None)
            bars.update(
                tasks[step.stack], description=step.phase, completed=step.done, total=step.total or None, refresh=True
            )

        for name in names:
            tasks[name] = bars.add_task("waits", stack=name, total=None)
        yield draw


def show(outcomes: Sequence[Outcome], output: RunFormat) -> None:
    """Print what became of each stack: findings with rule and remedy, failures with the log's place, the sum."""
    if output is RunFormat.JSON:
        typer.echo(json.dumps([asdict(outcome) for outcome in outcomes], indent=2, default=str))
        return
    console = Console(highlight=False)
    for outcome in outcomes:
        changes = ", ".join(f"{count} {what}" for what, count in sorted(outcome.changes.items()))
        state = "[green]ok[/]" if outcome.code == 0 else "[red]failed[/]"
        console.print(f"{state} [bold]{outcome.stack}[/] {changes or outcome.note} ({outcome.seconds:.0f} s)")
        if changes and outcome.note:
            show_text(console, outcome.note, 3)
        for violation in outcome.violations:
            name = violation.urn.rsplit("::", 1)[-1]
            show_text(console, f"{violation.level} {violation.pack}/{violation.rule} on {name}", 3)
            show_text(console, violation.message, 5)
        for failure in outcome.failures:
            show_text(console, failure.message, 3)
        if any(QUOTA.search(failure.message) for failure in outcome.failures):
            show_text(console, f"remedy: `./mlz quotas {outcome.stack}` says {ASK}", 3)
        for remedy in remedies(failure.message for failure in outcome.failures):
            show_text(console, f"remedy: {remedy}", 3)
        if outcome.code and outcome.log:
            show_text(console, f"the whole log: {outcome.log}", 3)


def show_text(console: Console, text: str, indent: int) -> None:
    """Print *text* indented: wrapped within its indent on a terminal, line by line as it is for grep and files."""
    if console.is_terminal:
        console.print(Padding(Text(text.rstrip("\n")), (0, 0, 0, indent)))
        return
    for line in text.splitlines():
        console.print(" " * indent + line, markup=False, soft_wrap=True)

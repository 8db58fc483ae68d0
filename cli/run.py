"""`./mlz preview | up | refresh | destroy`: real Pulumi over several stacks, policy packs on."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.bars import progress_shown
from cli.confirm import confirm
from cli.decisions import show_decisions
from cli.outcomes import RunFormat, show
from cli.zone import AccountsOption, LocalOption, StateOption, among, read_zone
from local.authority.decided import decided
from local.deployment import DEFAULT_STATE, deploy, deployment, reading, rehearsal
from local.engine import find_engine
from local.outcome import Outcome, rehearsed
from local.recorded import ORG, left_over, missing, present, recorded
from local.selected import changed, neighbours, skipped
from local.stack import PREVIEW_ONLY, SKIP_PREVIEW
from local.world import World
from zone.plan.describe import dependencies
from zone.plan.planner import chosen as chosen_files
from zone.plan.planner import read
from zone.plan.zone import ZonePlan
from zone.specs.problems import SpecErrors

StacksArgument = Annotated[
    list[str] | None, typer.Argument(help="Stacks, e.g. org dev dev-fraud; all if none.", show_default=False)
]
WORKERS = (os.cpu_count() or 2) + 1
"""A stack waits for AWS more than it computes: one more than there are cores keeps them busy."""
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=32, help="Stacks at once; 0.5 to 1 GB each.")]
FormatOption = Annotated[RunFormat, typer.Option("--format", help="text or json.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="List each resource and each piece of advice.")]
DiffOption = Annotated[bool, typer.Option("--diff", help="Show the values that change; secrets stay hidden.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it unasked.")]


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    command: str
    stacks: Sequence[str] | None
    local: bool
    state: Path | None
    workers: int
    accounts: Path | None
    output: RunFormat
    verbose: bool
    diff: bool


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
    diff: DiffOption = False,
    verbose: VerboseOption = False,
    state: StateOption = None,
    workers: WorkersOption = WORKERS,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Show what `up` would change, and which rules would refuse it. Changes nothing, and makes no stack."""
    asked = Asked("preview", stacks, local, state, workers, accounts, output, verbose, diff)
    run = Run(asked, lambda world: reading(world) if read_only else world)
    run.do(left_out=run.leave_out(read_only=read_only))


def up(
    stacks: StacksArgument = None,
    *,
    local: LocalOption = False,
    replaced: Annotated[
        list[str] | None,
        typer.Option("--replace", help="Let a resource that holds data be replaced, by its name in the preview."),
    ] = None,
    only_changed: Annotated[
        bool, typer.Option("--changed", help="Only those whose plan or code differs from what was deployed last.")
    ] = False,
    yes: YesOption = False,
    diff: DiffOption = False,
    verbose: VerboseOption = False,
    state: StateOption = None,
    workers: WorkersOption = WORKERS,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Deploy stacks: the organisation first, independent stacks side by side.

    Named stacks are deployed unasked. Without a name it is all of them: on AWS it asks first, or takes --yes.
    What holds data is not replaced unless --replace names it.
    """
    run = Run(Asked("up", stacks, local, state, workers, accounts, output, verbose, diff))
    if only_changed:
        run.keep_changed()
    if run.names and not stacks and not local:
        confirm(run.names, "deploys on AWS:", yes=yes)
    if run.names:
        # A job that deploys one environment may not read the others' states.
        run.do(replaceable=replaced or (), name_the_rest=bool(stacks) and not only_changed)


def refresh(
    stacks: StacksArgument = None,
    *,
    local: LocalOption = False,
    diff: DiffOption = False,
    verbose: VerboseOption = False,
    state: StateOption = None,
    workers: WorkersOption = WORKERS,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Compare what is recorded with what is there, and record the difference."""
    Run(Asked("refresh", stacks, local, state, workers, accounts, output, verbose, diff)).do()


def destroy(
    stacks: Annotated[
        list[str] | None, typer.Argument(help="Stacks, e.g. dev-fraud; also such as accounts/ has no more.")
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="All stacks but org, which is destroyed only by name.")
    ] = False,
    local: LocalOption = False,
    yes: YesOption = False,
    diff: DiffOption = False,
    verbose: VerboseOption = False,
    state: StateOption = None,
    workers: WorkersOption = WORKERS,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Remove what stacks made, but for what holds data and is protected.

    On AWS it shows first what goes, then asks; where nobody can be asked it takes --yes.
    """
    if bool(stacks) == everything:
        raise typer.BadParameter("name the stacks to destroy, or give --all (all of them but org)")
    run = Run(Asked("destroy", stacks, local, state, workers, accounts, output, verbose, diff))
    if everything:
        run.names = [name for name in run.names if name != ORG]
        typer.echo("org stays: it holds the accounts, and is destroyed only by name", err=True)
    if not (local or yes):
        run.show(run.deploy(flags=[PREVIEW_ONLY]))
        confirm(run.names, "destroys on AWS", yes=False)
    run.do(flags=[SKIP_PREVIEW])


class Run:
    """One command over stacks: reads the plan, finds the world, deploys, prints."""

    def __init__(self, asked: Asked, within: Callable[[World], World] = lambda world: world) -> None:
        self.asked = asked
        engine = find_engine()
        state = asked.state or DEFAULT_STATE
        try:
            zone = read_zone(asked.accounts)
        except SpecErrors:
            if asked.command != "destroy" or asked.local or not asked.stacks:
                raise
            zone = None  # what is named can go, whatever is wrong with what stays
        folder, self.lock = chosen_files(asked.accounts)
        if asked.local:
            world, self.lock = rehearsal(engine, state, folder, self.lock)
            if world.lost:
                typer.echo(world.lost, err=True)
        else:
            world = deployment(engine, state, folder, self.lock)
        self.world = within(world)
        self.zone = zone
        self.needs = dependencies(zone) if zone else {}
        if asked.command == "destroy" and asked.stacks:
            there = set(recorded(world)) if set(asked.stacks) - self.needs.keys() else set()
            self.needs |= left_over(there.intersection(asked.stacks), self.needs)
        self.names = among(self.needs, asked.stacks)
        if asked.local and asked.command == "up":
            self._with_what_it_needs()

    def _with_what_it_needs(self) -> None:
        """A rehearsal that has not made what a stack needs makes it too."""
        if not missing(self.names, self.needs, ()):
            return
        if first := missing(self.names, self.needs, present(self.world, self.planned(), self.names)):
            typer.echo(f"this rehearsal has no {', '.join(first)} yet, which it needs: made first", err=True)
            self.names = [name for name in self.needs if name in {*first, *self.names}]

    def planned(self) -> ZonePlan:
        """Read the plan with the ids that are known by now; a rehearsal has its own."""
        return read(chosen_files(self.asked.accounts)[0], self.lock)

    def keep_changed(self) -> None:
        """Keep the stacks that differ from what was deployed, and say which those are."""
        self.names = changed(self.world, self.planned(), self.names)
        typer.echo(f"changed since they were deployed: {', '.join(self.names) or 'none'}", err=True)

    def leave_out(self, *, read_only: bool) -> list[Outcome]:
        """Leave out the stacks of which there is nothing to preview yet, and return why."""
        found = skipped(self.world, self.planned(), self.names, reading=read_only)
        self.names = [name for name in self.names if name not in {outcome.stack for outcome in found}]
        return found

    def deploy(self, *, flags: Sequence[str] = (), replaceable: Sequence[str] = ()) -> list[Outcome]:
        """Run it, with progress."""
        asked = self.asked
        with progress_shown(self.names) as report:
            outcomes = deploy(
                self.world,
                asked.command,
                self.names,
                needs=self.needs,
                lock=self.lock,
                workers=asked.workers,
                flags=flags,
                replaceable=replaceable,
                report=report,
            )
        return [rehearsed(outcome, self.needs) for outcome in outcomes] if asked.local else outcomes

    def show(self, outcomes: Sequence[Outcome]) -> None:
        """Print what became of it."""

        def emulated(console: Console) -> None:
            if self.asked.local:
                show_decisions(console, decided(self.world))

        show(
            outcomes,
            self.asked.output,
            verbose=self.asked.verbose,
            diff=self.asked.diff,
            before_results=emulated,
        )

    def do(
        self,
        *,
        flags: Sequence[str] = (),
        replaceable: Sequence[str] = (),
        left_out: Sequence[Outcome] = (),
        name_the_rest: bool = False,
    ) -> None:
        """Run it, print what became of it, of what was *left_out* and of what else is needed; exit with its code."""
        outcomes = [*left_out, *self.deploy(flags=flags, replaceable=replaceable)]
        self.show(outcomes)
        if name_the_rest:
            self._name_what_else_is_needed()
        raise typer.Exit(1 if any(outcome.code for outcome in outcomes) else 0)

    def _name_what_else_is_needed(self) -> None:
        """Say which other stacks must be deployed for these to work."""
        zone = self.planned()  # with the ids that `up org` recorded
        if left := changed(self.world, zone, neighbours(zone, self.names)):
            again = f"./mlz up {' '.join(left)}{' --local' if self.asked.local else ''}"
            typer.echo(f"not yet deployed as planned, and needed by these: {again}", err=True)

"""`./mlz demo`: the main job on the examples, on this machine, with nothing to configure."""

import os
import runpy
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import typer
from rich.console import Console
from rich.table import Table

from checks.record import record
from cli.bars import progress_shown
from cli.decisions import show_decisions
from cli.outcomes import RunFormat, show
from cli.planned import show_plan
from cli.run import WORKERS
from local.authority.decided import decided
from local.deployment import DEFAULT_STATE, PACKS, PROJECT, deploy, rehearsal
from local.engine import AT_THE_END, EngineMissingError, find_engine
from local.outcome import Outcome
from local.rehearsal import run
from local.stack import Stack
from local.world import World
from policies.evaluate import evaluate
from policies.rules import Resource
from policies.settings import settings_for
from zone.plan.describe import dependencies, describe
from zone.plan.planner import EXAMPLES, read
from zone.plan.planner import chosen as chosen_files

REFUSED = PROJECT / "examples" / "refused"
REFUSED_STACK = "dev-fraud"
NEXT = """
[bold]What next[/]
  ./mlz plan dev-fraud             what one team gets, and why
  ./mlz up dev-fraud --local       one stack by hand; edit its YAML, rerun
  ./mlz new team pricing --help    a team of your own
  docs/deployment.md               the first real deployment
"""
COUNTED = {
    "roles": "aws:iam/role:Role",
    "keys": "aws:kms/key:Key",
    "buckets": "aws:s3/bucket:Bucket",
    "endpoints": "aws:ec2/vpcEndpoint:VpcEndpoint",
    "profiles": "aws:sagemaker/userProfile:UserProfile",
    "features": "aws:sagemaker/featureGroup:FeatureGroup",
}
"""What the table of results counts: column → type."""


def demo() -> None:
    """Bring the example organisation up on the emulated AWS of this machine, and take it down again.

    Real Pulumi, real policy packs, three teams in two environments: up, a second up that changes nothing, a change
    that is refused, a table of what was made, destroy. Without an engine: the plan and the same refusal.
    """
    console = Console(highlight=False)
    # Not the user's accounts/: `up --local` rehearses those. The policy packs' settings are read in this process too.
    os.environ["MLZ_ACCOUNTS"] = str(EXAMPLES)
    os.environ.pop("MLZ_IDS_LOCK", None)
    folder, lock = chosen_files()
    zone = read(folder, lock)
    title(console, "The plan: one YAML file per account")
    show_plan(describe(zone), details=False)
    try:
        engine = find_engine()
    except EngineMissingError as missing:
        title(console, "A change that is refused")
        refuse_offline(console)
        title(console, "No engine, so nothing was deployed")
        console.print(str(missing), markup=False)
        console.print(NEXT)
        return
    state = DEFAULT_STATE.with_name("demo")
    shutil.rmtree(state, ignore_errors=True)  # what a killed demo left; its emulated AWS ends with the folder
    started = time.monotonic()
    try:
        world, own_lock = rehearsal(engine, state, folder, lock)
        world = replace(world, env={**world.env, **AT_THE_END})
        needs = dependencies(zone)

        def step(command: str, flags: Sequence[str] = ()) -> dict[str, Outcome]:
            with progress_shown(list(needs)) as report:
                outcomes = deploy(
                    world, command, list(needs), needs=needs, lock=own_lock, workers=WORKERS, flags=flags, report=report
                )
            stop_if_failed(outcomes)
            return {outcome.stack: outcome for outcome in outcomes}

        title(console, f"Up: {len(needs)} stacks on the emulated AWS, by the engine from {engine.source}")
        made = step("up", ["--skip-preview"])
        title(console, "Up again: an unchanged organisation changes nothing")
        again = step("up", ["--skip-preview"])
        title(console, "A change that is refused: an ml.p5.48xlarge notebook without its tags")
        refuse(console, world)
        table = results(world, made, again)
        title(console, "Destroy")
        gone = step("destroy")
        finish(console, table, gone)
        show_decisions(console, decided(world))
    finally:
        (state / "cloud.json").unlink(missing_ok=True)  # ends the emulated AWS; a failed demo's logs stay
    shutil.rmtree(state, ignore_errors=True)
    console.print(f"\nAll of it took {time.monotonic() - started:.0f} s.")
    console.print(NEXT)


def title(console: Console, text: str) -> None:
    """Say what comes next."""
    console.print(f"\n[bold cyan]── {text}[/]")


def stop_if_failed(outcomes: Sequence[Outcome]) -> None:
    """End the demo where a stack failed: what follows would mean nothing."""
    failed = [outcome for outcome in outcomes if outcome.code]
    if failed:
        show(failed, RunFormat.TEXT)
        raise typer.Exit(1)


def refuse(console: Console, world: World) -> None:
    """Preview the example change with the packs on; it must be refused."""
    configured = [flag for pack in PACKS for flag in ("--policy-pack-config", str(REFUSED / f"{pack.name}.json"))]
    elsewhere = replace(world, project=REFUSED)
    outcome = run(elsewhere, "preview", [REFUSED_STACK], needs={}, policy_packs=PACKS, flags=configured)[0]
    violations = [violation for violation in outcome.violations if violation.level == "mandatory"]
    if outcome.code == 0 or not violations:
        console.print("[red]the change was not refused: that is a defect of the policy packs[/]")
        raise typer.Exit(1)
    for violation in violations:
        console.print(f"[red]refused[/] [bold]{violation.rule}[/] on {violation.urn.rsplit('::', 1)[-1]}")
        console.print(f"  {violation.message.splitlines()[-1].strip()}", markup=False)


def refuse_offline(console: Console) -> None:
    """Judge the same change in process: the rules need no engine."""

    def program() -> None:
        runpy.run_path(str(REFUSED / "__main__.py"))

    recording = record(program, stack=REFUSED_STACK)
    resources = [Resource(type=made.type, name=made.name, props=made.inputs) for made in recording.made()]
    for finding in evaluate(resources, settings_for(REFUSED_STACK)):
        if finding["level"] == "mandatory":
            console.print(f"[red]refused[/] [bold]{finding['rule']}[/] on {finding['name']}")
            console.print(f"  {finding['message']}. Remedy: {finding['remedy']}.", markup=False)


def results(world: World, made: dict[str, Outcome], again: dict[str, Outcome]) -> Table:
    """Count what the engine's state says exists, stack by stack."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for column in ("stack", "made", *COUNTED, "up s", "2nd up"):
        table.add_column(column, justify="left" if column == "stack" else "right")
    for name, outcome in made.items():
        types = Counter(Stack(world, name, lambda _: None).resource_types())
        second = sum(count for what, count in again[name].changes.items() if what != "same")
        counts = [str(types[type_] or "") for type_ in COUNTED.values()]
        table.add_row(
            name, str(outcome.changes.get("create", 0)), *counts, f"{outcome.seconds:.0f}", f"{second} changed"
        )
    return table


def finish(console: Console, table: Table, gone: dict[str, Outcome]) -> None:
    """Show what was made, and what is left of it."""
    deleted = sum(outcome.changes.get("delete", 0) for outcome in gone.values())
    console.print(
        f"{deleted} resources deleted. What holds data is protected and stays, unless its account is disposable:"
    )
    for outcome in gone.values():
        if outcome.note:
            console.print(f"  {outcome.stack}: {outcome.note.split(':')[0]}", markup=False)
    title(console, "What was made")
    console.print(table)

"""`./mlz retire`: give up a team or an environment."""

import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.bars import progress_shown
from cli.outcomes import RunFormat
from cli.outcomes import show as show_outcomes
from cli.teardown import show
from cli.zone import AccountsOption, LocalOption, StateOption, read_zone
from local.deployment import DEFAULT_STATE, deploy, deployment, rehearsal
from local.engine import find_engine
from local.retiring import forget, keep_people, left_in
from local.world import World
from operations.retire import RetireError, Retirement, mark, needed_by_others, retirement
from operations.session import SignInError, session_in
from operations.teardown.found import look, look_kept
from operations.teardown.patience import Patience, StuckError
from operations.teardown.remove import stop_apps, tear_down
from operations.teardown.studio import Studio
from zone.plan.describe import ORG
from zone.plan.planner import chosen as chosen_files
from zone.plan.planner import read
from zone.specs.problems import Problem

SESSION = "mlz-retire"
"""Name of the session in CloudTrail."""

MOST_NAMED = 5
"""Of a kind that stays, so many are named; of more, the copy of the state tells."""


def retire(
    name: Annotated[str, typer.Argument(help="A team's stack, e.g. dev-fraud, or an environment with all its teams.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it only shows what would happen.")] = False,
    minutes: Annotated[float, typer.Option("--wait", min=0, help="How long one thing may take to go [minutes].")] = 30,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Give up a team, or an environment: its Studio and stack go, its account stays, suspended.

    In order: the Studio is torn down, the stack destroyed, what is declared to be kept (accounts that are not
    disposable) is left in AWS and dropped from Pulumi's state, the account is marked `retired` in ids.lock.yaml and its
    file removed. The next ./mlz up org moves the account to the unit Suspended, where nobody works. No account is
    closed, and its id and addresses are given to nobody else.

    Without --yes nothing is changed. An interrupted run goes on with the same command.

    Exit code: 0 done (or shown), 1 others still name the team, or something does not go yet, 2 bad input or no answer
    from AWS.
    """
    zone = read_zone(accounts)
    engine = find_engine()
    folder, lock = chosen_files(accounts)
    if local:
        world, own = rehearsal(engine, state or DEFAULT_STATE, folder, lock)
        zone = read(folder, own)
        os.environ.clear()  # boto3 takes endpoint and keys from here, and must not find the user's own
        os.environ.update(world.env)
    else:
        world = deployment(engine, state or DEFAULT_STATE, folder, lock)
    try:
        going = retirement(zone, name)
    except RetireError as error:
        raise typer.BadParameter(str(error)) from None
    if standing := needed_by_others(folder, going):
        refuse(standing)
    typer.echo(f"Retiring {', '.join(f'{each.key} ({each.account_id})' for each in going.accounts)}\n")
    try:
        for team in going.teams:
            studio = Studio(team, session_in(team.account.account_id, team.account.role, SESSION))
            typer.echo(f"Studio of {team.account.key}:")
            show(look(studio) if team.account.disposable else look_kept(studio))
            if yes:
                clear(studio, Patience(minutes * 60, lambda text: typer.echo(text, err=True)))
    except StuckError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(1) from None
    except (SignInError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    stacks = [each.stack for each in going.accounts]
    if yes:
        destroy(world, going, stacks, lock)
        if not local:
            mark(going, folder, lock, datetime.now(UTC).date())
    typer.echo("\n" + told(going, world, stacks, folder=folder, done=yes, local=local))


def refuse(standing: Sequence[Problem]) -> None:
    """Name the lines of other files that need what goes, and stop."""
    lines = "\n".join(str(problem) for problem in standing)
    sys.stderr.write(
        f"{lines}\nmlz: these lines need what would go: take them out, ./mlz up their stacks, then the same command\n"
    )
    raise typer.Exit(1)


def clear(studio: Studio, patience: Patience) -> None:
    """Remove the Studio, or only stop its apps where the account is not disposable."""
    if studio.plan.account.disposable:
        tear_down(studio, patience)
    else:
        stop_apps(studio, patience)


def destroy(world: World, going: Retirement, stacks: Sequence[str], lock: Path) -> None:
    """Destroy the stacks that are there, then forget what they leave.

    Raises:
        typer.Exit: a stack does not go; the others' fate is shown.
    """
    there = [stack for stack in stacks if left_in(world, stack) is not None]
    for team in going.teams:
        if not team.account.disposable:
            keep_people(world, team.account.stack)
    needs = {stack: frozenset[str]() for stack in there}
    with progress_shown(there) as report:
        outcomes = deploy(world, "destroy", there, needs=needs, lock=lock, workers=2, report=report)
    show_outcomes(outcomes, RunFormat.TEXT)
    if any(outcome.code for outcome in outcomes):
        raise typer.Exit(1)
    for stack in there:
        left = left_in(world, stack) or []
        for kind, ids in by_kind(left).items():
            typer.echo(f"  stays in AWS: {kind} " + (", ".join(ids) if len(ids) <= MOST_NAMED else f"({len(ids)})"))
        copy = forget(world, stack)
        typer.echo(f"{stack} is out of Pulumi's state" + (f"; a copy of it: {copy}" if left else ""))


def by_kind(left: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Ids of what a stack leaves, by the last word of its type."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for each in left:
        kinds[each["type"].rpartition(":")[2]].append(each.get("id", ""))
    return dict(sorted(kinds.items()))


def told(going: Retirement, world: World, stacks: Sequence[str], *, folder: Path, done: bool, local: bool) -> str:
    """Say what comes, or what was done and comes next."""
    files = ", ".join(str(folder / file) for file in going.files)
    there = {stack: left_in(world, stack) for stack in stacks}
    steps = [f"{stack}: {len(left)} resources in its state" for stack, left in there.items() if left]
    others = [] if going.platform else [going.environment]
    ups = f"./mlz up {' '.join([ORG, *others])}"
    after = f"{ups}  # suspends the account" + (", takes its way into MLflow away" if others else "s")
    if done and local:
        return f"In the rehearsal only: {files} stay. Without --local it happens on AWS."
    if done:
        return f"Removed {files}; marked in the lock file. Commit both, then:\n  {after}"
    kept = [account.key for account in going.accounts if not account.disposable]
    lines = [
        *steps,
        f"Kept, for not disposable: what holds data in {', '.join(kept)}, with what it needs" if kept else "",
        f"Files that go: {files}; the lock file keeps ids and addresses, marked retired" if not local else "",
        f"Afterwards: {after}",
        "Nothing was changed; --yes does it.",
    ]
    return "\n".join(line for line in lines if line)

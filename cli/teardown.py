"""`./mlz teardown`: remove a team's Studio, so that `destroy` can remove the rest."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from cli.outcomes import RunFormat
from cli.run import FormatOption
from cli.zone import AccountsOption, LocalOption, StateOption, read_zone
from local.deployment import DEFAULT_STATE, rehearsal
from local.engine import find_engine
from operations.session import SignInError, session_in
from operations.teardown.found import GOES, Row, look, staying
from operations.teardown.leaver import Leaver
from operations.teardown.patience import Patience, StuckError
from operations.teardown.remove import tear_down
from operations.teardown.studio import Studio
from zone.names import UNASSIGNED
from zone.plan.planner import chosen as chosen_files
from zone.plan.planner import read
from zone.plan.zone import TeamPlan, ZonePlan
from zone.specs.problems import meant

SESSION = "mlz-teardown"
"""Name of the session in CloudTrail."""


def teardown(
    stack: Annotated[str, typer.Argument(help="A team's stack, e.g. dev-fraud.")],
    *,
    member: Annotated[
        str | None, typer.Option("--member", help="Only what is one member's, so that he or she can leave.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it only shows what would happen.")] = False,
    minutes: Annotated[float, typer.Option("--wait", min=0, help="How long one thing may take to go [minutes].")] = 30,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
    output: FormatOption = RunFormat.TEXT,
) -> None:
    """Remove a team's Studio: apps, spaces, profiles, domain, homes, and what SageMaker leaves in the network.

    `destroy` cannot: people start apps and make spaces that no stack knows, AWS deletes no domain that has any, and
    what SageMaker leaves in the network keeps the VPC. So before a team goes: ./mlz teardown STACK --yes, then
    ./mlz destroy STACK. Without --yes nothing is changed.

    With --member only one person's apps stop and private spaces go, or stay where the member's line says left: true.
    AWS deletes no profile that has any, so `up` fails on a member whose line was just removed.

    Only what belongs to the team's domain goes, only where the account is disposable, and the home file system stays
    where studio.keep_home says so. An interrupted or stuck run goes on where it was: the same command again.

    Exit code: 0 done (or shown), 1 something does not go yet, or the account is not disposable, 2 bad input or no
    answer from AWS.
    """
    zone = read_zone(accounts)
    if local:
        folder, lock = chosen_files(accounts)
        world, own_lock = rehearsal(find_engine(), state or DEFAULT_STATE, folder, lock)
        zone = read(folder, own_lock)
        os.environ.clear()  # boto3 takes endpoint and keys from here, and must not find the user's own
        os.environ.update(world.env)
    plan = team_of(zone, stack)
    account = plan.account
    try:
        studio = Studio(plan, session_in(account.account_id, account.role, SESSION))
        if member:
            leave(studio, member, yes=yes, minutes=minutes, output=output)
        else:
            whole(studio, yes=yes, minutes=minutes, output=output)
    except StuckError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(1) from None
    except (SignInError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"mlz: {stack} ({account.account_id}): {error}\n")
        raise typer.Exit(2) from None


def whole(studio: Studio, *, yes: bool, minutes: float, output: RunFormat) -> None:
    """Show the whole Studio, and with *yes* remove it.

    Raises:
        typer.Exit: the account is not disposable.
    """
    account = studio.plan.account
    found = look(studio)
    if output is RunFormat.TEXT:
        show(found)
    if yes and account.disposable:
        tear_down(studio, Patience(minutes * 60, lambda text: typer.echo(text, err=True)))
        found = [*staying(studio)]
        if output is RunFormat.TEXT:
            stack = account.stack
            typer.echo(f"\nThe Studio of {stack} is gone; ./mlz destroy {stack} removes the rest. What stays:")
            show(found)
    if output is RunFormat.JSON:
        typer.echo(json.dumps([asdict(row) for row in found], indent=2))
    elif not yes:
        typer.echo("\nNothing was changed; --yes removes what goes.")
    if not account.disposable:
        sys.stderr.write(f"mlz: {protected(studio.plan)}\n")
        raise typer.Exit(1)


def leave(studio: Studio, member: str, *, yes: bool, minutes: float, output: RunFormat) -> None:
    """Show what is one member's, and with *yes* let it go.

    Raises:
        typer.BadParameter: nobody is called so.
        typer.Exit: the person owns a shared space.
    """
    stack, there = studio.plan.account.stack, studio.plan.members.get(member)
    leaver = Leaver(studio, member, keep=bool(there and there.left))
    found = leaver.look()
    if there is None and not found:
        known = studio.plan.members
        raise typer.BadParameter(
            f"no member {member!r} in {stack}{meant(member, known)} (there are {', '.join(known)})"
        )
    if output is RunFormat.JSON:
        typer.echo(json.dumps([asdict(row) for row in found], indent=2))
    else:
        show(found)
    if yes:
        leaver.leave(Patience(minutes * 60, lambda text: typer.echo(text, err=True)))
    if leaver.shared and not leaver.keep:
        sys.stderr.write(
            f"mlz: {member} owns {', '.join(leaver.shared)}, which others use, and AWS gives a space no other owner: "
            "keep the profile (left: true), or let them copy what they need and make a new shared space\n"
        )
        raise typer.Exit(1)
    gone = "stays, opened by nobody" if leaver.keep else "can go: remove the member"
    typer.echo(f"\nThe profile {gone}; then ./mlz up org {stack}" if yes else "\nNothing was changed; --yes does it.")


def team_of(zone: ZonePlan, stack: str) -> TeamPlan:
    """Return the team of a stack.

    Raises:
        typer.BadParameter: it is no team's stack, or the team has no account yet.
    """
    if stack not in zone.teams:
        raise typer.BadParameter(
            f"no team's stack {stack!r}{meant(stack, zone.teams)} (there are {', '.join(zone.teams)})"
        )
    plan = zone.teams[stack]
    if plan.account.account_id == UNASSIGNED:
        raise typer.BadParameter(f"{stack} has no account yet: nothing to tear down")
    return plan


def protected(plan: TeamPlan) -> str:
    """Say why nothing is removed, and what would let it."""
    place = Path(plan.account.source)
    stack = plan.account.stack
    return (
        f"{place}: the account is not disposable, so its Studio stays. To remove it, set disposable: true there "
        f"(and studio.keep_home: true to keep the members' files), ./mlz up {stack}, then this command again"
    )


def show(found: list[Row]) -> None:
    """Print rows as a table."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("", "what", "name", "lost with it, or why it stays"):
        table.add_column(column, overflow="fold")
    for row in found:
        table.add_row(f"[red]{row.fate}[/]" if row.fate == GOES else row.fate, row.kind, row.name, row.note)
    if table.row_count:
        Console(highlight=False).print(table)
    else:
        typer.echo("nothing")

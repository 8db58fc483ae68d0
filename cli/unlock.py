"""`./mlz unlock`: remove the lock that a killed run left on a stack."""

from typing import Annotated

import typer

from cli.confirm import confirm
from cli.zone import AccountsOption, StateOption
from local.deployment import DEFAULT_STATE, deployment
from local.engine import find_engine
from local.stack import Stack
from zone.plan.planner import chosen as chosen_files


def unlock(
    stack: Annotated[str, typer.Argument(help="The stack's name, e.g. dev-fraud.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it unasked.")] = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
) -> None:
    """Remove a stack's lock, whoever holds it. A run of this machine that was killed needs none of this.

    The refused command says who holds the lock, on which machine and since when: make sure that run is over. What it
    left half done is mended by the next up.

    Exit code: 0 unlocked, 1 you said no, 2 bad input, or nobody to ask and no --yes.
    """
    world = deployment(find_engine(), state or DEFAULT_STATE, *chosen_files(accounts))
    confirm([stack], "removes the lock, whoever holds it, of", yes=yes)
    Stack(world, stack, lambda _: None).unlock()
    typer.echo(f"{stack} is unlocked")

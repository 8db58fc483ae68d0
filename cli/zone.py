"""What several verbs share: the accounts option, reading the plan, choosing stacks."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

import typer

from policies.exceptions import exception_problems
from zone.plan.describe import dependencies
from zone.plan.lock import read as read_lock
from zone.plan.lock import write
from zone.plan.planner import chosen as chosen_files
from zone.plan.planner import read
from zone.plan.unrecorded import unrecorded, unrecorded_facts
from zone.plan.zone import ZonePlan
from zone.specs.problems import Problem, SpecErrors, few, meant

AccountsOption = Annotated[
    Path | None,
    typer.Option(
        "--accounts", help="Folder of the YAML files; if not given, MLZ_ACCOUNTS, else accounts/.", show_default=False
    ),
]

StateOption = Annotated[
    Path | None,
    typer.Option(
        "--state",
        help="Folder of logs and, with --local, of state and emulated AWS; if not given, .mlz/state of the project.",
        show_default=False,
    ),
]
LocalOption = Annotated[bool, typer.Option("--local", help="On the emulated AWS of this machine, not on AWS.")]


def read_zone(folder: Path | None, *, locked: bool = False) -> ZonePlan:
    """Return the plan of *folder*, and record new addresses and what else never changes once it is made.

    Raises:
        SpecErrors: all problems of the files; with *locked*, also an address that is not recorded yet.
    """
    folder, lock = chosen_files(folder)
    zone = read(folder, lock, check=exception_problems)
    recorded = read_lock(lock)
    missing, told = unrecorded(recorded, zone), unrecorded_facts(recorded, zone)
    if locked and (missing or told):
        mend = "run ./mlz plan and commit the file"
        raise SpecErrors(
            [
                *(
                    Problem(lock.name, 1, key, f"its address {each} is not recorded: {mend}")
                    for key, each in missing.items()
                ),
                *(Problem(lock.name, 1, key, f"what never changes of it is not recorded: {mend}") for key in told),
            ]
        )
    if missing or told:
        write(lock, blocks=missing, fixed=zone.fixed)
        what = [f"the addresses of {few(missing)}"] if missing else []
        what += [f"what never changes of {few(told)}"] if told else []
        typer.echo(f"recorded {' and '.join(what)} in {lock}: commit that file", err=True)
    return zone


def chosen(zone: ZonePlan, stacks: Collection[str] | None) -> list[str]:
    """Return the stacks of *zone* the user named, in deployment order; all if none."""
    return among(dependencies(zone), stacks)


def among(known: Mapping[str, object], stacks: Collection[str] | None) -> list[str]:
    """Return the stacks of *known* the user named, in its order; all if none.

    Raises:
        typer.BadParameter: a name is no stack; the message names the closest one.
    """
    for name in stacks or ():
        if name not in known:
            shown = ", ".join(list(known)[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")  # noqa: PLR2004 -- what fits two lines
            raise typer.BadParameter(f"no stack {name!r}{meant(name, known)} (there are {shown})")
    return [stack for stack in known if not stacks or stack in stacks]

"""`./mlz rehearsal`: whether an emulated AWS runs on this machine for the project, and how to end it."""

from typing import Annotated

import typer

from cli.zone import StateOption
from local.cloud import running_cloud
from local.deployment import DEFAULT_STATE, end


def rehearsal(
    *,
    finish: Annotated[
        bool, typer.Option("--end", help="End it: the emulated AWS, all it holds and the states; logs stay.")
    ] = False,
    state: StateOption = None,
) -> None:
    """Say whether the emulated AWS of `--local` runs, which outlives each command, or end it.

    The next --local begins a new one.
    """
    folder = state or DEFAULT_STATE
    cloud = running_cloud(folder)
    if finish:
        typer.echo("ended" if end(folder) else "no rehearsal to end")
    elif cloud:
        typer.echo(f"runs at {cloud.endpoint} (process {cloud.pid}), state in {folder}; ./mlz rehearsal --end ends it")
    else:
        typer.echo("no emulated AWS runs; the next --local starts one")

"""`./mlz list`: the stacks, and what is deployed of them."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.outcomes import RunFormat
from cli.zone import AccountsOption, LocalOption, StateOption, read_zone
from local.cloud import running_cloud
from local.deployment import DEFAULT_STATE, deployment, rehearsal
from local.engine import find_engine
from local.recorded import Recorded, recorded
from zone.plan.describe import dependencies, describe
from zone.plan.planner import chosen as chosen_files


def list(  # noqa: A001 -- the verb's name
    *,
    local: LocalOption = False,
    state: StateOption = None,
    accounts: AccountsOption = None,
    output: Annotated[RunFormat, typer.Option("--format", help="text or json.")] = RunFormat.TEXT,
) -> None:
    """List the stacks in the order of deployment: account, resources, last change.

    Stacks that the backend has and accounts/ no longer says are listed too: `./mlz destroy` takes them down.
    """
    zone = read_zone(accounts)
    folder, lock = chosen_files(accounts)
    there: dict[str, Recorded] = {}
    if local and running_cloud(state or DEFAULT_STATE):
        there = recorded(rehearsal(find_engine(), state or DEFAULT_STATE, folder, lock)[0])
    elif not local:
        there = recorded(deployment(find_engine(), state or DEFAULT_STATE, folder, lock))
    ids = {stack["stack"]: stack["accountId"] for stack in describe(zone)["stacks"]}
    rows = [
        {
            "stack": name,
            "accountId": ids.get(name),
            "resources": there[name].resources if name in there else None,
            "updated": there[name].updated or None if name in there else None,
            "declared": name in ids,
        }
        for name in dict.fromkeys([*dependencies(zone), *sorted(there)])
    ]
    if output is RunFormat.JSON:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("stack", "account", "resources", "changed last"):
        table.add_column(column, justify="right" if column == "resources" else "left")
    for row in rows:
        known = row["resources"] is not None
        table.add_row(
            str(row["stack"]),
            str(row["accountId"] or ("not made yet" if row["declared"] else "")),
            str(row["resources"]) if known else "",
            str(row["updated"] or "")[:16].replace("T", " ") if known else "not deployed",
        )
    console = Console(highlight=False)
    console.print(table)
    if gone := [str(row["stack"]) for row in rows if not row["declared"]]:
        said = f"not in accounts/ any more: `./mlz destroy {' '.join(gone)}` takes down what is left"
        console.print(said, soft_wrap=True)

"""`mlz access`: who may do what, answered from policies alone."""

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from checks.access import Decision, Verdict, evaluate
from checks.access.explain import explain, notes
from checks.access.lines import Case, CaseError, answers, read_file

app = typer.Typer(help="Who may do what: AWS's policy evaluation, without AWS.", no_args_is_help=True)

_COLOURS = {Verdict.ALLOWED: "green", Verdict.IMPLICITLY_DENIED: "yellow", Verdict.EXPLICITLY_DENIED: "red"}


@app.callback()
def access() -> None:
    """Who may do what: AWS's policy evaluation, without AWS."""


@app.command()
def simulate(
    file: Annotated[str, typer.Argument(help="Cases: one as JSON, a list, or JSON lines; - reads stdin.")] = "-",
    lines: Annotated[
        bool, typer.Option("--lines", help="JSON lines in, a JSON answer a line out: for programs.")
    ] = False,
) -> None:
    """Say whether a request is allowed, and which statement decides.

    A case is {"id", "request": {"principal", "action", "resource", "resourceAccount", "context"}} with the policies
    that apply: identityPolicies, permissionBoundaries, sessionPolicy, serviceControlPolicies,
    resourceControlPolicies, resourcePolicy, endpointPolicies.

    Exit code: 0 all allowed (with --lines: all lines answered), 1 some denied or not known, 2 bad input.
    """
    try:
        with sys.stdin if file == "-" else Path(file).open(encoding="utf-8") as source:
            if lines:
                gc.disable()  # the caches are large and without cycles: going through them again and again costs half
                for line in answers(source):
                    sys.stdout.write(f"{line}\n")
                return
            cases = read_file(source.read(), "stdin" if file == "-" else file)
    except (OSError, CaseError) as error:
        what = (
            f"{file}: {error.strerror}; give a file of cases, or - for stdin" if isinstance(error, OSError) else error
        )
        sys.stderr.write(f"{what}\n")
        raise typer.Exit(2) from None
    decisions = [_show(label, case) for label, case in cases]
    raise typer.Exit(0 if all(each.allowed and not each.unsupported for each in decisions) else 1)


def _show(label: object, case: Case) -> Decision:
    """Print one case's answer and what each statement had to say."""
    decision, request = evaluate(*case), case.request
    console = Console()
    console.print(
        Text.assemble(
            (f"{decision.verdict}", f"bold {_COLOURS[decision.verdict]}"),
            f"  {label}: {request.principal.text} {request.action} {request.resource}",
        ),
        soft_wrap=True,
    )
    console.print(Text(f"decided by {_reason(decision)}"), soft_wrap=True)
    if decision.unsupported:
        console.print(Text(f"not certain: {decision.unsupported}", style="yellow"), soft_wrap=True)
    table = Table("layer", "policy", "statement", "effect", "applies")
    for row in explain(case):
        table.add_row(
            row.layer,
            row.policy,
            row.statement,
            row.effect,
            Text("\n".join(f"no: {each}" for each in row.obstacles) or "yes"),
        )
    if table.row_count:
        console.print(table)
    else:
        console.print("no statement of any policy speaks of this action")
    for note in notes(case):
        console.print(Text(f"note: {note}", style="yellow"), soft_wrap=True)
    return decision


def _reason(decision: Decision) -> str:
    """What decided, in one line."""
    if decision.missing:
        return f"{decision.layer}: {decision.missing}"
    return ", ".join(part for part in (decision.layer, decision.policy, decision.statement) if part)

"""`mlz access`: who may do what, answered from policies alone."""

import gc
import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from checks.access import Decision, Verdict, evaluate
from checks.access.absent import turns
from checks.access.explain import explain, notes
from checks.access.lines import Case, CaseError, answers, read_file
from checks.own_access import Question, case_of
from checks.own_network import QuestionError
from checks.promotions import proofs
from cli.outcomes import RunFormat
from cli.promotions import promotion_json, reason, show_promotions
from cli.zone import AccountsOption, read_zone

app = typer.Typer(help="Who may do what: AWS's policy evaluation, without AWS.", no_args_is_help=True)

_COLOURS = {Verdict.ALLOWED: "green", Verdict.IMPLICITLY_DENIED: "yellow", Verdict.EXPLICITLY_DENIED: "red"}

MOST_TURNS = 5
"""Sets of absent keys that are shown [count]."""


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

    Exit code: 0 all allowed (with --lines: all answered), 1 some denied or not known, 2 bad input (with --lines: in
    some line, which has `error`; the others are answered).
    """
    try:
        with sys.stdin if file == "-" else Path(file).open(encoding="utf-8") as source:
            if lines:
                gc.disable()  # the caches are large and without cycles: going through them again and again costs half
                unread = 0
                for answer in answers(source):
                    sys.stdout.write(f"{json.dumps(answer, separators=(',', ':'))}\n")
                    unread += "error" in answer
                raise typer.Exit(2 if unread else 0)
            cases = read_file(source.read(), "stdin" if file == "-" else file)
    except (OSError, CaseError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{_unread(file, error)}\n")
        raise typer.Exit(2) from None
    decisions = [_show(label, case) for label, case in cases]
    raise typer.Exit(0 if all(each.allowed and not each.unsupported for each in decisions) else 1)


@app.command()
def who(
    stack: Annotated[str, typer.Argument(help="Stack of the role, e.g. dev-fraud.")],
    role: Annotated[str, typer.Argument(help="Role, e.g. data-scientist.")],
    action: Annotated[str, typer.Argument(help="Action, e.g. s3:GetObject.")],
    resource: Annotated[str, typer.Argument(help="ARN; of a key also its alias.")],
    *,
    context: Annotated[
        list[str] | None, typer.Option("--context", help="KEY=VALUE of a condition key; may be given again.")
    ] = None,
    outside: Annotated[
        bool, typer.Option("--outside", help="As from outside the organisation's networks, e.g. with copied keys.")
    ] = False,
    accounts: AccountsOption = None,
) -> None:
    """Say whether a role of your own plan may do something, and which policy decides.

    Asked of what the stacks would register and of the organisation's guardrails; nothing need be deployed. The call
    comes from within the role's network, through the endpoint of the service.

    Exit code: 0 allowed, 1 denied or not known, 2 bad input.
    """
    given = dict(_pair(each) for each in context or ())
    asked = Question(stack=stack, role=role, action=action, resource=resource, context=given, outside=outside)
    try:
        case = case_of(read_zone(accounts), asked)
    except ValueError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    decision = _show(stack, case)
    raise typer.Exit(0 if decision.allowed and not decision.unsupported else 1)


@app.command()
def promotions(
    stack: Annotated[str, typer.Argument(help="Only what this team stack gives or takes, e.g. prod-fraud.")] = "",
    *,
    output: Annotated[RunFormat, typer.Option("--format", help="text or json.")] = RunFormat.TEXT,
    accounts: AccountsOption = None,
) -> None:
    """Say whether each declared promotion works, step by step, and for nobody else.

    Asked of what the stacks on both sides would register and of the organisation's guardrails; nothing need be
    deployed. Asked too: every other role of the accounts that the owner's policies name, and their administrators.

    Exit code: 0 all as declared, 1 a step is refused, not certain, or open to somebody else, 2 bad input.
    """
    try:
        found = list(proofs(read_zone(accounts), stack))
    except QuestionError as error:
        sys.stderr.write(f"mlz: {error}\n")
        raise typer.Exit(2) from None
    if output is RunFormat.JSON:
        sys.stdout.write(f"{json.dumps([promotion_json(each) for each in found], indent=2)}\n")
    else:
        show_promotions(found)
    raise typer.Exit(0 if all(each.holds for each in found) else 1)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (equals and key):
        raise typer.BadParameter(f"{text!r} is no KEY=VALUE; write e.g. --context aws:SourceIp=203.0.113.7")
    return key, value


def _unread(file: str, error: Exception) -> str:
    """Say why *file* is no file of cases."""
    if isinstance(error, OSError):
        return f"{file}: {error.strerror}; give a file of cases, or - for stdin"
    return (
        f"{file}: not text ({error}); give a file of cases as JSON" if isinstance(error, UnicodeError) else str(error)
    )


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
    console.print(Text(f"decided by {reason(decision)}"), soft_wrap=True)
    if decision.unsupported:
        console.print(Text(f"not certain: {decision.unsupported}", style="yellow"), soft_wrap=True)
    rows = explain(case)
    for layer, of_layer in groupby(rows, lambda row: row.layer):
        console.print(Text(layer, style="bold"))
        for row in of_layer:
            applies = "; ".join(f"no: {each}" for each in row.obstacles) or "yes"
            said = Text(f"{row.effect:<5} {row.policy}, {row.statement}: {applies}")
            console.print(
                Padding(said, (0, 0, 0, 2)) if console.is_terminal else said, soft_wrap=not console.is_terminal
            )
    if not rows:
        console.print("no statement of any policy speaks of this action")
    for note in notes(case):
        console.print(Text(f"note: {note}", style="yellow"), soft_wrap=True)
    _show_turns(console, case)
    return decision


def _show_turns(console: Console, case: Case) -> None:
    """Print which keys the request lacks that would turn the answer."""
    for turn in turns(case)[:MOST_TURNS]:
        given = " and ".join(f"{key} = {value}" for key, value in turn.context.items())
        said = f"absent from the request: with {given} it would be {turn.verdict}"
        console.print(Text(said, style="yellow"), soft_wrap=True)

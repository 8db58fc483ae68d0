"""Prints what a run changed or would change, what rules found, what failed, and last the result."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from difflib import unified_diff
from enum import StrEnum

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from local.changes import Change, Value
from local.events import Violation
from local.outcome import Outcome
from local.remedies import remedies
from local.replacements import HOLDS_DATA
from local.selected import SKIPPED


class RunFormat(StrEnum):
    """How outcomes are written."""

    TEXT = "text"
    JSON = "json"


MARKS = {"create": "+", "update": "~", "delete": "-", "replace": "+-", "import": "=", "read": ">"}
"""As Pulumi marks them."""
LISTED = 20
"""Creations or deletions of one stack that are named one by one; more are counted by type."""
KINDS = 6
"""Types that such a count names."""
WIDEST = 60
"""Characters of a value that are shown in one line."""
QUOTA = re.compile(
    r"LimitExceeded|TooManyBuckets|ACCOUNT_(NUMBER_)?LIMIT_EXCEEDED|exceeded the allowed number of AWS accounts"
)
"""What an AWS service's refusal says where the account's quota is reached."""
ASK = "what to ask AWS for; write what it grants under quotas: in the environment's or the account's file"


def show(
    outcomes: Sequence[Outcome],
    output: RunFormat,
    *,
    verbose: bool = False,
    diff: bool = False,
    before_results: Callable[[Console], None] = lambda _: None,
) -> None:
    """Print what became of each stack; the results come last, where nothing scrolls them away."""
    if output is RunFormat.JSON:
        typer.echo(json.dumps([asdict(outcome) for outcome in outcomes], indent=2, default=str))
        return
    console = Console(highlight=False)
    for outcome in outcomes:
        show_details(console, outcome, verbose=verbose, diff=diff)
    before_results(console)
    for outcome in outcomes:
        show_result(console, outcome)


def show_details(console: Console, outcome: Outcome, *, verbose: bool, diff: bool) -> None:
    """Print one stack's changes, findings and failures; nothing where there are none."""
    changed = [found for found in outcome.changed if found.type != "pulumi:pulumi:Stack"]
    if not (changed or outcome.violations or outcome.failures):
        return
    console.print(f"[bold]{outcome.stack}[/]")
    for op in ("create", "delete"):
        several = [found for found in changed if found.op == op and found.done and not _red(found)]
        if len(several) > LISTED and not verbose:
            changed = [found for found in changed if found not in several]
            _line(console, f"{MARKS[op]:>2} {len(several)} resources: {_kinds(several)} (-v lists them)")
    for found in changed:
        show_change(console, found, diff=diff)
    for violation in outcome.violations:
        if verbose or violation.level == "mandatory":
            name = violation.urn.rsplit("::", 1)[-1]
            show_text(console, f"{violation.level} {violation.pack}/{violation.rule} on {name}", 3)
            show_text(console, violation.message, 5)
    if not verbose and (advised := folded(outcome.violations)):
        show_text(console, advised, 3)
    show_failures(console, outcome)


def show_failures(console: Console, outcome: Outcome) -> None:
    """Print why it failed, each reason once, and what helps where that is known."""
    for failure in outcome.failures:
        name = failure.urn.rsplit("::", 1)[-1]
        show_text(console, f"{name}: {failure.message}" if name else failure.message, 3)
    if any(QUOTA.search(failure.message) for failure in outcome.failures):
        show_text(console, f"remedy: `./mlz quotas {outcome.stack}` says {ASK}", 3)
    for remedy in remedies(failure.message for failure in outcome.failures):
        show_text(console, f"remedy: {remedy}", 3)


def show_result(console: Console, outcome: Outcome) -> None:
    """Print the line that says how it ended, with the log's place where it failed."""
    if outcome.note.startswith(SKIPPED):
        console.print(f"[yellow]{SKIPPED}[/] [bold]{outcome.stack}[/]{escape(outcome.note.removeprefix(SKIPPED))}")
        return
    changes = ", ".join(f"{count} {what}" for what, count in sorted(outcome.changes.items()))
    state = "[green]ok[/]" if outcome.code == 0 else "[red]failed[/]"
    first, *more = outcome.note.splitlines() or [""]
    said = changes or first
    console.print(f"{state} [bold]{outcome.stack}[/] {escape(said)} ({outcome.seconds:.0f} s)", soft_wrap=True)
    for line in [first, *more] if changes and first else more:
        show_text(console, line, 3)
    if outcome.code and outcome.log and outcome.log.exists() and outcome.log.stat().st_size:
        show_text(console, f"the whole log: {outcome.log}", 3)


def show_change(console: Console, found: Change, *, diff: bool) -> None:
    """Print one resource: mark, name, type, what differs; red where what holds data goes."""
    mark = MARKS.get(found.op, found.op)
    what = f"{mark:>2} {found.name}  {found.type.rsplit(':', 1)[-1]}"
    if found.properties:
        what += "  " + ", ".join(f"{name}!" if name in found.replaces else name for name in found.properties)
    if _red(found):
        what += f"  (lost: {HOLDS_DATA[found.type]})"
    if not found.done:
        what += "  (not finished)"
    _line(console, what, "red" if _red(found) else "")
    for value in found.values if diff else ():
        for line in value_lines(value):
            show_text(console, line, 6)


def value_lines(value: Value) -> list[str]:
    """Return a value's change, as one line, or as the lines of a document that differ."""
    old, new = (_document(side) for side in (value.old, value.new))
    if "\n" in old or "\n" in new:
        lines = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))
        return [f"{value.path}:", *(f"  {line}" for line in lines[2:])]
    return [f"{value.path}: {_cut(old)} -> {_cut(new)}"]


def folded(violations: Iterable[Violation]) -> str:
    """Count the advice that -v shows, rule by rule."""
    rules = Counter(violation.rule for violation in violations if violation.level != "mandatory")
    if not rules:
        return ""
    return f"{rules.total()} advised ({', '.join(f'{count} {rule}' for rule, count in rules.most_common())}): -v shows"


def show_text(console: Console, text: str, indent: int) -> None:
    """Print *text* indented: wrapped within its indent on a terminal, line by line as it is for grep and files."""
    if console.is_terminal:
        console.print(Padding(Text(text.rstrip("\n")), (0, 0, 0, indent)))
        return
    for line in text.splitlines():
        console.print(" " * indent + line, markup=False, soft_wrap=True)


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(f" {text}", style=style), soft_wrap=not console.is_terminal)


def _red(found: Change) -> bool:
    """Whether what holds data goes."""
    return found.op in {"replace", "delete"} and found.type in HOLDS_DATA


def _kinds(several: Sequence[Change]) -> str:
    """Count resources by type, the commonest first."""
    kinds = Counter(found.type.rsplit(":", 1)[-1] for found in several)
    more = f", and {len(kinds) - KINDS} more kinds" if len(kinds) > KINDS else ""
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(KINDS)) + more


def _document(side: object) -> str:
    """Return a value as text; a JSON document line by line, so that its difference can be read."""
    if isinstance(side, str) and side[:1] in "{[":
        try:
            side = json.loads(side)
        except ValueError:
            return str(side)
    return json.dumps(side, indent=2) if isinstance(side, dict | list) else "(none)" if side is None else str(side)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"

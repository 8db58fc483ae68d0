"""`mlz policy`: what the rules say of resources that are, or would be.

It reads its arguments with argparse: typer and pydantic take longer to import than 500 resources to judge.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.version import ROOT, own_version
from policies.evaluate import evaluate, in_part, level_of
from policies.exceptions import judged
from policies.read import InputError, parse, read, read_settings
from policies.report import explain, one_line, refuses, rules_to_json, to_json, to_sarif, to_text
from policies.rules import REGISTRY
from zone.specs.problems import meant

if TYPE_CHECKING:
    from zone.specs.account import PolicyException

SETTINGS: Final = 'give settings as {"rule": "advisory"} or {"rule": {"setting": value}}'
SUMMARY: Final = "Say which rules the resources in FILE break."
DETAILS: Final = """
FILE is a `pulumi stack export`, a `pulumi preview --json`, or {"resources": [{"type", "name", "props"}]}. Where FILE
names the stack, its settings come from accounts/. Exit code: 0 nothing mandatory, 1 refused, 2 bad input.

examples:
  pulumi stack export -s dev-fraud | ./mlz policy -
  ./mlz policy preview.json --format sarif
  ./mlz policy rules sm-notebook-instance-type
"""


def main(arguments: Sequence[str]) -> int:
    """Run the verb and return its exit code."""
    given = parser().parse_args(arguments)
    for stream in (sys.stdin, sys.stdout, sys.stderr):  # what has no character is shown by its code, never a traceback
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        refuse_what_would_be_ignored(given)
        if given.lines:
            return answer_lines()
        if given.file == "rules":
            return show_rules(given.rule, given.format)
        return judge_file(given.file, given.format, given.config)
    except InputError as error:
        sys.stderr.write(f"mlz: {error}\n")
        return 2


def refuse_what_would_be_ignored(given: argparse.Namespace) -> None:
    """Refuse arguments that make no sense together, so that nobody takes a file for judged that was not.

    Raises:
        InputError: there are some.
    """
    if given.lines and (given.file != "-" or given.config or given.format == "sarif"):
        raise InputError("--lines reads standard input, settings of each line included, and writes JSON: give it alone")
    if given.file == "rules" and given.format == "sarif":
        raise InputError("rules are no findings: --format text or json")
    if given.file != "rules" and given.rule:
        raise InputError(f"{given.rule}: one FILE at a time; run the command again for it")


def parser() -> argparse.ArgumentParser:
    """Return what reads the verb's arguments."""
    made = argparse.ArgumentParser(
        prog="./mlz policy",
        description=f"{SUMMARY}\n{DETAILS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="file, - for standard input (default), or the word `rules` to list the rules",
    )
    made.add_argument("rule", nargs="?", metavar="RULE", help="after `rules`: the one rule to explain")
    made.add_argument(
        "--format", choices=("text", "json", "sarif"), default="text", help="how findings are written (default: text)"
    )
    made.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help='settings as JSON: {"rule": "advisory"} or {"rule": {"setting": value}}',
    )
    made.add_argument(
        "--lines",
        action="store_true",
        help='JSON lines on standard input, {"id", "config", "resources"} each: one result line each',
    )
    return made


def judge_file(file: str, format_: str, config: Path | None) -> int:
    """Print the findings on one file; 1 where something is refused."""
    where = "standard input" if file == "-" else file
    given = read(parse(text_of(file), where), where)
    settings, exceptions = of_stack(given.stack)
    if config:
        written = parse(text_of(str(config)), str(config), SETTINGS)
        for key, chosen in read_settings(written, str(config)).items():
            settings[key] = {**settings.get(key, {}), **chosen}
    found = judged(
        given.resources,
        settings,
        exceptions,
        datetime.now(tz=UTC).date(),
        wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled",
    )
    if given.left_out:
        found = in_part(found)
        remedy = "rules on the whole stack are undecided; make it with `pulumi preview --json --show-sames`"
        sys.stderr.write(f"mlz: {where} leaves out {given.left_out} unchanged resources: {remedy}\n")
    if format_ == "json":
        say(to_json(found))
    elif format_ == "sarif":
        say(to_sarif(found, place_of(given.stack) or where, own_version()))
    else:
        say(to_text(found, len(given.resources)))
    if any(refuses(finding) for finding in found):
        return 1
    if given.failed:
        raise InputError(f"{where}: the preview failed ({given.failed}), so it lists a part; mend that first")
    return 0


def of_stack(name: str) -> tuple[dict[str, Mapping[str, Any]], Sequence["PolicyException"]]:
    """Return the settings and exceptions of the stack called *name*; none where the input names no stack."""
    if not name:
        return {}, ()
    from policies.settings import exceptions_for, settings_for  # noqa: PLC0415 -- slower than all rules together

    return dict(settings_for(name)), exceptions_for(name)


def place_of(name: str) -> str:
    """Return the account's file that the stack called *name* is made from: code scanning shows findings there.

    Empty where there is none, or it lies outside the project: no pull request could show it.
    """
    from zone.plan.planner import chosen, read  # noqa: PLC0415 -- slower than all rules together

    zone = read()
    plan = zone.teams.get(name) or zone.platforms.get(name)
    file = chosen()[0] / plan.account.source if plan else ROOT
    return file.relative_to(ROOT).as_posix() if plan and file.is_relative_to(ROOT) else ""


def answer_lines() -> int:
    """Answer each line of standard input with one line; 2 where one could not be read, the others are answered."""
    code = 0
    for number, line in enumerate(sys.stdin, start=1):
        where = f"standard input:{number}"
        if not line.strip():
            continue
        identity = None
        try:
            case = parse(line, where)
            identity = case.get("id") if isinstance(case, dict) else None
            given = read(case, where)
            chosen = case.get("config") if isinstance(case, dict) else None
            settings = read_settings({} if chosen is None else chosen, f"{where}: config")
            answer = {"id": identity, "findings": evaluate(given.resources, settings)}
        except InputError as error:
            answer = {"id": identity, "findings": [], "error": str(error)}
            code = 2
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return code


def show_rules(key: str | None, format_: str) -> int:
    """List all rules, or explain one."""
    chosen = [REGISTRY[key]] if key in REGISTRY else [] if key else [REGISTRY[each] for each in sorted(REGISTRY)]
    if not chosen:
        raise InputError(f"{key}: no such rule{meant(key or '', REGISTRY)}; `./mlz policy rules` lists them")
    if format_ == "json":
        say(rules_to_json(chosen))
    elif key:
        say(explain(chosen[0]))
    else:
        say("\n".join(one_line(each) for each in chosen))
    return 0


def say(text: str) -> None:
    """Print *text*."""
    sys.stdout.write(f"{text}\n")


def text_of(file: str) -> str:
    """Return what *file* holds, or standard input for "-".

    Raises:
        InputError: it cannot be read.
    """
    where, remedy = ("standard input" if file == "-" else file), "give a file of JSON or - for standard input"
    if file == "-" and sys.stdin.isatty():
        sys.stderr.write("mlz: reads standard input; Ctrl-D ends it, --help explains\n")
    try:
        if file == "-":
            return sys.stdin.read()
        written = Path(file).read_bytes()  # some shells and editors write UTF-16 or a byte order mark
        return written.decode(json.detect_encoding(written))
    except OSError as error:
        raise InputError(f"{where}: cannot be read ({error.strerror}); {remedy}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not text ({error}); {remedy}") from error

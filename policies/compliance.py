"""The compliance table: which rule serves which control. `python -m policies.compliance` writes docs/compliance.md."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from policies.exceptions import NO_EXCEPTIONS
from policies.rules import REGISTRY, Rule

FILE = Path(__file__).parents[1] / "docs" / "compliance.md"

LEFT_OUT: Final[Mapping[str, str]] = json.loads((Path(__file__).parent / "rules" / "left_out.json").read_text())
"""Rules of other tools that are none of ours, each with the reason."""


def table() -> str:
    """Return docs/compliance.md as it must be."""
    rules = [REGISTRY[key] for key in sorted(REGISTRY)]
    frameworks = sorted({name for rule in rules for name in rule.frameworks})
    lines = [
        "# Rules and the controls they serve",
        "",
        "Written by `python -m policies.compliance` from the registry; a test says that it is fresh. A rule that",
        "serves a control helps to meet it; no table replaces an auditor. `./mlz policy rules KEY` explains a rule.",
        "",
        f"{len(rules)} rules in {len({rule.pack for rule in rules})} packs; {len(NO_EXCEPTIONS)} take no exception (†)",
        "",
        "| framework | controls | rules |",
        "|---|---|---|",
        *(_summary(name, rules) for name in frameworks),
    ]
    for name in frameworks:
        lines += ["", f"## {name}", "", "| control | rules |", "|---|---|", *_controls(name, rules)]
    lines += ["", "## All rules", "", "| rule | pack | level | severity | must hold |", "|---|---|---|---|---|"]
    lines += [
        f"| `{rule.key}`{'†' if rule.key in NO_EXCEPTIONS else ''} | {rule.pack} | {rule.level} | {rule.severity} "
        f"| {_cell(rule.statement)} |"
        for rule in rules
    ]
    lines += [
        "",
        "## Rules of other tools we leave out, and why",
        "",
        "| rule | reason |",
        "|---|---|",
        *(f"| `{key}` | {_cell(LEFT_OUT[key])} |" for key in sorted(LEFT_OUT)),
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _summary(framework: str, rules: list[Rule]) -> str:
    serving = [rule for rule in rules if framework in rule.frameworks]
    controls = {control for rule in serving for control in rule.frameworks[framework]}
    return (
        f"| [{framework}](#{framework.lower().replace('.', '').replace(' ', '-')}) | {len(controls)} | {len(serving)} |"
    )


def _controls(framework: str, rules: list[Rule]) -> Iterator[str]:
    by_control: dict[str, list[str]] = {}
    for rule in rules:
        for control in rule.frameworks.get(framework, ()):
            by_control.setdefault(control, []).append(f"`{rule.key}`")
    for control in sorted(by_control):
        yield f"| {control} | {', '.join(by_control[control])} |"


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")

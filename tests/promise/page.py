"""docs/coverage.md: what is promised, and which tests show it."""

from collections import Counter
from typing import Final

from tests.promise.claims import Claim
from tests.promise.features import ROOT, Feature, Promise

FILE: Final = ROOT / "docs" / "coverage.md"
TESTS_SHOWN: Final = 3
STATES: Final = ("shown", "in part", "open")

_INTRO: Final = """# Coverage: what is promised, and what a test shows

Written by `python -m tests.promise` from [features.yaml](features.yaml) and from the tests that carry these ids; a test
says that it is fresh. This is the only page that counts.

*Shown*: a test fails when the capability breaks. *In part*: the same for a part; the row says what is open. *Open*: no
test shows anything of it, whatever else there may be. A row counts only while its tests pass: CI runs all of them, and
each run ends with a line that names the ids whose tests failed or were skipped. Tests marked *engine* run the real
Pulumi on the emulated AWS and are skipped where there is no engine, those of `workloads/mlflow` a MariaDB alike. A
test's path says which room does the work:
`components/test_network.py` asks `components/network/`.
"""


def page(promise: Promise, shown: dict[str, list[Claim]]) -> str:
    """Return docs/coverage.md as it must be."""
    return "\n".join([_INTRO, *_summary(promise), *_sources(promise), *_parts(promise, shown)])


def _summary(promise: Promise) -> list[str]:
    states = {part: Counter(feature.state for feature in rows.values()) for part, rows in _by_part(promise).items()}
    total = sum(states.values(), Counter())

    def row(name: str, counts: Counter[str]) -> str:
        return f"| {name} | {' | '.join(str(counts[state]) for state in STATES)} | {counts.total()} |"

    return [
        f"| part | {' | '.join(STATES)} | all |",
        "|---|---|---|---|---|",
        *(row(f"{part} {promise.parts[part]}", counts) for part, counts in states.items()),
        row("**all**", total),
        "",
    ]


def _sources(promise: Promise) -> list[str]:
    documents = [f"{number} “{title}”" for number, title in promise.documents.items()]
    return [
        f"Promised by: {', '.join(documents)};",
        "*peers*: the best systems of the field have it; *ours*: no system has it yet;",
        "*users*: a complaint about today's systems that this one must not earn.",
        "",
    ]


def _parts(promise: Promise, shown: dict[str, list[Claim]]) -> list[str]:
    lines = []
    for part, rows in _by_part(promise).items():
        lines += [
            f"## {part} {promise.parts[part]}",
            "",
            "| id | capability | promised by | state | tests |",
            "|---|---|---|---|---|",
            *(_row(key, feature, shown.get(key, [])) for key, feature in rows.items()),
            "",
        ]
    return lines


def _row(key: str, feature: Feature, tests: list[Claim]) -> str:
    does = feature.does + (f"<br>*built as:* {feature.built_as}" if feature.built_as else "")
    state = f"in part; open: {feature.open}" if feature.state == "in part" else feature.state
    links = [_link(claim) for claim in tests[:TESTS_SHOWN]]
    if len(tests) > TESTS_SHOWN:
        links.append(f"and {len(tests) - TESTS_SHOWN} more")
    return f"| {key} | {does} | {feature.by} | {state} | {'<br>'.join(links) or 'no test'} |"


def _link(claim: Claim) -> str:
    name = f"[{claim.file.removeprefix('tests/')}::{claim.test}](../{claim.file})"
    return f"{name} (engine)" if claim.engine else name


def _by_part(promise: Promise) -> dict[str, dict[str, Feature]]:
    return {
        part: {key: feature for key, feature in promise.features.items() if key[0] == part} for part in promise.parts
    }

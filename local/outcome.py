"""What became of one command on one stack."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.changes import Change
from local.events import Failure, Violation


@dataclass(frozen=True)
class Outcome:
    """What became of one command on one stack."""

    stack: str
    code: int
    """Pulumi's exit code, or minus the signal that ended it; 1 where nothing was run."""

    seconds: float = 0.0
    changes: dict[str, int] = field(default_factory=dict)
    """Resources by operation: {"create": 3, "same": 40}."""

    violations: list[Violation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    log: Path | None = None
    note: str = ""
    """Why nothing was run, or what was mended first."""

    changed: list[Change] = field(default_factory=list)
    """What the preview would change, or what the run changed, resource by resource."""


def rehearsed(outcome: Outcome, stacks: Collection[str]) -> Outcome:
    """Let the remedies of a rehearsal's outcome speak of the rehearsal: copied, they must not reach AWS."""
    named = "|".join(re.escape(name) for name in sorted(stacks, key=len, reverse=True))
    command = re.compile(rf"(\./mlz (?:preview|up|refresh|destroy|teardown)(?: (?:{named})(?![\w-]))+)")

    def said(text: str) -> str:
        return command.sub(r"\1 --local", text)

    failures = [replace(failure, message=said(failure.message)) for failure in outcome.failures]
    return replace(outcome, note=said(outcome.note), failures=failures)

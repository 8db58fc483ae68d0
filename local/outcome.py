"""What became of one command on one stack."""

from dataclasses import dataclass, field
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

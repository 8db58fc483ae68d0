"""What `pulumi --event-log` tells while it runs: progress, policy findings, failures, the sum of changes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Progress:
    """Where a stack is."""

    stack: str
    phase: str
    """preview, up, refresh, destroy, mend, or what is waited for."""

    done: int
    total: int
    """Resources the preview counted; 0 while unknown."""


@dataclass(frozen=True)
class Violation:
    """A finding of a policy pack."""

    rule: str
    pack: str
    level: str
    """advisory or mandatory."""

    urn: str
    message: str


@dataclass(frozen=True)
class Failure:
    """An error message of the engine, a provider or the program."""

    urn: str
    message: str


@dataclass
class EventLog:
    """Reads the file as it grows.

    Preview and update of one `up` write it one after the other, each from its start.
    """

    path: Path
    stack: str
    command: str
    changes: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    _position: int = 0
    _seen: set[str] = field(default_factory=set)
    _total: int = 0
    _phase: str = "preview"

    def __post_init__(self) -> None:
        """Forget what an earlier run wrote."""
        self.path.unlink(missing_ok=True)

    def read(self) -> Iterator[Progress]:
        """Take in what is new; yield where the stack is now, if that changed."""
        before = (self._phase, len(self._seen))
        if self.path.exists():
            if self.path.stat().st_size < self._position:
                self._position = 0
            with self.path.open("rb") as file:
                file.seek(self._position)
                for line in file:
                    if not line.endswith(b"\n"):
                        break  # still being written
                    self._position += len(line)
                    self._take(json.loads(line))
        if (self._phase, len(self._seen)) != before:
            yield Progress(self.stack, self._phase, len(self._seen), self._total)

    def _take(self, event: dict[str, Any]) -> None:
        """Take in one event."""
        if "preludeEvent" in event:
            self._total = len(self._seen)  # the preview that ended counted them
            self._seen.clear()
        elif "resourcePreEvent" in event:
            self._phase = self.command if not event["resourcePreEvent"].get("planning") else "preview"
        elif "resOutputsEvent" in event:
            self._seen.add(event["resOutputsEvent"]["metadata"]["urn"])
            self._phase = self.command if not event["resOutputsEvent"].get("planning") else "preview"
        elif "policyEvent" in event:
            self._take_policy(event["policyEvent"])
        elif "diagnosticEvent" in event and event["diagnosticEvent"]["severity"] == "error":
            found = event["diagnosticEvent"]
            self.failures.append(Failure(found.get("urn", ""), found["message"].strip()))
        elif "summaryEvent" in event:
            self.changes = event["summaryEvent"]["resourceChanges"]

    def _take_policy(self, found: dict[str, Any]) -> None:
        """Keep one policy finding; `up` sees most of them twice, in preview and update."""
        violation = Violation(
            found["policyName"],
            found["policyPackName"],
            found["enforcementLevel"],
            found.get("resourceUrn", ""),
            found["message"].strip(),
        )
        if violation not in self.violations:
            self.violations.append(violation)

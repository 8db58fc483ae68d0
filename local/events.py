"""What `pulumi --event-log` tells while it runs: progress, policy findings, failures, what changes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from local.changes import QUIET, Change, change, merged
from local.words import plain

DONE, FAILED = "done", "failed"
"""The last phase of a stack."""


@dataclass(frozen=True)
class Progress:
    """Where a stack is."""

    stack: str
    phase: str
    """preview, up, refresh, destroy, mend, what is waited for, or how it ended."""

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
    """Reads the file of one run of the engine as it grows.

    One run is one operation, a preview or an update: pulumi's own preview before an update writes the same file, whose
    end nobody can then be sure to have read. So each is started by itself (local.stack).
    """

    path: Path
    stack: str
    phase: str
    """What the bar says: preview, up, refresh, destroy."""

    total: int = 0
    """Steps that are expected, for the bar [count]; 0: unknown."""

    changes: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    _changed: dict[str, Change] = field(default_factory=dict)
    _position: int = 0
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Forget what an earlier run wrote."""
        self.path.unlink(missing_ok=True)

    @property
    def changed(self) -> list[Change]:
        """What changes, resource by resource, in the order of the engine."""
        return list(self._changed.values())

    @property
    def steps(self) -> int:
        """Resources the engine has dealt with [count]."""
        return len(self._seen)

    def read(self) -> Iterator[Progress]:
        """Take in what is new; yield where the stack is now, if that changed."""
        before = self.steps
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(self._position)
                for line in file:
                    if not line.endswith(b"\n"):
                        break  # still being written
                    self._position += len(line)
                    self._take(json.loads(line))
        if self.steps != before:
            yield Progress(self.stack, self.phase, self.steps, max(self.total, self.steps) if self.total else 0)

    def _take(self, event: dict[str, Any]) -> None:
        """Take in one event."""
        if "resourcePreEvent" in event:
            self._take_step(event["resourcePreEvent"], done=False)
        elif "resOutputsEvent" in event:
            self._take_step(event["resOutputsEvent"], done=True)
        elif "policyEvent" in event:
            self._take_policy(event["policyEvent"])
        elif "diagnosticEvent" in event and event["diagnosticEvent"]["severity"] == "error":
            found = event["diagnosticEvent"]
            failure = Failure(found.get("urn", ""), plain(found["message"]))
            if failure not in self.failures:
                self.failures.append(failure)
        elif "summaryEvent" in event:
            self.changes = event["summaryEvent"]["resourceChanges"]

    def _take_step(self, event: dict[str, Any], *, done: bool) -> None:
        """Take in the begin or the end of one step; a refresh has no end where it finds nothing new."""
        metadata = event["metadata"]
        urn = metadata["urn"]
        if done or metadata["op"] in QUIET:
            self._seen.add(urn)
        found = change(metadata)
        if found:
            self._changed[urn] = replace(merged(self._changed.get(urn), found), done=done)

    def _take_policy(self, found: dict[str, Any]) -> None:
        """Keep one policy finding; a stack's rules are asked again after each of its resources' are."""
        violation = Violation(
            found["policyName"],
            found["policyPackName"],
            found["enforcementLevel"],
            found.get("resourceUrn", ""),
            found["message"].strip(),
        )
        if violation not in self.violations:
            self.violations.append(violation)

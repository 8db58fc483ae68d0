"""What a run has done, in a file: the same command goes on after a kill, and repeats nothing that still holds."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from operations.model.errors import RefusedError

_SHOWN: Final = 10
"""Characters of a digest in names."""


def digest(*parts: object) -> str:
    """Return the digest of JSON values, as short as names take it."""
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:_SHOWN]


@dataclass
class Record:
    """One step as it was done."""

    job: str
    """Its job's name; the digest of all it was made of is its end."""

    outputs: dict[str, str] = field(default_factory=dict)
    """Output → S3 address; empty and not `done`: it was begun."""

    done: bool = False
    seconds: float = 0.0
    """Time it took [s]."""

    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class State:
    """All that is known of one model's runs in one world."""

    file: Path
    steps: dict[str, Record] = field(default_factory=dict)
    """Digest → the step made of it."""

    versions: dict[str, str] = field(default_factory=dict)
    """Digest of a run → ARN of the version registered of it."""

    attempts: dict[str, int] = field(default_factory=dict)
    """Digest → jobs that failed [count]: AWS takes a job's name once."""

    again: int = 0
    """How often all was made anew [count]."""

    @classmethod
    def read(cls, file: Path) -> "State":
        """Return what *file* says; nothing yet where it is not there or no state."""
        try:
            said: Mapping[str, Any] = json.loads(file.read_text())
            steps = {key: Record(**each) for key, each in said["steps"].items()}
            return cls(file, steps, dict(said["versions"]), dict(said["attempts"]), said["again"])
        except (OSError, ValueError, KeyError, TypeError):
            return cls(file)

    def write(self) -> None:
        """Keep it: the whole file or none of it, even if this process is killed now."""
        said = {
            "steps": {key: asdict(each) for key, each in self.steps.items()},
            "versions": self.versions,
            "attempts": self.attempts,
            "again": self.again,
        }
        partial = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        partial.write_text(json.dumps(said, indent=1))
        partial.replace(self.file)


@contextmanager
def held(folder: Path, model: str) -> Iterator[State]:
    """Hold the state of *model* in *folder* for the length of a block; the lock goes with its process.

    Raises:
        RefusedError: another run of the model holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{model}.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise RefusedError(
                f"another run of {model} is at work ({lock.read().strip() or 'just begun'}): wait for its end"
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {time.strftime('%H:%M:%S')}")
        lock.flush()
        yield State.read(folder / f"{model}.json")

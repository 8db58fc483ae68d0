"""One stack and the `pulumi` processes that work on it: make it, unlock it, mend it, run a command on it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.errors import LocalError
from local.events import EventLog, Failure, Progress, Violation
from local.pending import PendingError, adopt, unread
from local.settings import SettingsError, keep_encryption, own_settings, read_salt, secrets_provider, write_rehearsal
from local.world import World

LOCK_WAIT_SECONDS = 600
"""How long a run that is still alive is waited for."""

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one command on one stack."""

    stack: str
    code: int
    """Pulumi's exit code; 1 where a needed stack failed first."""

    seconds: float = 0.0
    changes: dict[str, int] = field(default_factory=dict)
    """Resources by operation: {"create": 3, "same": 40}."""

    violations: list[Violation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    log: Path | None = None
    note: str = ""
    """Why nothing was run, or what was mended first."""


class StackError(LocalError):
    """A stack can't be worked on; the text is for the user."""


def last_words(log: Path) -> list[Failure]:
    """Return what the engine said at the end of *log* where it ended before it had events: a pack it can't start."""
    _, error, text = f"\n{log.read_text(errors='replace')}".partition("\nerror: ")
    return [Failure("", text.strip())] if error else []


class Stack:
    """A stack of a world."""

    def __init__(self, world: World, name: str, report: Report) -> None:
        self.world = world
        self.name = name
        self.report = report
        self.process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self._interrupted = False

    def run(self, command: str, flags: Sequence[str] = ()) -> Outcome:
        """Run preview, up, refresh or destroy; before it, mend what a killed run left."""
        started = time.monotonic()
        log = self.world.logs / f"{self.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
        try:
            notes = [self._unlock(), self._mend(self._exported())]
        except (StackError, SettingsError, PendingError) as error:
            return Outcome(self.name, 1, time.monotonic() - started, log=log, note=str(error))
        events = EventLog(self.world.logs / f"{self.name}.events.json", self.name, command)
        yes = [] if command == "preview" else ["--yes"]
        code = self._pulumi(
            command,
            "--non-interactive",
            *yes,
            "--event-log",
            str(events.path),
            *self._settings(),
            *flags,
            events=events,
        )
        return Outcome(
            self.name,
            code,
            time.monotonic() - started,
            events.changes,
            events.violations,
            (events.failures or last_words(log)) if code else [],
            log,
            "; ".join(note for note in notes if note),
        )

    def outputs(self) -> dict[str, Any]:
        """Return what the stack exports.

        Raises:
            StackError: the stack's state can't be read.
        """
        asked = self._ask("stack", "output", "--json", "--stack", self.name)
        if asked.returncode:
            raise StackError(f"can't read the outputs of {self.name}: {asked.stderr.strip()}")
        outputs: dict[str, Any] = json.loads(asked.stdout)
        return outputs

    def resource_types(self) -> list[str]:
        """Return the type token of every resource the stack's state holds."""
        deployment = self._exported().get("deployment") or {}
        return [resource["type"] for resource in deployment.get("resources") or []]

    def interrupt(self) -> None:
        """Pass Ctrl-C on: the first lets running operations end, the second doesn't."""
        with self._guard:
            self._interrupted = True
            if self.process and self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)

    def _exported(self) -> dict[str, Any]:
        """The stack's last state; a stack that doesn't exist is made."""
        settings = self.world.settings(self.name)
        provider = None
        if self.world.state:
            write_rehearsal(own_settings(self.world.project, self.name), settings, read_salt(settings))
        else:
            provider = secrets_provider(settings)
        exported = self._ask("stack", "export", "--stack", self.name)
        if exported.returncode == 0:
            state: dict[str, Any] = json.loads(exported.stdout)
            return state
        if "no stack named" not in exported.stderr:
            raise StackError(f"can't read the state of {self.name}: {exported.stderr.strip()}")
        made = self._make(settings, provider)
        if made.returncode:
            raise StackError(f"can't make the stack {self.name}: {made.stderr.strip()}")
        return {}

    def _make(self, settings: Path, provider: str | None) -> subprocess.CompletedProcess[str]:
        """Make the stack aside: `stack init` writes a Pulumi.<stack>.yaml, which must not end up in the project."""
        with TemporaryDirectory(dir=self.world.logs, prefix="init-") as aside:
            shutil.copy(self.world.project / "Pulumi.yaml", aside)
            chosen = ["--secrets-provider", provider] if provider else []
            made = self._ask("--cwd", aside, "stack", "init", self.name, "--no-select", *chosen)
            if made.returncode == 0:
                keep_encryption(settings, Path(aside) / f"Pulumi.{self.name}.yaml")
        return made

    def _mend(self, exported: dict[str, Any]) -> str:
        """Undo what a killed run left: creations of which nobody noted the end."""
        deployment = exported.get("deployment") or {}
        unfinished = deployment.get("pending_operations") or []
        unknown: list[str] = []
        if unfinished:
            self.report(Progress(self.name, "mend", 0, len(unfinished)))
            unknown = adopt(deployment, self.world.env)
            edited = self.world.logs / f"{self.name}.mended.json"
            edited.write_text(json.dumps(exported))
            imported = self._ask("stack", "import", "--stack", self.name, "--file", str(edited))
            if imported.returncode:
                raise StackError(f"{self.name}: can't mend an interrupted run: {imported.stderr.strip()}")
        targets = [part for urn in unread(deployment) for part in ("--target", urn)]
        refresh = ("refresh", "--non-interactive", "--yes", "--skip-preview", *targets, *self._settings())
        if targets and self._pulumi(*refresh):
            raise StackError(f"{self.name}: can't mend an interrupted run, its log says why; try again")
        if unknown:
            return "mended an interrupted run; look yourself whether these exist twice: " + ", ".join(unknown)
        return "mended an interrupted run" if unfinished or targets else ""

    def _unlock(self) -> str:
        """Remove the lock of a dead run, wait for a living one. Only in our own backend."""
        if self.world.state is None:
            return ""
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while owners := self._lock_owners():
            if not any(_lives(pid) for pid in owners):
                self._ask("cancel", "--yes", "--stack", self.name)
                return "removed the lock of a run that was killed"
            if self._interrupted or time.monotonic() > deadline:
                raise StackError(f"{self.name}: another run (process {owners[0]}) is still working on it")
            self.report(Progress(self.name, f"waiting for process {owners[0]}", 0, 0))
            time.sleep(1)
        return ""

    def _lock_owners(self) -> list[int]:
        """Processes of this machine that hold the stack."""
        folder = self.world.state / "backend" / ".pulumi" / "locks" / "organization" if self.world.state else Path()
        owners = []
        for lock in folder.glob(f"*/{self.name}/*.json"):
            try:
                owner = json.loads(lock.read_text())
            except (OSError, ValueError):
                continue  # it went away, or is being written
            if owner["hostname"] == socket.gethostname():
                owners.append(int(owner["pid"]))
        return owners

    def _settings(self) -> list[str]:
        """Flags that name the stack and its settings."""
        return ["--stack", self.name, "--config-file", str(self.world.settings(self.name))]

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a short pulumi command and read its answer."""
        return subprocess.run(
            [self.world.engine, "--non-interactive", *arguments],
            cwd=self.world.project,
            env=self.world.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _pulumi(self, *arguments: str, events: EventLog | None = None) -> int:
        """Run a long pulumi command: into the log, with progress.

        It gets a session of its own: Ctrl-C reaches it only through interrupt(), and if this process is
        killed, it ends its work in peace, for output goes to files. The next command waits for it.
        """
        with (self.world.logs / f"{self.name}.log").open("ab") as log:
            with self._guard:
                if self._interrupted:
                    return 1
                self.process = subprocess.Popen(
                    [self.world.engine, *arguments],
                    cwd=self.world.project,
                    env=self.world.env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            while True:
                try:
                    code = self.process.wait(timeout=0.3)
                except subprocess.TimeoutExpired:
                    code = None
                for progress in events.read() if events else []:
                    self.report(progress)
                if code is not None:
                    return code


def _lives(pid: int) -> bool:
    """Whether a process is there and not a zombie's remains of another user's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

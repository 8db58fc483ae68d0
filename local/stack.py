"""One stack and the `pulumi` processes that work on it: make it, unlock it, mend it, run a command on it."""

import json
import shutil
import signal
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.errors import LocalError
from local.events import DONE, FAILED, EventLog, Failure, Progress
from local.lock_owners import LockedError, foreign_lock, others, still_lives
from local.outcome import Outcome
from local.pending import PendingError, adopt, unread
from local.process import Process
from local.replacements import refusal
from local.settings import SettingsError, keep_encryption, own_settings, read_salt, secrets_provider, write_rehearsal
from local.words import owners, unread_state
from local.world import World, aside

LOCK_WAIT_SECONDS = 600
"""How long a run that is still alive is waited for."""
SKIP_PREVIEW = "--skip-preview"
PREVIEW_ONLY = "--preview-only"
OUT_OF_MEMORY = " (out of memory? try fewer --workers)"

Report = Callable[[Progress], None]


class StackError(LocalError):
    """A stack can't be worked on; the text is for the user."""


def last_words(text: str) -> list[Failure]:
    """Return what the engine said at the end where it ended before it had events: a pack it can't start."""
    _, error, said = f"\n{text}".partition("\nerror: ")
    said = said.strip() if error else "\n".join(text.strip().splitlines()[-5:])
    return [Failure("", said)] if said else []


@dataclass(frozen=True)
class _Operation:
    """One run of the engine."""

    outcome: Outcome
    steps: int
    """Resources it dealt with [count]."""


class Stack:
    """A stack of a world."""

    def __init__(self, world: World, name: str, report: Report) -> None:
        self.world = world
        self.name = name
        self.report = report
        self.log = world.logs / f"{name}.log"
        self.process = Process(self.log)

    def run(self, command: str, flags: Sequence[str] = (), *, replaceable: Collection[str] = ()) -> Outcome:
        """Run preview, up, refresh or destroy; before it, mend what a killed run left.

        Args:
            command: what to do. `up` looks at the preview first, and refuses to replace what holds data.
            flags: more flags for pulumi; --skip-preview: `up` looks at nothing first; --preview-only: only show.
            replaceable: logical names of what may be replaced although it holds data.
        """
        started = time.monotonic()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")
        notes: list[str] = []
        while True:
            try:
                outcome = self._attempt(command, flags, replaceable)
            except LockedError as locked:
                try:
                    notes.append(self._wait_or_unlock(locked))
                except StackError as error:
                    outcome = Outcome(self.name, 1, note=str(error))
                else:
                    continue
            except (StackError, SettingsError, PendingError) as error:
                outcome = Outcome(self.name, 1, note=str(error))
            note = "; ".join(dict.fromkeys(part for part in (*notes, outcome.note) if part))
            self.report(Progress(self.name, FAILED if outcome.code else DONE, 0, 0))
            return replace(outcome, note=note, log=self.log, seconds=time.monotonic() - started)

    def _attempt(self, command: str, flags: Sequence[str], replaceable: Collection[str]) -> Outcome:
        """Run a command once; another try follows only where somebody held the lock."""
        state = self._exported()
        if state is None:
            if command == "preview":
                return self._preview_aside(flags)
            if command != "up":
                return Outcome(self.name, 0, note="there is no such stack: nothing to do")
            self._make()
            state = {}
        mended = self._mend(state)
        expected = len((state.get("deployment") or {}).get("resources") or [])
        if PREVIEW_ONLY in flags:
            return self._operate(command, "preview", flags, 0).outcome
        if command == "preview" or (command == "up" and SKIP_PREVIEW not in flags):
            looked = self._operate("preview", "preview", [flag for flag in flags if flag != SKIP_PREVIEW], expected)
            refused = refusal(looked.outcome.changed, replaceable, self.name) if command == "up" else ""
            if refused:
                return replace(looked.outcome, code=1, note=refused)
            if command == "preview" or looked.outcome.code:
                return replace(looked.outcome, note="; ".join(n for n in (mended, looked.outcome.note) if n))
            expected = looked.steps
        flags = [*(flag for flag in flags if flag != SKIP_PREVIEW), "--yes", SKIP_PREVIEW]
        outcome = self._operate(command, command, flags, expected).outcome
        return replace(outcome, note="; ".join(note for note in (mended, outcome.note) if note))

    def _operate(self, command: str, phase: str, flags: Sequence[str], expected: int) -> "_Operation":
        """Run the engine once, and read its events.

        Raises:
            LockedError: somebody else works on the stack.
        """
        begin = self.log.stat().st_size
        events = EventLog(self.world.logs / f"{self.name}.events.json", self.name, phase, expected)
        given = ("--event-log", str(events.path), *self._settings(), *flags)
        code = self.process.run(self.world, command, "--non-interactive", *given, poll=lambda: self._tell(events))
        said = self.log.read_bytes()[begin:].decode(errors="replace") if code else ""
        if code and (held := owners(said)):
            raise LockedError(held)
        failures = events.failures or (last_words(said) if code > 0 else [])
        note = ""
        if code < 0:
            note = f"the engine was killed by signal {-code}{OUT_OF_MEMORY if code == -signal.SIGKILL else ''}"
        elif code and not failures:
            note = f"the engine ended with exit code {code} and said nothing"
        outcome = Outcome(
            self.name,
            code,
            changes=events.changes,
            violations=events.violations,
            failures=failures,
            note=note,
            changed=events.changed,
        )
        return _Operation(outcome, events.steps)

    def _tell(self, events: EventLog) -> None:
        """Report what is new."""
        for progress in events.read():
            self.report(progress)

    def _preview_aside(self, flags: Sequence[str]) -> Outcome:
        """Preview a stack that is not there, in a backend that is thrown away: a preview makes no stack either."""
        own = self.world
        if own.state is None:
            secrets_provider(own.settings(self.name))  # `up` would miss the file
        with TemporaryDirectory(prefix="mlz-preview-") as folder:
            self.world = aside(own, Path(folder))
            try:
                self._exported()
                self._make()
                return self._operate("preview", "preview", flags, 0).outcome
            finally:
                self.world = own

    def outputs(self) -> dict[str, Any]:
        """Return what the stack exports.

        Raises:
            StackError: the stack's state can't be read.
        """
        asked = self.process.ask(self.world, "stack", "output", "--json", "--stack", self.name)
        if asked.returncode:
            raise StackError(f"can't read the outputs of {self.name}: {asked.stderr.strip()}")
        outputs: dict[str, Any] = json.loads(asked.stdout)
        return outputs

    def resource_types(self) -> list[str]:
        """Return the type token of every resource the stack's state holds."""
        deployment = (self._exported() or {}).get("deployment") or {}
        return [resource["type"] for resource in deployment.get("resources") or []]

    def interrupt(self) -> None:
        """Pass Ctrl-C on: the first lets running operations end, the second doesn't."""
        self.process.interrupt()

    def _exported(self) -> dict[str, Any] | None:
        """The stack's last state; None: there is no such stack."""
        if self.world.state:
            settings = self.world.settings(self.name)
            write_rehearsal(own_settings(self.world.project, self.name), settings, read_salt(settings))
        exported = self.process.ask(self.world, "stack", "export", "--stack", self.name)
        if exported.returncode == 0:
            state: dict[str, Any] = json.loads(exported.stdout)
            return state
        if "no stack named" in exported.stderr:
            return None
        raise StackError(unread_state(self.name, exported.stderr.strip().removeprefix("error: "), self.world.backend))

    def _make(self) -> None:
        """Make the stack aside: `stack init` writes a Pulumi.<stack>.yaml, which must not end up in the project.

        Raises:
            StackError: the backend refused it, or it has no key.
        """
        settings = self.world.settings(self.name)
        provider = None if self.world.state else secrets_provider(settings)
        with TemporaryDirectory(dir=self.world.logs, prefix="init-") as folder:
            shutil.copy(self.world.project / "Pulumi.yaml", folder)
            chosen = ["--secrets-provider", provider] if provider else []
            made = self.process.ask(self.world, "--cwd", folder, "stack", "init", self.name, "--no-select", *chosen)
            if made.returncode:
                raise StackError(f"can't make the stack {self.name}: {made.stderr.strip()}")
            keep_encryption(settings, Path(folder) / f"Pulumi.{self.name}.yaml")

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
            imported = self.process.ask(self.world, "stack", "import", "--stack", self.name, "--file", str(edited))
            if held := owners(imported.stderr):
                raise LockedError(held)
            if imported.returncode:
                raise StackError(f"{self.name}: can't mend an interrupted run: {imported.stderr.strip()}")
        targets = [part for urn in unread(deployment) for part in ("--target", urn)]
        refresh = ("refresh", "--non-interactive", "--yes", "--skip-preview", *targets, *self._settings())
        if targets and self.process.run(self.world, *refresh):
            raise StackError(f"{self.name}: can't mend an interrupted run, its log says why; try again")
        if unknown:
            return "mended an interrupted run; look yourself whether these exist twice: " + ", ".join(unknown)
        return "mended an interrupted run" if unfinished or targets else ""

    def unlock(self) -> None:
        """Remove the stack's lock, whoever holds it.

        Raises:
            StackError: the backend did not let it go.
        """
        cancelled = self.process.ask(self.world, "cancel", "--yes", "--stack", self.name)
        if cancelled.returncode:
            raise StackError(f"can't unlock {self.name}: {cancelled.stderr.strip().removeprefix('error: ')}")

    def _wait_or_unlock(self, locked: LockedError) -> str:
        """Remove the lock of a dead run of this machine, wait for a living one.

        Raises:
            StackError: it is another machine's, of which nobody here knows whether it lives, or it lasts too long.
        """
        if foreign := others(locked.owners):
            raise StackError(foreign_lock(self.name, foreign[0]))
        alive = [owner for owner in locked.owners if still_lives(owner)]
        if not alive:
            self.unlock()
            return "removed the lock of a run that was killed"
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while still_lives(alive[0]):
            if self.process.interrupted or time.monotonic() > deadline:
                raise StackError(
                    f"{self.name}: another run (process {alive[0].pid}) is still working on it; "
                    f"if that is something else, ./mlz unlock {self.name}"
                )
            self.report(Progress(self.name, f"waiting for process {alive[0].pid}", 0, 0))
            time.sleep(1)
        return ""

    def _settings(self) -> list[str]:
        """Flags that name the stack and its settings."""
        return ["--stack", self.name, "--config-file", str(self.world.settings(self.name))]

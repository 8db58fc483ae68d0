"""The `pulumi` processes of one stack: short questions, and long work that outlives this process."""

import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from local.language_host.host import PULUMIS_OWN, LanguageHost, language_host
from local.settings import has_packages
from local.world import World

RUN_A_PROGRAM: Final = {"preview", "up"}
"""The commands for which the engine starts our program."""


class Process:
    """Starts `pulumi` in a world, one at a time, and passes interrupts on."""

    def __init__(self, log: Path) -> None:
        self.interrupted = False
        self._log = log
        self.running: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()

    def interrupt(self) -> None:
        """Pass Ctrl-C on: the first lets running operations end, the second doesn't."""
        with self._guard:
            self.interrupted = True
            if self.running and self.running.poll() is None:
                self.running.send_signal(signal.SIGINT)

    @staticmethod
    def ask(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a short pulumi command and read its answer."""
        return subprocess.run(
            [world.engine, "--non-interactive", *arguments],
            cwd=world.project,
            env=world.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, world: World, *arguments: str, poll: Callable[[], None] = lambda: None) -> int:
        """Run a long pulumi command into the log, and return its exit code; *poll* is called now and then.

        It gets a session of its own: Ctrl-C reaches it only through interrupt(), and if this process is
        killed, it ends its work in peace, for output goes to files. The next command waits for it.
        """
        with self._log.open("ab") as log:
            with self._host(world, arguments) as host, self._guard:
                if self.interrupted:
                    return 1
                self.running = subprocess.Popen(
                    [world.engine, *arguments],
                    cwd=world.project,
                    env={**world.env, **host.env},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                host.follow(self.running.pid)
            while True:
                try:
                    code = self.running.wait(timeout=0.1)
                except subprocess.TimeoutExpired:
                    code = None
                poll()
                if code is not None:
                    return code

    def _host(self, world: World, arguments: Sequence[str]) -> AbstractContextManager[LanguageHost]:
        """The language host of a rehearsal: ours, where it has to run nothing but the program and packs."""
        if world.state is None or arguments[0] not in RUN_A_PROGRAM:
            return nullcontext(PULUMIS_OWN)
        if has_packages(world.project):  # a host would have to start their plugins
            return nullcontext(PULUMIS_OWN)
        return language_host(world.env, arguments.count("--policy-pack"), self._log)

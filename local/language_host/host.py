"""Starts the language host of one run of the engine, as a fork of a Python that has imported all of it already.

    with language_host(world.env, packs, log) as host:
        engine = subprocess.Popen(["pulumi", "up"], env={**world.env, **host.env})
        host.follow(engine.pid)

Pulumi itself starts one host for the program and one for the packs, and each starts a Python that imports the SDKs:
three seconds of a processor a run, and an `up` is two runs a stack. The engine is told of a host that runs already by
PULUMI_DEBUG_LANGUAGES (pull request 17821 of pulumi/pulumi, read 2026-11-30). Only a rehearsal does so: where AWS is
real nobody waits for Python, and what runs is what `pulumi up` by itself runs.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from local.errors import LocalError
from local.forks import FORKS, fork, import_before_forking

LOOK_SECONDS: Final = 0.25
"""Between two looks whether the engine is there."""
import_before_forking(["local.language_host.imports"])


class LanguageHostError(LocalError):
    """A host did not start; the text is for the user."""


@dataclass(frozen=True)
class LanguageHost:
    """What a `pulumi` process must be given to find its host."""

    env: Mapping[str, str]

    follow: Callable[[int], object]
    """Takes the id of that process: the host ends when it has ended, however it went."""


PULUMIS_OWN: Final = LanguageHost({}, lambda _pid: None)
"""The engine starts its hosts itself."""


@contextmanager
def language_host(env: Mapping[str, str], packs: int, log: Path) -> Iterator[LanguageHost]:
    """Start a host; it ends with the process that it is told to follow, or with the block if it is told of none.

    Args:
        env: the environment of the program and the packs.
        packs: how many policy packs the engine will ask for [count].
        log: gets what they print.

    Raises:
        LanguageHostError: it did not start.
    """
    answer, told = FORKS.Pipe(duplex=False)
    followed, follow = FORKS.Pipe(duplex=False)
    with answer, told, followed, follow:
        fork(_serve, dict(env), packs, log, told, followed)
        told.close()
        try:
            port = answer.recv()
        except EOFError:
            raise LanguageHostError(f"the program's Python did not start: {log} says why; try again") from None
        yield LanguageHost({"PULUMI_DEBUG_LANGUAGES": f"python:{port}"}, follow.send)


def _serve(env: Mapping[str, str], packs: int, log: Path, told: Connection, followed: Connection) -> None:
    """Be the host: say the port, and end with the engine."""
    os.environ.clear()
    os.environ.update(env)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    from local.language_host.packs import waiting_pack  # noqa: PLC0415 - as below
    from local.language_host.service import LanguageRuntime  # noqa: PLC0415 - the command line has no use for gRPC

    runtime = LanguageRuntime([waiting_pack() for _ in range(packs)])
    told.send(runtime.port)
    told.close()
    with suppress(EOFError):
        # Not by an open file that the engine inherits: its providers would inherit it too, and outlive it.
        engine = followed.recv()
        while _exists(engine):
            time.sleep(LOOK_SECONDS)
    runtime.stop()
    os._exit(0)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

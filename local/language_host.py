"""Starts the language host of one run of the engine, as a fork of a Python that has imported all of it already.

    with language_host(world.env, log) as host:
        subprocess.Popen(["pulumi", "up"], env={**world.env, **host.env}, pass_fds=host.pass_fds)

Pulumi itself starts one host for the program and one for the packs, and each starts a Python that imports the SDKs:
three seconds of a processor a run, and an `up` is two runs a stack. The engine is told of a host that runs already by
PULUMI_DEBUG_LANGUAGES (docs/debugging/providers_and_languages.md of pulumi/pulumi, read 2026-11-30). Only a rehearsal
does so: where AWS is real nobody waits for Python, and what runs is what `pulumi up` by itself runs.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from local.forks import FORKS, import_before_forking

IMPORTED: Final = (
    "local.language_runtime",
    "policies.pack",
    "policies.tagging.fill",
    "stacks.build",
    "stacks.organization",
    "stacks.platform",
    "stacks.team",
)
"""Names, for they belong to rooms that this one may not enter; what is not there is imported after the fork."""
import_before_forking(IMPORTED)


@dataclass(frozen=True)
class LanguageHost:
    """What a `pulumi` process must be given to find its host."""

    env: Mapping[str, str]

    pass_fds: Sequence[int]
    """Open for as long as that process lives: then the host ends, however it went."""


PULUMIS_OWN: Final = LanguageHost({}, ())
"""The engine starts its hosts itself."""


@contextmanager
def language_host(env: Mapping[str, str], packs: int, log: Path) -> Iterator[LanguageHost]:
    """Start a host; it ends with the process that inherits `pass_fds`.

    Args:
        env: the environment of the program and the packs.
        packs: how many policy packs the engine will ask for [count].
        log: gets what they print.
    """
    answer, told = FORKS.Pipe(duplex=False)
    ends, lives = FORKS.Pipe(duplex=False)
    with answer, told, ends, lives:
        FORKS.Process(target=_serve, args=(dict(env), packs, log, told, ends)).start()
        told.close()
        yield LanguageHost({"PULUMI_DEBUG_LANGUAGES": f"python:{answer.recv()}"}, (lives.fileno(),))


def _serve(env: Mapping[str, str], packs: int, log: Path, told: Connection, ends: Connection) -> None:
    """Be the host: say the port, and end with the engine. In a session of its own, which Ctrl-C does not reach."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    from local.language_runtime import LanguageRuntime  # noqa: PLC0415 - the command line has no use for gRPC
    from local.waiting_packs import waiting_pack  # noqa: PLC0415

    runtime = LanguageRuntime([waiting_pack() for _ in range(packs)])
    told.send(runtime.port)
    told.close()
    ends.poll(None)  # nothing is ever sent: the other end is closed
    runtime.stop()
    os._exit(0)

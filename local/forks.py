"""Processes that are forks of one that has imported what they need: 20 ms instead of seconds of importing.

The standard library's fork server; one a process, started at the first fork. It has one thread, so what it imports may
not start any.
"""

from collections.abc import Iterable
from multiprocessing import forkserver, get_context
from typing import Final

FORKS: Final = get_context("forkserver")
_IMPORTED: Final[list[str]] = []


def import_before_forking(modules: Iterable[str]) -> None:
    """Let the fork server import *modules* too, where it has not started yet; names that are not there are left out."""
    _IMPORTED.extend(name for name in modules if name not in _IMPORTED)
    FORKS.set_forkserver_preload(_IMPORTED)


def imported_before_forking(module: str) -> bool:
    """Whether forks have *module*, or will have it."""
    return module in _IMPORTED


def warm_up() -> None:
    """Start the fork server, which imports while we do something else."""
    forkserver.ensure_running()

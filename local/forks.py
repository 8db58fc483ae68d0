"""Processes that are forks of one that has imported what they need: 20 ms instead of seconds of importing.

The standard library's fork server; one a process, started at the first fork. It has one thread, so what it imports may
not start any.
"""

import os
import signal
from collections.abc import Callable, Iterable
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.context import ForkServerProcess
from typing import Any, Final

FORKS: Final = get_context("forkserver")
_IMPORTED: Final[list[str]] = []
_CTRL_C: Final = {signal.SIGINT}


def import_before_forking(modules: Iterable[str]) -> None:
    """Let the fork server import *modules* too, where it has not started yet; names that are not there are left out."""
    _IMPORTED.extend(name for name in modules if name not in _IMPORTED)
    FORKS.set_forkserver_preload(_IMPORTED)


def fork(target: Callable[..., object], *given: Any, daemon: bool = False) -> ForkServerProcess:  # noqa: ANN401 - the target's
    """Start *target* in a fork, in a session of its own, which Ctrl-C does not reach; return its process.

    Args:
        target: a function at the top of a module.
        given: its arguments.
        daemon: end it with this process, where that ends in good order.
    """
    process = FORKS.Process(target=_apart, args=(target, *given), daemon=daemon)
    _start_server()
    process.start()
    return process


def _start_server() -> None:
    """Start the server, if it does not run: Ctrl-C must not cut it off while it imports, and it is in our session."""
    resource_tracker.ensure_running()  # of multiprocessing's own; as it starts it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _CTRL_C)
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _apart(target: Callable[..., object], *given: Any) -> None:  # noqa: ANN401 - the target's
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _CTRL_C)
    target(*given)

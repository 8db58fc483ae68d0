"""How a job runs: in a thread of its own, waiting for capacity, its container watched until it ends or must.

No thread holds the emulated AWS's lock while a container runs: the container's calls are answered meanwhile.
"""

import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from local.containers.process import SLOTS, environment_of, python_of, start
from local.environments import EnvironmentMissingError
from local.jobs.job import FailedError, Job, StoppedError

GRACE_SECONDS: Final = 120
"""From SIGTERM to SIGKILL. Source: SageMaker API Reference, StopTrainingJob, read 2026-11-30."""

_DEFAULT_SECONDS: Final = 86400
"""Longest run where the request says none; API Reference, StoppingCondition: 1 day."""

_LOOK_SECONDS: Final = 0.1


def in_background(job: Job, work: Callable[[Job], None]) -> None:
    """Run *work* in a thread, and say of *job* how it ended."""
    threading.Thread(target=_run, args=(job, work), daemon=True, name=job.name).start()


def _run(job: Job, work: Callable[[Job], None]) -> None:
    try:
        work(job)
        job.end("Completed")
    except FailedError as failure:
        job.end("Failed", reason=str(failure))
    except StoppedError as stopped:
        job.end("Stopped", phase=str(stopped))
    except Exception as error:  # noqa: BLE001 - a job that never ends would say less
        with contextlib.suppress(OSError):  # the log may lie on the disk that is full
            traceback.print_exc()
        where = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"InternalServerError: the emulated AWS failed: {type(error).__name__}: {error}"
        job.end("Failed", reason=f"{reason} ({where.filename}:{where.lineno})")


@contextlib.contextmanager
def capacity(job: Job) -> Iterator[None]:
    """Hold one of this machine's slots.

    Raises:
        StoppedError: it was stopped while it waited.
    """
    while not SLOTS.acquire(timeout=_LOOK_SECONDS):
        if job.stopping.is_set():
            raise StoppedError("Stopped")
    try:
        yield
    finally:
        SLOTS.release()


def variables(job: Job, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the job's container.

    Raises:
        FailedError: the packages of its image cannot be installed.
    """
    try:
        python = python_of(job.place.image, job.log.say)
    except EnvironmentMissingError as error:
        raise FailedError(f"ClientError: the image cannot be pulled: {error}") from error
    connection = None if job.place.isolated else job.connection
    return environment_of(job.place.image, job.root, job.region, connection, given, python=python)


def contained(
    job: Job, command: Sequence[str], environment: Mapping[str, str], sink: Callable[[str], None]
) -> tuple[int, str]:
    """Run the job's container to its end.

    Args:
        job: the job; it begins when the container does.
        command: what the container starts.
        environment: from variables().
        sink: gets each line.

    Returns:
        The exit code, and what it was stopped for: Stopped, MaxRuntimeExceeded, or nothing.
    """
    condition = job.params.get("StoppingCondition") or {}
    job.begin()
    deadline = time.monotonic() + float(condition.get("MaxRuntimeInSeconds") or _DEFAULT_SECONDS)
    running = start(job.place.image, job.root, command, environment, sink, isolated=job.place.isolated)
    while (code := running.wait(_LOOK_SECONDS)) is None:
        if job.stopping.is_set() or time.monotonic() > deadline:
            why = "Stopped" if job.stopping.is_set() else "MaxRuntimeExceeded"
            return running.terminate(GRACE_SECONDS), why
    return code, ""


def rewritten(job: Job, text: str) -> str:
    """Return *text* with /opt/ml at its start as it is called here."""
    there = text == "/opt/ml" or text.startswith("/opt/ml/")
    return f"{job.root}{text.removeprefix('/opt/ml')}" if there else text

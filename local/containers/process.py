"""One container: a command of an image as a process, in a folder that stands for /opt/ml.

    running = start(image, root, ["train"], environment, say)
    code = running.wait(3600)

The code finds its folder by SAGEMAKER_BASE_DIR, as SageMaker's own training toolkit does (default /opt/ml), so the
same code runs in AWS and here, many at once. It sees no variable of this machine's, and no file is kept from it:
this is a rehearsal's container, no sandbox for code one does not trust.
Source: sagemaker-training 5.1.4, `environment.py`, run on 2026-11-29.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from local.environments import bytecode, environment

GUARD: Final = Path(__file__).with_name("guard.py")
SLOTS: Final = threading.BoundedSemaphore((os.cpu_count() or 2) + 2)
"""Jobs that run at once; the others wait for capacity. An endpoint's servers hold none, they would keep it for good."""

_MEMORY_SHARE: Final = 0.75
"""Most data of one container's process, as a part of the machine's memory."""

_LONGEST_LINE: Final = 16 * 1024
"""Characters of a log line; CloudWatch Logs takes 1 MB, people read less."""

KILLED: Final = 128 + signal.SIGKILL
"""Exit code of what was killed."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """A role's session."""

    access_key: str
    secret_key: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How a container reaches the emulated AWS."""

    endpoint: str
    """Address that stands for every AWS service."""

    credentials: Credentials


def environment_of(
    image: Path, root: Path, region: str, connection: Connection | None, given: Mapping[str, str], *, python: Path
) -> dict[str, str]:
    """Return a container's variables: the machine's few, what AWS sets, then the request's own.

    Args:
        image: the image's folder.
        root: what stands for /opt/ml.
        region: region of the calls it makes.
        connection: None: network isolation, so no credentials either.
        given: the request's Environment.
        python: Python of the image's packages.
    """
    variables = {
        "PATH": os.pathsep.join((str(image / "bin"), str(python.parent), "/usr/local/bin:/usr/bin:/bin")),
        "HOME": str(root / "home"),
        "TMPDIR": str(root / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(image),
        "PYTHONUNBUFFERED": "1",
        **bytecode(python),
        # As many containers as there are cores run at once; the request's Environment says otherwise.
        "OMP_NUM_THREADS": "1",
        "SAGEMAKER_BASE_DIR": str(root),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    if java := os.environ.get("JAVA_HOME"):
        variables["JAVA_HOME"] = java
    if connection:
        variables |= {
            "AWS_ENDPOINT_URL": connection.endpoint,
            "MLFLOW_S3_ENDPOINT_URL": connection.endpoint,
            "SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT": connection.endpoint,
            "AWS_ACCESS_KEY_ID": connection.credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": connection.credentials.secret_key,
            "AWS_SESSION_TOKEN": connection.credentials.token,
        }
    return {**variables, **given}


def python_of(image: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """Return the Python of an image's packages, installed if need be.

    Raises:
        EnvironmentMissingError: they cannot be.
    """
    return environment(image / "requirements.txt", say)


class Running:
    """A container's process, and all it started."""

    def __init__(self, process: subprocess.Popen[bytes], sink: Callable[[str], None]) -> None:
        self._process = process
        self._reader = threading.Thread(target=self._read, args=(sink,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The guard's process: the container's lives as long."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait(self, seconds: float | None = None) -> int | None:
        """Return the exit code once it has ended and its last line was read; None: it still runs after *seconds*."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join(5)
        self._let_go()
        return code

    def terminate(self, grace: float = 0) -> int:
        """Send SIGTERM, kill everything after *grace* [s], return the exit code."""
        if grace:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            self.wait(grace)
        self._let_go()
        code = self.wait()
        return KILLED if code is None else code

    def _let_go(self) -> None:
        """Close the pipe that keeps the guard from killing."""
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()

    def _read(self, sink: Callable[[str], None]) -> None:
        output = self._process.stdout
        if output is None:
            return
        with output:
            for line in iter(lambda: output.readline(_LONGEST_LINE), b""):
                sink(line.decode(errors="replace").rstrip("\r\n"))


def start(
    image: Path,
    root: Path,
    command: Sequence[str],
    variables: Mapping[str, str],
    sink: Callable[[str], None],
    *,
    isolated: bool = False,
) -> Running:
    """Start *command*; it ends with this process at the latest, however that ends.

    Args:
        image: the image's folder, where it starts.
        root: what stands for /opt/ml; its `home` and `tmp` are made.
        command: what runs; the name alone is looked up in the image's `bin`, then among its packages' commands.
        variables: all it has, from environment_of.
        sink: gets each line that it prints, from another thread.
        isolated: without a network, where this machine can take it away (Linux, as root or with user namespaces). What
            serves cannot be: nobody would reach it.
    """
    for folder in ("home", "tmp"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    apart = isolation() if isolated else ()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(GUARD), str(memory()), *apart, *command],
        cwd=image,
        env=dict(variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return Running(process, sink)


@cache
def memory() -> int:
    """Return the most data a container's process may have [MiB]."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(whole * _MEMORY_SHARE) >> 20


@cache
def isolation() -> tuple[str, ...]:
    """Return what starts a command without a network; empty where this machine cannot."""
    for prefix in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        with contextlib.suppress(OSError):
            if not subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
                return prefix
    return ()

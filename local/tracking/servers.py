"""The MLflow processes behind tracking servers and MLflow Apps: one each, started on first use, few at a time.

    with SERVERS.of(arn, record) as port: ...

What a server knows of runs lies in a SQLite file below the folder of the emulated AWS, so one that made room for
another goes on where it was. Artifacts lie in the bucket of the server's ArtifactStoreUri: clients write them there
themselves, as with AWS's server, and its pages read them with the server's role. MLflow is always the version of
requirements.txt, whatever MlflowVersion says.
"""

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from local.authority.sessions import NotTrustedError, session
from local.environments import EnvironmentMissingError, bytecode, environment
from local.handlers.dispatch import LOCK
from local.handlers.here import HERE
from local.tracking import REQUIREMENTS

RUN: Final = Path(__file__).with_name("run.py")
MOST_RUNNING: Final = 2
"""Servers with a process at once [count]; each takes about 300 MB."""

_MEMORY_MB: Final = 2048
"""Most data of one process [MiB]; NumPy and Arrow reserve more than they use."""

_START_SECONDS: Final = 240
"""How long a start may take; 10 s on an idle machine."""


class TrackingError(Exception):
    """There is no MLflow to ask; the text is for whoever asked."""


@dataclass
class _Server:
    """One tracking server's process, and its turn to start or end it."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    process: subprocess.Popen[bytes] | None = None
    port: int = 0
    asking: int = 0
    """Requests under way: who is asked does not make room."""

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


class Servers:
    """All of one emulated AWS."""

    def __init__(self) -> None:
        self._known: dict[str, _Server] = {}
        """By ARN; who was asked last stands last."""
        self._begun: set[str] = set()
        """Those that have a folder of this emulated AWS's; what an earlier one left belongs to nobody."""
        self._guard = threading.Lock()

    @contextlib.contextmanager
    def of(self, arn: str, record: Mapping[str, Any]) -> Iterator[int]:
        """Return the port of a server's process for the length of a block.

        Args:
            arn: the tracking server's or the app's.
            record: its RoleArn and ArtifactStoreUri.

        Raises:
            TrackingError: it cannot be started.
        """
        with self._guard:
            server = self._known.pop(arn, None) or _Server()
            self._known[arn] = server
            server.asking += 1
        try:
            self._up(server, arn, record)
            with self._guard:
                ended = self._known.get(arn) is not server
            if ended:
                with server.guard:
                    server.end()
                raise TrackingError(f"{arn} was ended meanwhile")
            yield server.port
        finally:
            with self._guard:
                server.asking -= 1

    def end(self, arn: str, *, forget: bool) -> None:
        """End a server's process; *forget*: with what it knows of runs."""
        with self._guard:
            server = self._known.pop(arn, None)
        if server:
            with server.guard:
                server.end()
        if forget:
            self._begun.discard(arn)
            shutil.rmtree(_home(arn), ignore_errors=True)

    def running(self) -> dict[str, int]:
        """Return the processes by ARN."""
        with self._guard:
            return {arn: each.process.pid for arn, each in self._known.items() if each.process and each.alive()}

    def _up(self, server: _Server, arn: str, record: Mapping[str, Any]) -> None:
        """Have a server's process run, unless it was begun meanwhile."""
        if not server.alive():
            # Before its turn: who deletes the server waits for that turn while all other calls wait (LOCK).
            role = _session(arn, record)
            with server.guard:
                if not server.alive():
                    server.end()
                    self._make_room()
                    server.process, server.port = self._started(arn, record, role)

    def _make_room(self) -> None:
        """End those that were asked longest ago and have nothing to do."""
        with self._guard:
            alive = [each for each in self._known.values() if each.alive()]
            idle = [each for each in alive if not each.asking]
            for server in idle[: max(0, len(alive) - MOST_RUNNING + 1)]:
                server.end()

    def _started(
        self, arn: str, record: Mapping[str, Any], role: Mapping[str, str]
    ) -> tuple[subprocess.Popen[bytes], int]:
        try:
            python = environment(REQUIREMENTS)
        except EnvironmentMissingError as error:
            raise TrackingError(f"{arn} has no MLflow here: {error}") from None
        home = _home(arn)
        if arn not in self._begun:
            shutil.rmtree(home, ignore_errors=True)
            self._begun.add(arn)
        home.mkdir(parents=True, exist_ok=True)
        log = home / "server.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [python, RUN, str(_MEMORY_MB)],
                cwd=home,
                env=bytecode(python) | _variables(home, str(record["ArtifactStoreUri"]), arn.split(":")[3], role),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
            )
        port = _ready(process)
        if not port:
            said = log.read_text(errors="replace").strip()[-600:]
            raise TrackingError(f"the MLflow of {arn} did not start (log: {log}): {said or 'it said nothing'}")
        return process, port


def _session(arn: str, record: Mapping[str, Any]) -> dict[str, str]:
    """Credentials of a server's role."""
    try:
        with LOCK:
            return session(str(record["RoleArn"]), service="sagemaker.amazonaws.com", name="SageMaker")
    except NotTrustedError as error:
        raise TrackingError(f"{arn} has no MLflow here: {error}") from None


def _home(arn: str) -> Path:
    _, _, _, region, account, resource = arn.split(":", 5)
    return HERE.folder / "tracking" / "-".join((account, region, resource.replace("/", "-")))


def _ready(process: subprocess.Popen[bytes]) -> int:
    """Wait until the process says its port; 0: it ended, or took too long and was killed."""
    too_long = threading.Timer(_START_SECONDS, process.kill)
    too_long.start()
    try:
        words = process.stdout.readline().split() if process.stdout else []
    finally:
        too_long.cancel()
    if len(words) == 2 and words[0] == b"ready":  # noqa: PLR2004 - the word and the port
        return int(words[1])
    process.kill()
    process.communicate()
    return 0


def _variables(home: Path, artifacts: str, region: str, role: Mapping[str, str]) -> dict[str, str]:
    """What MLflow's process reads, and nothing of this machine's."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "_MLFLOW_SERVER_FILE_STORE": f"sqlite:///{home}/mlflow.db",
        "_MLFLOW_SERVER_ARTIFACT_ROOT": artifacts.rstrip("/"),
        "_MLFLOW_SGI_NAME": "uvicorn",
        # Jobs of the server's own would be seven further processes of 350 MB.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_ENABLE_AI_GATEWAY": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "AWS_ENDPOINT_URL": HERE.address,
        "MLFLOW_S3_ENDPOINT_URL": HERE.address,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **{name.upper(): value for name, value in role.items()},
    }


SERVERS: Final = Servers()
"""Of this process."""

"""One variant's container: the model brought, `serve` started, /ping answered; again where it has ended.

On AWS a variant has as many containers as instances; here one, whatever their number.
Sources: SageMaker Developer Guide, "Custom Inference Code with Hosting Services" (the model is unpacked below
/opt/ml/model, `serve` is the container's argument, port 8080), read 2026-11-30; SageMaker API Reference,
ProductionVariant (ContainerStartupHealthCheckTimeoutInSeconds: 60 to 3600), read 2026-11-30; how long AWS waits where
it is not given, 8 minutes, is from the house's facts, page not read. The words of the failures: public reports of
CreateEndpoint (aws/amazon-sagemaker-examples 210, 3062), read 2026-11-30.
"""

import shutil
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from local.authority.network import UnreachableError
from local.authority.sessions import NotTrustedError
from local.containers.model import unpack
from local.containers.process import Running, environment_of, python_of, start
from local.containers.serving import free_port, pings
from local.endpoints.replies import Question, Reply, ask
from local.endpoints.role import Role
from local.errors import LocalError
from local.handlers.here import HERE

STARTUP_SECONDS: Final = 480.0
_BETWEEN_PINGS_SECONDS: Final = 0.1
_GRACE_SECONDS: Final = 2.0
"""What a container gets to end well; AWS gives 30."""


class NotServingError(Exception):
    """A variant does not come up; the text is the endpoint's FailureReason."""


class Server:
    """A variant's container."""

    def __init__(
        self, role: Role, variant: str, sink: Callable[[str], None], *, seconds: float = STARTUP_SECONDS
    ) -> None:
        self.role = role
        self.variant = variant
        self._sink = sink
        self._seconds = seconds
        self._guard = threading.Lock()
        self._running: Running | None = None
        self._root: Path | None = None
        self._port = 0
        self._closed = False

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        running = self._running
        return running is not None and running.alive

    def up(self) -> float:
        """Have it ready, starting it where it does not run; return how long that took [s], 0: it was.

        Raises:
            NotServingError: it does not come up.
        """
        with self._guard:
            if self.alive:
                return 0
            if self._closed:
                raise NotServingError("The endpoint is being deleted.")
            began = time.monotonic()
            self._clear()
            try:
                self._start()
                self._wait()
            except BaseException:
                self._clear()
                raise
            return time.monotonic() - began

    def ask(self, question: Question, *, seconds: float) -> Reply:
        """Ask it; it must be up."""
        return ask(self._port, question, seconds=seconds)

    def rest(self) -> None:
        """End its process until it is wanted again."""
        with self._guard:
            self._clear()

    def close(self) -> None:
        """End it for good."""
        self._closed = True  # before the guard: who waits for it to come up gives up
        with self._guard:
            self._clear()

    def _start(self) -> None:
        program = self.role.program
        HERE.folder.mkdir(parents=True, exist_ok=True)
        self._root = Path(tempfile.mkdtemp(dir=HERE.folder, prefix=f"serve-{self.variant}-"))
        try:
            python = python_of(program.image, self._sink)
            self._bring(self._root / "model")
            self._port = free_port()
            variables = environment_of(
                program.image,
                self._root,
                self.role.region,
                None if program.isolated else self.role.connection(),
                {**program.environment, "SAGEMAKER_BIND_TO_PORT": str(self._port)},
                python=python,
            )
        except (LocalError, NotTrustedError, UnreachableError) as error:
            text = f"The primary container for production variant {self.variant} can't start: {error}"
            raise NotServingError(text) from error
        self._running = start(program.image, self._root, ["serve"], variables, self._sink)

    def _bring(self, place: Path) -> None:
        """Unpack the model's data, read with the execution role's rights."""
        place.mkdir(parents=True)
        url = self.role.program.data_url
        if not url:
            return
        bucket, _, key = url.removeprefix("s3://").partition("/")
        try:
            packed = place.with_suffix(".tar.gz")
            self.role.client("s3").download_file(bucket, key, str(packed))
            unpack(packed, place)
            packed.unlink()
        except (ClientError, BotoCoreError, tarfile.TarError, OSError) as error:
            self._sink(f"model data: {error}")
            raise NotServingError(
                f'Failed to download model data for container "container_1" from URL: "{url}". Please ensure that '
                "there is an object located at the URL and that the role passed to CreateModel has permissions to "
                "download the model."
            ) from error

    def _wait(self) -> None:
        end = time.monotonic() + self._seconds
        while not pings(self._port) or not self.alive:
            if self._closed or not self.alive or time.monotonic() > end:
                raise NotServingError(
                    f"The primary container for production variant {self.variant} did not pass the ping health check. "
                    "Please check CloudWatch logs for this endpoint."
                )
            time.sleep(_BETWEEN_PINGS_SECONDS)

    def _clear(self) -> None:
        if self._running:
            self._running.terminate(_GRACE_SECONDS)
        if self._root:
            shutil.rmtree(self._root, ignore_errors=True)
        self._running = self._root = None

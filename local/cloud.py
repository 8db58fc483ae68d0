"""The emulated AWS, from outside: start one, find a running one, stop it.

    with private_cloud(folder) as cloud:            # ends with the block, or with this process however it
    ends
        boto3.client("s3", endpoint_url=cloud.endpoint)

    cloud, fresh = shared_cloud(folder, identities)  # the one of a state folder; outlives this process

A shared cloud belongs to its folder: FOLDER/cloud.json names it, and what it holds lives in its memory only.
So a cloud has an id, and whoever keeps state about it keeps that state under the id (see local.rehearsal): a
new cloud can never meet the state of an old one. `fresh` says that the cloud was just started. Removing the
folder ends the cloud.
"""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from local.errors import LocalError
from local.faults import Faults
from local.forks import fork
from local.identities import Identities

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
"""How long a cloud may take until it answers; 2 s on an idle machine."""


class CloudError(LocalError):
    """The emulated AWS did not start; the text is for the user."""


@dataclass(frozen=True)
class Cloud:
    """A running emulated AWS."""

    id: str
    """Differs for each one that was ever started."""

    port: int
    pid: int

    @property
    def endpoint(self) -> str:
        """The address that stands for every AWS service."""
        return f"http://127.0.0.1:{self.port}"

    def env(self, region: str) -> dict[str, str]:
        """The environment that sends the AWS SDKs of Python and Go to this cloud, and nowhere else."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            # S3 Control puts the account id before the host name; only a proxy gets such a name to us.
            "HTTP_PROXY": self.endpoint,
            "NO_PROXY": "127.0.0.1,localhost",
            "AWS_ACCESS_KEY_ID": "AKIAMLZLOCALMANAGEMT",
            "AWS_SECRET_ACCESS_KEY": "emulated",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "8",
            # A profile or a token of the user's must not leak into a rehearsal.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def ask(self, path: str, body: object = None, *, seconds: float = 10) -> dict[str, object]:
        """Call one of the cloud's own addresses; OSError where nobody answers within so many *seconds*."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("POST", f"/mlz-cloud/{path}", body=json.dumps(body))
            answer: dict[str, object] = json.loads(connection.getresponse().read())
        except (http.client.HTTPException, ValueError) as error:
            raise OSError(f"port {self.port} does not speak our language: {error}") from error
        finally:
            connection.close()
        return answer

    def alive(self) -> bool:
        """Whether this very cloud answers."""
        try:
            return self.ask("health")["id"] == self.id
        except (OSError, KeyError):
            return False

    def stop(self) -> None:
        """End it; all it holds is gone."""
        with contextlib.suppress(ProcessLookupError):
            if self.alive():
                os.kill(self.pid, signal.SIGTERM)


UNSET = (
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HTTPS_PROXY",
    "https_proxy",
)
"""Variables that must not reach a process that is to use a Cloud."""


def shared_cloud(
    folder: Path, identities: Identities | None = None, faults: Faults | None = None
) -> tuple[Cloud, bool]:
    """Return the cloud of *folder*, and whether it had to be started.

    A running one learns the accounts of *identities* it doesn't know, and the people and quotas of now. One of another
    management account or organisation is stopped and replaced: nothing it holds would fit.

    Raises:
        CloudError: it did not start.
    """
    identities = identities or Identities()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "cloud.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        cloud = _recorded(folder)
        if cloud is not None and cloud.alive():
            known = cloud.ask("accounts", identities.accounts)
            if (known["management_account"], known["organization"]) == (
                identities.management_account,
                identities.organization,
            ):
                of_now = {
                    "quotas": identities.quotas,
                    "users": identities.users,
                    "groups": identities.groups,
                    "certificates": identities.certificates,
                }
                cloud.ask("declared", of_now)
                return cloud, False
            cloud.stop()
        return _start(folder, identities, faults), True


def running_cloud(folder: Path) -> Cloud | None:
    """Return the cloud of *folder* if it runs."""
    cloud = _recorded(folder)
    return cloud if cloud is not None and cloud.alive() else None


@contextlib.contextmanager
def private_cloud(folder: Path, identities: Identities | None = None, faults: Faults | None = None) -> Iterator[Cloud]:
    """Run a cloud for the length of a block.

    Raises:
        CloudError: it did not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cloud.json").unlink(missing_ok=True)
    words = [*_words(folder, identities or Identities(), faults), "--with-parent"]
    process = fork(_serve, words, _server_environment(os.environ), _log(folder), daemon=True)
    try:
        yield _answering(folder, process.is_alive)
    finally:
        process.kill()
        process.join()


def _serve(words: list[str], env: dict[str, str], log: Path) -> None:
    """Be the server, in a fork."""
    os.environ.clear()
    os.environ.update(env)
    with log.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    from local.server import main  # noqa: PLC0415 - moto takes seconds to import, unless the fork server has it

    main(words)


def _recorded(folder: Path) -> Cloud | None:
    """The cloud that *folder* names, running or not."""
    try:
        return Cloud(**json.loads((folder / "cloud.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _start(folder: Path, identities: Identities, faults: Faults | None) -> Cloud:
    """Start a server that outlives this process, and wait until it answers."""
    (folder / "cloud.json").unlink(missing_ok=True)
    with _log(folder).open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "local.server", *_words(folder, identities, faults)],
            cwd=ROOT,
            env=_server_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the run, which still needs the cloud to end well
        )
    try:
        cloud = _answering(folder, lambda: server.poll() is None)
    except CloudError:
        server.kill()
        server.wait()
        raise
    server.returncode = 0  # it outlives this process on purpose, which Popen would warn of
    return cloud


def _answering(folder: Path, lives: Callable[[], bool]) -> Cloud:
    """Wait until the server of *folder* answers, and return it."""
    deadline = time.monotonic() + START_SECONDS
    while lives() and time.monotonic() < deadline:
        cloud = _recorded(folder)
        if cloud is not None and cloud.alive():
            return cloud
        time.sleep(0.05)
    log = _log(folder)
    said = log.read_text(errors="replace").strip()[-800:]
    raise CloudError(f"the emulated AWS did not start (log: {log}): {said or f'no answer in {START_SECONDS} s'}")


def _words(folder: Path, identities: Identities, faults: Faults | None) -> list[str]:
    """What the server is told on its command line."""
    words = [str(folder), "--identities", json.dumps(asdict(identities))]
    return [*words, "--faults", str(faults)] if faults else words


def _log(folder: Path) -> Path:
    return folder / "cloud.log"


def _server_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what would change how moto behaves."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("MOTO_", "AWS_"))}
    return {**kept, "PYTHONPATH": str(ROOT)}

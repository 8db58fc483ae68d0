"""MLflow as its image runs it, on this machine.

The image's own commands in the image's own packages, MariaDB with TLS for RDS, the emulated AWS for S3, and STS from
`amazon.py`.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from mlz_mlflow.token import make

from local.environments import EnvironmentMissingError, bytecode, environment
from tests.workloads.mlflow.amazon import REGION, Amazon, Authority
from tests.workloads.mlflow.mariadb import MariaDB, MissingError, free_port, waited

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "workloads" / "mlflow"
LOCK = FOLDER / "requirements.txt"
BUCKET = "mlz-mlflow-artifacts"
TEAMS = {"alpha": "111111111111", "bravo": "222222222222"}
AUDIENCE = "localhost"
WRITER, READER, ADMIN = "mlz-training", "mlz-reviewer", "999999999999:mlz-mlflow-admin"


def packages() -> Path:
    """Return the Python of the image's packages."""
    try:
        return environment(LOCK)
    except EnvironmentMissingError as missing:
        raise MissingError(str(missing)) from None


def built(folder: Path, python: Path) -> Path:
    """Build the package as the image does; return the folder it is installed in."""
    subprocess.run(
        [
            python,
            "-c",
            f"import os; os.chdir({str(FOLDER)!r}); import flit_core.buildapi as b; b.build_wheel({str(folder)!r})",
        ],
        check=True,
        env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1700000000"},
    )
    (wheel,) = folder.glob("*.whl")
    shutil.unpack_archive(wheel, folder / "site", "zip")
    return folder / "site"


@dataclass
class Rig:
    """Everything a server needs."""

    folder: Path
    python: Path
    site: Path
    database: MariaDB
    amazon: Amazon
    proxy: str
    cloud: object
    servers: list = field(default_factory=list)

    def env(self, **more: str) -> dict[str, str]:
        """The environment of a task, and nothing of this machine's."""
        settings = {
            "audience": AUDIENCE,
            "regions": [REGION],
            "teams": TEAMS,
            "roles": [WRITER],
            "reader_roles": [READER],
            "admins": [ADMIN],
        }
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "PYTHONPATH": str(self.site),
            "PYTHONUNBUFFERED": "1",
            **bytecode(self.python),
            **{name: value for name, value in self.cloud.env(REGION).items() if name != "HTTP_PROXY"},
            "MLFLOW_S3_ENDPOINT_URL": self.cloud.endpoint,
            "HTTPS_PROXY": self.proxy,
            "SSL_CERT_FILE": str(self.amazon.authority.file),
            "MLZ_MLFLOW_SETTINGS": json.dumps(settings),
            "MLZ_ARTIFACTS": f"s3://{BUCKET}",
            "MLZ_HOST": "127.0.0.1",
            **self.database.env(),
            **more,
        }

    def run(self, *arguments: str, check: bool = True, **more: str) -> subprocess.CompletedProcess:
        """Run a command of the image to its end."""
        done = subprocess.run(
            [self.python, "-m", "mlz_mlflow", *arguments],
            env=self.env(**more),
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr[-2000:]
        return done

    def python_runs(self, code: str, **more: str) -> str:
        """Run code in the image's Python."""
        done = subprocess.run(
            [self.python, "-c", code], env=self.env(**more), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def serve(self, **more: str) -> "Server":
        """Start the image's `serve`; ready when this returns."""
        port = free_port()
        log = self.folder / f"serve-{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [self.python, "-m", "mlz_mlflow", "serve"],
                env=self.env(MLZ_PORT=str(port), **{"MLZ_WORKERS": "1", **more}),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        server = Server(f"http://localhost:{port}", process, log)
        self.servers.append(server)
        return server

    def token(self, team: str, role: str = WRITER, audience: str = AUDIENCE, region: str = REGION) -> str:
        """Sign as a role of *team*."""
        return make(audience, region, self.amazon.session(TEAMS[team], role))

    def close(self) -> None:
        for server in self.servers:
            server.stop()
        self.database.process.kill()  # its data goes with the folder: nothing needs to be written down
        self.database.process.wait(30)
        self.amazon.stop()


@dataclass
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen
    log: Path

    def ready(self) -> "Server":
        waited(self._healthy, 120)
        return self

    def _healthy(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended: {self.log.read_text()[-3000:]}")
        with contextlib.suppress(OSError, urllib.error.URLError):
            return urllib.request.urlopen(f"{self.url}/health", timeout=2).status == 200
        return False

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextlib.contextmanager
def rig(folder: Path, cloud):
    """Start what a server needs; MissingError where this machine has it not."""
    python = packages()
    authority = Authority(folder)
    database = MariaDB(folder / "mariadb", authority)
    amazon = Amazon(authority)
    database.start()
    one = Rig(folder, python, built(folder, python), database, amazon, amazon.start(), cloud)
    keys = cloud.env(REGION)
    s3 = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name=REGION,
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    try:
        yield one
    finally:
        one.close()

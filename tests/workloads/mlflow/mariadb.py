"""A MariaDB of the tests' own, which stands for RDS."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.workloads.mlflow.amazon import Authority


class MissingError(Exception):
    """Something this machine has not; the text says what."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def waited(what, seconds=60, every=0.1):
    """Wait until *what* is true; fail with its name otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(every)
    raise AssertionError(f"{what} is not true after {seconds} s")


class MariaDB:
    """A server of its own, with TLS and a password, on a port of its own."""

    PASSWORD = "of-this-run-only"

    def __init__(self, folder: Path, authority: Authority) -> None:
        paths = (*os.environ["PATH"].split(os.pathsep), "/usr/sbin", "/usr/local/sbin")
        self._daemon = shutil.which("mariadbd", path=os.pathsep.join(paths))
        install = shutil.which("mariadb-install-db")
        if not self._daemon or not install:
            raise MissingError("MariaDB is not installed (apt-get install mariadb-server)")
        self.folder, self.port, self.authority = folder, free_port(), authority
        folder.mkdir(parents=True)
        self._user = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            [
                install,
                "--no-defaults",
                f"--datadir={folder / 'data'}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *self._user,
            ],
            check=True,
            capture_output=True,
        )
        (folder / "init.sql").write_text(
            "".join(
                f"create user if not exists mlflow@'{host}' identified by '{self.PASSWORD}' require ssl;\n"
                f"grant all on *.* to mlflow@'{host}' with grant option;\n"
                for host in ("localhost", "127.0.0.1")
            )
        )

    def start(self) -> None:
        certificate = self.authority.certificate("127.0.0.1")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self._daemon,
                    "--no-defaults",
                    f"--datadir={self.folder / 'data'}",
                    f"--socket={self.folder / 's'}",
                    f"--port={self.port}",
                    "--bind-address=127.0.0.1",
                    "--innodb-buffer-pool-size=64M",
                    "--skip-log-bin",
                    "--innodb-flush-log-at-trx-commit=0",
                    f"--init-file={self.folder / 'init.sql'}",
                    f"--ssl-cert={certificate}",
                    f"--ssl-key={certificate}",
                    f"--ssl-ca={self.authority.file}",
                    *self._user,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        waited(self._answers, 30)

    def said(self, sql: str) -> str:
        """Run SQL on the teams' database, as nobody can from outside."""
        done = subprocess.run(
            [
                "mariadb",
                "--no-defaults",
                "--protocol=tcp",
                "-h127.0.0.1",
                f"-P{self.port}",
                "-umlflow",
                f"-p{self.PASSWORD}",
                f"--ssl-ca={self.authority.file}",
                "-N",
                "-e",
                sql,
                *(["mlflow"] if sql.startswith("update") else []),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def env(self, name: str = "mlflow") -> dict[str, str]:
        return {
            "MLZ_DB_HOST": "127.0.0.1",
            "MLZ_DB_PORT": str(self.port),
            "MLZ_DB_USER": "mlflow",
            "MLZ_DB_PASSWORD": self.PASSWORD,
            "MLZ_DB_TRACKING": name,
            "MLZ_DB_AUTH": f"{name}_auth",
            "MLFLOW_MYSQL_SSL_CA": str(self.authority.file),
        }

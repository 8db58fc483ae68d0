"""The programs that run one model: each workload's own command, in the workload's own packages."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.environments import bytecode, environment

WORKLOADS = Path(__file__).resolve().parents[2] / "workloads"
CHURN, SERVING, BATCH = (WORKLOADS / name for name in ("churn", "serving", "batch"))
SECONDS = 300
"""Longest wait for a program [s]: a busy machine is no failure."""


def python(workload: Path) -> Path:
    """The Python of a workload's tests (or, churn, of its jobs)."""
    return environment(workload / ("requirements.txt" if workload == CHURN else "requirements-test.txt"))


def env(workload: Path, folder: Path, **more: str) -> dict[str, str]:
    """A process's environment, and nothing of this machine's."""
    binaries = [workload / "bin", python(workload).parent]
    return {
        "PATH": os.pathsep.join([*map(str, binaries), os.environ["PATH"]]),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": str(workload),
        **bytecode(python(workload)),
        "OMP_NUM_THREADS": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        **more,
    }


def run(command: list, **more) -> str:
    """Run to the end; standard output."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **more)
    assert 0 == done.returncode, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def trained(folder: Path, customers: int = 3000) -> Path:
    """Live churn's life up to training; the folder that stands for /opt/ml, with `model` in it."""
    root = folder / "ml"
    processing, given = root / "processing", root / "input"
    settings = env(CHURN, folder, SAGEMAKER_BASE_DIR=str(root))
    step = [python(CHURN), "-m", "churn"]
    root.mkdir()
    run([*step, "ingest", "--customers", customers, "--seed", "1"], env=settings)
    shutil.copytree(processing / "output" / "raw", processing / "input" / "raw")
    run([*step, "prepare"], env=settings)
    for channel in ("train", "validation"):
        shutil.copytree(processing / "output" / channel, given / "data" / channel)
    (given / "config").mkdir()
    (given / "config" / "hyperparameters.json").write_text('{"max_iter": "60"}')
    run([*step, "train"], env=settings)
    return root


@dataclass
class Program:
    """A running server."""

    port: int
    path: str
    process: subprocess.Popen
    log: Path

    def ask(self, body: bytes, kind: str = "application/json") -> tuple[int, bytes]:
        """Status and body of one answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.closing(line):
            line.request("POST", self.path, body, {"Content-Type": kind} if kind else {})
            answer = line.getresponse()
            return answer.status, answer.read()

    def ready(self, path: str) -> "Program":
        """Wait until that path answers 200."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
            with contextlib.closing(line), contextlib.suppress(OSError):
                line.request("GET", path)
                if 200 == line.getresponse().status:
                    return self
            time.sleep(0.1)
        raise AssertionError(f"{path} never answered: {self.log.read_text()[-3000:]}")


SERVERS = {
    # name: workload, command, environment, path of predictions, path that says it is ready
    "serve": (CHURN, ["serve"], lambda root, port: {"SAGEMAKER_BASE_DIR": root, "SAGEMAKER_BIND_TO_PORT": port}),
    "flask": (SERVING, ["python", "-m", "serving"], lambda root, port: {"MODEL_DIR": f"{root}/model", "PORT": port}),
    "mlflow": (
        CHURN,
        ["python", "-m", "uvicorn", "mlflow.pyfunc.scoring_server.app:app", "--log-level", "warning", "--port"],
        lambda root, _: {"__pyfunc_model_path__": f"{root}/model"},
    ),
}
PATHS = {"serve": ("/invocations", "/ping"), "flask": ("/v1/predict", "/readyz"), "mlflow": ("/invocations", "/ping")}


@contextlib.contextmanager
def servers(folder: Path, root: Path, wanted: dict[str, dict[str, str]]) -> Iterator[dict[str, Program]]:
    """Start servers together and give them when all are ready; they are stopped in the end.

    Args:
        folder: for their logs.
        root: what `trained` gave.
        wanted: by a name of the caller's that begins with one of SERVERS', more environment.
    """
    running: dict[str, Program] = {}
    try:
        for name, more in wanted.items():
            kind = name.split()[0]
            workload, command, settings = SERVERS[kind]
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            words = [*command, str(port)] if command[-1] == "--port" else command
            log = folder / f"{name}.log"
            with log.open("wb") as out:
                process = subprocess.Popen(
                    [shutil.which(words[0], path=env(workload, folder)["PATH"]), *words[1:]],
                    env=env(workload, folder, **settings(str(root), str(port)), **more),
                    stdout=out,
                    stderr=out,
                )
            running[name] = Program(port, PATHS[kind][0], process, log)
        for name, one in running.items():
            one.ready(PATHS[name.split()[0]][1])
        yield running
    finally:
        for one in running.values():
            one.process.terminate()
        for one in running.values():
            one.process.wait(SECONDS)


def scored(folder: Path, root: Path, source: Path, **more: str) -> Path:
    """Score a CSV by Spark; the folder with `predictions` and `rejected`, as CSV."""
    out = folder / "scores"
    words = ["--model", root / "model", "--input", source, "--output", out, "--format", "csv"]
    run([python(BATCH), "-m", "batch", "score", *words], env=env(BATCH, folder, SPARK_MASTER="local[2]", **more))
    return out

"""One stand-in model and one running service for all tests."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import standin

FOLDER = Path(__file__).parents[1]


class Service:
    """A running service."""

    def __init__(self, port: int, process: subprocess.Popen, log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def ask(self, method: str, path: str, body=None, headers=()) -> tuple[int, dict, bytes]:
        """Status, headers and body of one answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        chunked = body is not None and not isinstance(body, bytes)
        line.request(method, path, body, dict(headers), encode_chunked=chunked)
        got = line.getresponse()
        answer = got.status, dict(got.headers), got.read()
        line.close()
        return answer

    def predict(self, body: bytes, kind: str = "application/json", **headers: str) -> tuple[int, dict]:
        """Status and parsed answer of a prediction."""
        status, _, text = self.ask("POST", "/v1/predict", body, {"Content-Type": kind, **headers})
        return status, json.loads(text)

    def lines(self) -> list[dict]:
        """The log so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def until(self, status: int, path: str = "/readyz", seconds: float = 400, said: bytes = b"") -> None:
        """Wait for an answer of that status that says *said*."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                answer = self.ask("GET", path)
                if answer[0] == status and said in answer[2]:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{path} never answered {status}: {self.log.read_text()[-2000:]}")


@contextmanager
def serving(folder: Path, model: Path, **more: str):
    """A service of that model; told to stop in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / f"serving-{port}.log"
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(FOLDER)}
    environment |= {"MODEL_DIR": str(model), "PORT": str(port), **more}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "serving"], env=environment, stdout=out, stderr=out)
        try:
            yield Service(port, process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """Folder with `model` and `without` (no contract)."""
    folder = tmp_path_factory.mktemp("models")
    standin.main(folder)
    return folder


@pytest.fixture(scope="session")
def service(models, tmp_path_factory):
    """The service of `model`, ready."""
    limits = {"WORKERS": "2", "MAX_ROWS": "100", "MAX_BODY_BYTES": "20000"}
    with serving(tmp_path_factory.mktemp("service"), models / "model", **limits) as one:
        one.until(200, "/metrics", said=b"serving_model_ready 1.0")  # every worker, not the one that answers first
        yield one

"""What the team gate costs: requests a second with it and without, by two teams at once.

    PYTHONPATH=workloads/mlflow .venv/bin/python -m benchmarks.mlflow_gate [SECONDS]

Both servers run here on one MariaDB, one process each; the load comes from this process, so figures are for comparing.
"""

import http.client
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from local.cloud import private_cloud
from tests.workloads.mlflow.rig import TEAMS, Rig, Server, free_port, rig
from tests.workloads.mlflow.world import V2

CALLERS = 4
"""Threads of each team."""


def without_gate(one: Rig) -> Server:
    """MLflow's own server on a database of its own, without login."""
    port, log = free_port(), one.folder / "without.log"
    one.database.said("create database plain character set utf8mb4")
    base = one.database
    uri = f"mysql+pymysql://mlflow:{base.PASSWORD}@127.0.0.1:{base.port}/plain"
    env = {name: value for name, value in one.env().items() if not name.startswith("MLZ_")}
    env |= {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_ENABLE_AI_GATEWAY": "false"}
    command = ["-m", "mlflow", "server", "--workers", "1", "--port", str(port), "--backend-store-uri", uri]
    command += ["--serve-artifacts", "--artifacts-destination", "s3://mlz-mlflow-artifacts/plain"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [one.python, *command], env=env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    server = Server(f"http://localhost:{port}", process, log)
    one.servers.append(server)
    return server.ready()


class Caller:
    """One connection that stays open, as a job's client has."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def call(self, path: str, body: dict) -> dict:
        self._line.request("POST", V2 + path, json.dumps(body), self._headers)
        answer = self._line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {text[:300]!r}")
        return json.loads(text or b"{}")


def bodies(run: str, experiment: str) -> dict:
    """Path and body of each kind of request."""
    counter = itertools.count()
    return {
        "log-metric": lambda: ("/runs/log-metric", {"run_id": run, **metric(next(counter))}),
        "log-batch of 100": lambda: (
            "/runs/log-batch",
            {"run_id": run, "metrics": [metric(next(counter)) for _ in range(100)]},
        ),
        "search-runs": lambda: ("/runs/search", {"experiment_ids": [experiment], "max_results": 100}),
    }


def metric(step: int) -> dict:
    return {"key": "loss", "value": 1 / (step + 1), "timestamp": step, "step": step}


def load(server: Server, tokens: dict, kind: str, seconds: float, runs: dict) -> tuple[float, float]:
    """Call as all teams for *seconds*; requests a second, and the median time of one [ms]."""
    took: list[float] = []
    end = time.monotonic() + seconds

    def work(team: str) -> None:
        caller, make = Caller(server.url, tokens[team]), bodies(*runs[team])[kind]
        while (began := time.monotonic()) < end:
            caller.call(*make())
            took.append(time.monotonic() - began)

    threads = [threading.Thread(target=work, args=(team,)) for team in tokens for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(took) / seconds, 1000 * statistics.median(took)


def started(server: Server, tokens: dict) -> dict:
    """A run of each team: its id and its experiment's."""
    runs = {}
    for team, token in tokens.items():
        caller = Caller(server.url, token)
        experiment = caller.call("/experiments/create", {"name": f"load-{team}-{bool(token)}"})["experiment_id"]
        runs[team] = caller.call("/runs/create", {"experiment_id": experiment})["run"]["info"]["run_id"], experiment
    return runs


def main() -> None:
    seconds = float(sys.argv[1]) if sys.argv[1:] else 10
    folder = Path(tempfile.mkdtemp(prefix="mlflow-gate-"))
    with private_cloud(folder / "cloud") as cloud, rig(folder, cloud) as one:
        one.run("migrate")
        servers = {"with": (one.serve().ready(), True), "without": (without_gate(one), False)}
        nobody = dict.fromkeys(TEAMS, "")
        runs = {
            name: started(server, {team: one.token(team) for team in TEAMS} if gate else nobody)
            for name, (server, gate) in servers.items()
        }
        print(
            f"{'':18}{'with the gate':>24}{'without':>24}   ({len(TEAMS)} teams, {CALLERS} callers each, {seconds:g} s)"
        )
        for kind in ("log-metric", "log-batch of 100", "search-runs"):
            cells = []
            for name, (server, gate) in servers.items():
                tokens = {team: one.token(team) for team in TEAMS} if gate else nobody
                rate, median = load(server, tokens, kind, seconds, runs[name])
                cells.append(f"{rate:8.0f}/s, {median:6.0f} ms")
            print(f"{kind:18}" + "".join(f"{cell:>24}" for cell in cells))


if __name__ == "__main__":
    main()

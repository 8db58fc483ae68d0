"""`mlflow run` of this folder: one run from customers to the gate's judgement."""

import json
import os
import subprocess
import sys
from pathlib import Path

from mlflow import MlflowClient

FOLDER = Path(__file__).parents[1]


def test_mlflow_run_goes_from_customers_to_the_gate_in_one_run(tmp_path, monkeypatch):
    given = {
        "MLFLOW_TRACKING_URI": f"file://{tmp_path / 'mlflow'}",
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }
    parameters = {"customers": "1500", "max_iter": "30", "folder": str(tmp_path / "chain")}
    words = [word for name, value in parameters.items() for word in ("-P", f"{name}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "mlflow", "run", str(FOLDER), "--env-manager", "local", *words],
        cwd=tmp_path,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr[-3000:]

    gate = json.loads((tmp_path / "chain/evaluate/processing/output/evaluation/gate.json").read_text())
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = MlflowClient(given["MLFLOW_TRACKING_URI"])
    (run,) = client.search_runs([each.experiment_id for each in client.search_experiments()])
    assert "FINISHED" == run.info.status
    assert ("1500", "30") == (run.data.params["customers"], run.data.params["max_iter"])
    assert ("passed" if gate["passed"] else "refused") == run.data.tags["gate"]
    assert run.data.metrics["test_auc"] > 0.5


def test_a_chain_that_a_step_refuses_ends_there(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "churn.chain", "--folder", "x", "--customers", "5", "--seed", "1", "--max-iter", "9"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (1, True) == (done.returncode, "give 100 to 5,000,000" in done.stderr)
    assert not (tmp_path / "x" / "prepare").exists()

"""`mlflow run` of this folder: one run from customers to the gate's judgement."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from churn.columns import CUSTOMER, INPUT_NAMES
from churn.errors import RefusedError
from churn.model import load
from churn.score import score
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


@pytest.fixture(scope="module")
def chained(tmp_path_factory):
    """The chain's folder after the command of a pull request's scoring, on fewer customers."""
    said = yaml.safe_load((FOLDER / ".github" / "workflows" / "model.yml").read_text())
    (command,) = [step["run"] for step in said["jobs"]["score"]["steps"] if "churn.chain" in step.get("run", "")]
    python, *words = shlex.split(command.replace("--customers 5000", "--customers 1500").replace("120", "30"))
    assert "python" == python
    folder = tmp_path_factory.mktemp("checkout")
    told = {key: text for key, text in os.environ.items() if not key.startswith("MLFLOW_")}
    env = {**told, "PYTHONPATH": str(FOLDER)}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr[-3000:]
    kept = [step["with"]["path"].split() for step in said["jobs"]["score"]["steps"] if "path" in step.get("with", {})]
    assert all((folder / each).exists() for each in kept[0])
    return folder / "chain"


def test_a_pull_request_scores_the_extract_as_an_endpoint_would(chained):
    rows = pd.read_csv(chained / "prepare/processing/output/sample/customers.csv")
    scored = pd.read_csv(chained / "predictions.csv")
    model, _ = load(chained / "train" / "model")

    assert 500 == len(scored)
    assert rows[CUSTOMER.name].tolist() == scored[CUSTOMER.name].tolist()
    assert model.predict_proba(rows[INPUT_NAMES])[:, 1].tolist() == pytest.approx(scored["prediction"].tolist())


def test_rows_that_an_endpoint_would_refuse_are_not_scored(chained, tmp_path):
    rows = pd.read_csv(chained / "prepare/processing/output/sample/customers.csv", dtype=str)
    file, target = tmp_path / "rows.csv", tmp_path / "predictions.csv"

    for change, said in (
        ({INPUT_NAMES[0]: "many"}, "row 1: "),
        ({}, f"missing columns {INPUT_NAMES[1]}"),
    ):
        kept = rows.assign(**change) if change else rows.drop(columns=INPUT_NAMES[1])
        kept.to_csv(file, index=False)
        with pytest.raises(RefusedError, match=said):
            score(chained / "train" / "model", file, target)
    assert not target.exists()

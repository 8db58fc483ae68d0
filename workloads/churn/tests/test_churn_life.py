import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from churn.generate import Knobs, generate
from churn.split import split
from mlflow.exceptions import MlflowException, RestException

FOLDER = Path(__file__).parents[1]


def test_the_parts_hold_all_good_customers_and_each_once(life):
    prepared = life.jobs["prepare"]
    rows = {
        name: prepared.out(name, "data.csv").read_text().splitlines()[1:] for name in ("train", "validation", "test")
    }
    clean = prepared.out("clean", "customers.csv").read_text().splitlines()[1:]

    assert sorted(clean) == sorted(row for part in rows.values() for row in part)
    assert 2450 == len(clean)
    assert all(len(part) > 300 for part in rows.values())


def test_an_honest_model_passes_its_gate_and_says_why(life):
    gate = json.loads(life.jobs["evaluate"].out("evaluation", "gate.json").read_text())

    assert gate["passed"]
    assert len(gate["checks"]) == len({check["name"] for check in gate["checks"]}) > 15
    assert all(check["why"] for check in gate["checks"])


def test_the_evaluation_is_numbers_pictures_and_a_page(life):
    folder = life.jobs["evaluate"].out("evaluation")
    metrics = json.loads((folder / "evaluation.json").read_text())["binary_classification_metrics"]

    assert 0.7 < metrics["auc"]["value"] < 0.9
    assert {"attributions.png", "calibration.png", "importance.png"} == {path.name for path in folder.glob("*.png")}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in folder.glob("*.png"))
    assert "The model may be registered." in (folder / "index.html").read_text()


def test_a_refused_model_is_a_result_and_no_error_and_is_held_against_the_one_at_work(life, job):
    parts = life.jobs["prepare"]
    for channel in ("model", "champion"):
        job.give(life.root / "model", "processing", "input", channel)
    job.give(parts.out("train"), "processing", "input", "train")
    moved = split(generate(Knobs(customers=2500, seed=8, drift=1.0, missing=0.0)).frame)["test"]
    (job.root / "processing" / "input" / "test").mkdir()
    moved.to_csv(job.root / "processing" / "input" / "test" / "data.csv", index=False)

    assert 0 == job.run("evaluate")
    gate = json.loads(job.out("evaluation", "gate.json").read_text())
    checks = {check["name"]: check for check in gate["checks"]}
    assert not gate["passed"]
    assert not checks["drift"]["passed"]
    assert (True, 0.0) == (checks["champion"]["passed"], checks["champion"]["value"])
    assert "The model is refused: drift" in job.out("evaluation", "index.html").read_text()


def test_a_failed_training_says_so_in_one_line_and_in_its_failure_file(tmp_path):
    config = tmp_path / "input" / "config"
    config.mkdir(parents=True)
    (config / "hyperparameters.json").write_text('{"max_depth": "many"}')
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [FOLDER / "bin" / "train"],
        env={"PATH": path, "SAGEMAKER_BASE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 1 == done.returncode
    assert "hyperparameter max_depth: give a number, got 'many'\n" == done.stderr
    assert done.stderr.strip() == (tmp_path / "output" / "failure").read_text()


def test_a_step_without_its_input_names_the_input_to_give(job, capsys):
    assert 1 == job.run("prepare")
    assert "/opt/ml/processing/input/raw" in capsys.readouterr().err


def test_a_file_without_columns_is_refused_by_all_their_names(job, capsys):
    raw = job.root / "processing" / "input" / "raw"
    raw.mkdir(parents=True)
    (raw / "customers.csv").write_text("customer_id,tenure_months\nC-1,3\n")

    assert 1 == job.run("prepare")
    assert "missing columns observed_at, monthly_charges, contract, payment_method" in capsys.readouterr().err


def test_a_full_disk_is_one_line_also_where_the_reason_cannot_be_written(job, capsys, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("churn.train.train", full)
    monkeypatch.setattr("pathlib.Path.write_text", full)

    assert 1 == job.run("train")
    assert "the container's disk is full ([Errno 28] No space left on device): give it more" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        RestException({"error_code": "INVALID_STATE", "message": "away"}),
        MlflowException("API request to x failed: away"),
    ],
    ids=["refuses", "away"],
)
def test_a_tracking_server_that_is_away_is_one_line_and_no_traceback(job, capsys, monkeypatch, error):
    def away():
        raise error

    monkeypatch.setattr("churn.train.train", away)

    assert 1 == job.run("train")
    said = capsys.readouterr().err
    assert said.startswith("MLflow refused, or does not answer: ")
    assert "away" in said
    assert said.strip() == (job.root / "output" / "failure").read_text()


def test_a_mistake_of_the_code_keeps_its_traceback(job, monkeypatch):
    def wrong():
        raise MlflowException("Model does not have the python_function flavor")

    monkeypatch.setattr("churn.train.train", wrong)
    with pytest.raises(MlflowException):
        job.run("train")

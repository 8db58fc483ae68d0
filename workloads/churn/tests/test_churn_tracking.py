import json
import tarfile

import mlflow
import pytest
from churn.columns import INPUT_NAMES, LABEL, read
from churn.model import load, versions
from churn.tracking import digest
from mlflow import MlflowClient


@pytest.fixture
def tracked(life, job, tmp_path, monkeypatch):
    """A training and an evaluation that MLflow was told of; the run."""
    uri = f"file://{tmp_path / 'mlflow'}"
    for name, value in {
        "MLFLOW_TRACKING_URI": uri,
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "MLFLOW_EXPERIMENT_NAME": "dev/churn",
        "MLZ_RUN": "r-1",
        "MLZ_GIT_COMMIT": "abc123",
        "MLZ_SOURCE": "s3://bucket/customers",
        "MLZ_DATA_VERSION": "v7",
        "MLZ_FEATURES": "arn:customers 2026-11-01T00:00:00+0000 5eed",
    }.items():
        monkeypatch.setenv(name, value)
    mlflow.set_tracking_uri(uri)
    for channel in ("train", "validation"):
        job.give(life.jobs["prepare"].out(channel), "input", "data", channel)
    (job.root / "input" / "config").mkdir()
    given = '{"max_iter": "30", "_tuning_objective_metric": "validation:auc"}'
    (job.root / "input" / "config" / "hyperparameters.json").write_text(given)
    assert 0 == job.run("train")
    run_id = json.loads((job.root / "model" / "training.json").read_text())["run_id"]
    yield MlflowClient().get_run(run_id)
    mlflow.set_tracking_uri(None)


def test_a_run_knows_where_it_comes_from_and_how_it_went(tracked, life):
    client = MlflowClient()
    train = read(life.jobs["prepare"].out("train", "data.csv"))

    assert {"git_commit": "abc123", "data_version": "v7", "run": "r-1"}.items() <= tracked.data.tags.items()
    assert "s3://bucket/customers" == tracked.data.tags["source"]
    assert "arn:customers 2026-11-01T00:00:00+0000 5eed" == tracked.data.tags["features"]
    assert "30" == tracked.data.params["max_iter"]
    steps = {
        name: [point.step for point in client.get_metric_history(tracked.info.run_id, name)]
        for name in ("fold_auc", "validation_auc", "validation_log_loss")
    }
    assert [1, 2, 3, 4, 5] == steps["fold_auc"]
    assert [10, 20, 30] == steps["validation_auc"] == steps["validation_log_loss"]
    assert digest(train) in {one.dataset.digest for one in tracked.inputs.dataset_inputs}
    assert "dev/churn" == client.get_experiment(tracked.info.experiment_id).name


def test_the_logged_model_is_the_saved_one(tracked, job, life):
    rows = read(life.jobs["prepare"].out("test", "data.csv"))[INPUT_NAMES].head(5)
    about = json.loads((job.root / "model" / "training.json").read_text())
    saved, types = load(job.root / "model")

    assert INPUT_NAMES == list(types)
    assert (mlflow.sklearn.load_model(about["model_uri"]).predict_proba(rows) == saved.predict_proba(rows)).all()
    assert "FINISHED" == tracked.info.status


def test_another_row_is_another_version_of_the_data(life):
    frame = read(life.jobs["prepare"].out("test", "data.csv"))

    assert digest(frame) == digest(frame.copy())
    assert digest(frame) != digest(frame.assign(**{LABEL.name: 1 - frame[LABEL.name]}))
    assert 36 >= len(digest(frame))


def test_the_card_names_what_was_found(life):
    folder = life.jobs["evaluate"].out("evaluation")
    card = json.loads((folder / "card.json").read_text())
    metrics = json.loads((folder / "evaluation.json").read_text())["binary_classification_metrics"]
    groups = {group["name"]: group["metric_data"] for group in card["evaluation_details"][0]["metric_groups"]}

    assert {"quality", "gate", "importance"} == set(groups)
    assert {name: one["value"] for name, one in metrics.items()} == {
        one["name"]: one["value"] for one in groups["quality"]
    }
    assert versions() in card["training_details"]["training_observations"]
    assert "120" in {one["value"] for one in card["training_details"]["training_job_details"]["hyper_parameters"]}


def test_an_archive_that_leaves_its_folder_is_refused(job, capsys, tmp_path):
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as opened:
        opened.add(__file__, "../outside")
    job.give(tmp_path / "model.tar.gz", "processing", "input", "model", "model.tar.gz")

    assert 1 == job.run("evaluate")
    assert "model.tar.gz: cannot be unpacked" in capsys.readouterr().err

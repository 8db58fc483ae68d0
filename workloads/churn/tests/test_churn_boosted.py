"""The model by SageMaker's built-in XGBoost: what it learns from, and that it is judged and answered as ours is."""

import json
import os
import pickle

import mlflow
import mlflow.xgboost
import numpy as np
import pandas as pd
import pytest
import xgboost
from churn.boosted import ENCODED, Boosted, encode, track
from churn.columns import INPUT_NAMES, LABEL, NUMBERS, inputs, read
from churn.errors import RefusedError
from churn.explain import attributions
from churn.generate import Knobs, generate
from churn.model import BUILT_IN, load
from churn.serve import app
from conftest import archive
from mlflow import MlflowClient
from starlette.testclient import TestClient

GIVEN = {"objective": "binary:logistic", "eta": 0.08, "max_depth": 3, "min_child_weight": 8, "seed": 0}


@pytest.fixture(scope="module")
def encoded(life):
    data = life.jobs["prepare"]
    return life.step("encode", "encode", train=data.out("train"), validation=data.out("validation"))


@pytest.fixture(scope="module")
def folder(life, encoded):
    """What the algorithm leaves, trained on the channels as it reads them."""
    rows = pd.read_csv(encoded.out("train", "data.csv"), header=None)
    learnt = xgboost.DMatrix(rows.iloc[:, 1:].to_numpy("float32"), label=rows[0].to_numpy("float32"))
    made = life.root / "boosted"
    made.mkdir()
    xgboost.train(GIVEN, learnt, 120).save_model(made / BUILT_IN)
    return made


def test_the_channels_are_numbers_without_a_header_the_label_first(life, encoded):
    frame = read(life.jobs["prepare"].out("train", "data.csv"))
    written = pd.read_csv(encoded.out("train", "data.csv"), header=None)

    assert (len(frame), 1 + len(ENCODED)) == written.shape
    assert list(frame[LABEL.name]) == list(written[0])
    assert all(pd.api.types.is_numeric_dtype(kind) for kind in written.dtypes)
    assert {1.0} == set(written.iloc[:, 1:4].sum(axis=1)), "one word a category"


def test_a_word_that_nobody_documented_is_none_of_the_category_s_columns(life):
    rows = inputs(read(life.jobs["prepare"].out("test", "data.csv"))).head(2)
    odd = encode(rows.assign(contract=["weekly", "monthly"]))

    assert [0.0, 1.0] == list(odd[[name for column, name in ENCODED if column == "contract"]].sum(axis=1))


def test_it_passes_the_same_gate_and_its_card_names_the_algorithm(life, folder):
    (life.root / "boosted-model").mkdir()
    archive(folder, life.root / "boosted-model" / "model.tar.gz")
    data = life.jobs["prepare"]
    model, champion = life.root / "boosted-model", life.root / "model"
    judged = life.step(
        "judge-boosted", "evaluate", model=model, train=data.out("train"), test=data.out("test"), champion=champion
    )
    gate = json.loads(judged.out("evaluation", "gate.json").read_text())
    card = json.loads(judged.out("evaluation", "card.json").read_text())

    ours = {
        each["name"] for each in json.loads(life.jobs["evaluate"].out("evaluation", "gate.json").read_text())["checks"]
    }
    assert gate["passed"], [each for each in gate["checks"] if not each["passed"]]
    assert ours <= {each["name"] for each in gate["checks"]}
    assert "SageMaker's built-in XGBoost" in card["model_overview"]["algorithm_type"]
    assert judged.out("evaluation", "attributions.png").exists()


def test_its_run_is_tracked_by_the_evaluation_for_awss_container_does_not(life, folder, tmp_path, monkeypatch):
    uri = f"file:{tmp_path / 'mlruns'}"
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLZ_FEATURES", "arn 2026-11-01 5eed")
    mlflow.set_tracking_uri(uri)
    model, _ = load(folder)
    said = track(model, read(life.jobs["prepare"].out("train", "data.csv")))
    run = MlflowClient().get_run(said["run_id"])
    mine = mlflow.xgboost.load_model(said["model_uri"])
    mlflow.set_tracking_uri(None)
    os.environ.pop("MLFLOW_EXPERIMENT_ID", None)  # mlflow leaves it, and a process of a later test would find it

    assert {"num_round": "120", "objective": "binary:logistic"} == run.data.params
    assert "arn 2026-11-01 5eed" == run.data.tags["features"]
    assert model.booster.save_raw() == mine.save_raw()


def test_the_model_s_own_image_answers_for_it(life, folder):
    rows = inputs(read(life.jobs["prepare"].out("test", "data.csv"))).head(20)
    model, _ = load(folder)
    with TestClient(app(model)) as client:
        answer = client.post("/invocations", content=rows.to_csv(index=False), headers={"content-type": "text/csv"})

    assert isinstance(model, Boosted)
    assert model.predict_proba(rows)[:, 1].tolist() == answer.json()["predictions"]
    assert (0 < model.predict_proba(rows)).all()


def test_an_attribution_adds_up_to_the_score(life, folder):
    rows = inputs(read(life.jobs["prepare"].out("test", "data.csv"))).head(40)
    model, _ = load(folder)
    values, scores = attributions(model, rows), model.predict_proba(rows)[:, 1]
    rest = np.log(scores / (1 - scores)) - values.sum(axis=1)

    assert (40, len(INPUT_NAMES)) == values.shape
    assert np.allclose(rest, rest[0], atol=1e-3)


def test_a_model_of_other_columns_or_of_foreign_code_is_refused(tmp_path):
    other = xgboost.train(GIVEN, xgboost.DMatrix(np.zeros((4, 2)), label=[0, 1, 0, 1]), 1)
    other.save_model(tmp_path / BUILT_IN)
    with pytest.raises(RefusedError, match="takes 2 columns, the documented ones are 11 encoded"):
        load(tmp_path)

    (tmp_path / BUILT_IN).write_bytes(pickle.dumps({"runs": "code"}))
    with pytest.raises(RefusedError, match="is no model of XGBoost's"):
        load(tmp_path)


def test_a_hundredth_beside_a_whole_number_decides_nothing_and_what_is_missing_stays_missing():
    frame = inputs(generate(Knobs(customers=50)).frame)
    whole = [column.name for column in NUMBERS if column.whole]
    moved = frame.assign(**{name: frame[name] - 0.01 for name in whole})

    assert whole
    pd.testing.assert_frame_equal(encode(frame), encode(moved))
    assert frame[whole].isna().any(axis=None)
    assert encode(frame)[whole].isna().equals(frame[whole].isna())

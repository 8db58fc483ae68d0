import json

import numpy as np
import pandas as pd
import pytest
from captured_calls import calls
from churn import limits
from churn.capture import captured
from churn.columns import LABEL, NUMBER_NAMES, inputs, read
from churn.gate.subject import predict
from churn.generate import Knobs, generate
from churn.model import Settings, pipeline


@pytest.fixture(scope="session")
def model(life):
    train = read(life.jobs["prepare"].out("train", "data.csv"))
    return pipeline(Settings(max_iter=60)).fit(inputs(train), train[LABEL.name])


def customers(**knobs):
    frame = generate(Knobs(customers=1500, seed=77, **knobs)).frame
    return frame.fillna(dict.fromkeys(NUMBER_NAMES, 0.0))


@pytest.fixture
def looked(life, model, job):
    """Let the monitor of a kind look at customers; return its report."""

    def look(kind, frame, *, scores=None, encoding="CSV"):
        scores = predict(model, inputs(frame)) if scores is None else scores
        place = job.root / "processing" / "input"
        calls(frame, scores, place / "captured" / "AllTraffic" / "2026" / "a.jsonl", encoding=encoding)
        job.give(life.jobs["prepare"].out("train"), "processing", "input", "baseline")
        (place / "labels").mkdir()
        frame.drop(columns=NUMBER_NAMES).to_csv(place / "labels" / "labels.csv", index=False)
        assert 0 == job.run("monitor", "--kind", kind)
        assert (job.out("report", "index.html")).read_text().count("<table>")
        return json.loads(job.out("report", "report.json").read_text())

    return look


@pytest.mark.parametrize("kind", ["data", "model", "bias", "explain"])
def test_the_same_customers_pass_every_limit(looked, kind):
    report = looked(kind, customers())

    assert report["passed"]
    assert 1500 == report["rows"]
    assert report["metrics"]


def failed(report):
    return {check["name"] for check in report["checks"] if not check["passed"]}


@pytest.mark.parametrize(
    ("kind", "knobs", "found", "metric"),
    [
        ("data", {"drift": 0.8}, "drift-monthly_charges", "Drift"),
        ("model", {"concept": 1.5}, "auc", "Auc"),
        ("bias", {"bias": 1.5}, "fair-selection", "Bias"),
    ],
)
def test_what_moved_is_found_and_counted(looked, kind, knobs, found, metric):
    report = looked(kind, customers(**knobs))

    assert found in failed(report)
    assert metric in report["metrics"]


def test_other_reasons_for_a_score_are_attribution_drift(looked):
    frame = customers()
    frame["tenure_months"] = 24.0  # what decided most says nothing any more

    assert {"attribution"} == failed(looked("explain", frame))


def test_drift_of_the_same_customers_is_nothing_though_calls_are_few(looked):
    assert limits.PSI_AT_MOST > looked("data", customers().head(120))["metrics"]["Drift"]


def test_three_calls_are_no_evidence(looked):
    report = looked("data", customers().head(3))

    assert {"evidence"} == failed(report)
    assert {} == report["metrics"]


@pytest.mark.parametrize("encoding", ["CSV", "JSON", "BASE64"])
def test_calls_are_read_in_each_encoding(tmp_path, encoding):
    frame = customers().head(60)
    calls(frame, np.linspace(0, 1, 60), tmp_path / "a" / "b.jsonl", encoding=encoding)
    seen = captured(tmp_path)

    pd.testing.assert_frame_equal(inputs(frame), inputs(seen.frame))
    assert list(frame["customer_id"]) == list(seen.frame["customer_id"])
    assert np.allclose(np.linspace(0, 1, 60), seen.frame["score"])


def test_what_cannot_be_read_is_counted(tmp_path):
    calls(customers().head(50), np.zeros(50), tmp_path / "good.jsonl", rows_a_call=50)
    (tmp_path / "bad.jsonl").write_text('{"captureData": {}}\nno json\n')
    seen = captured(tmp_path)

    assert (3, 2, 50) == (seen.calls, seen.unreadable, len(seen.frame))


def test_a_missing_value_counts_as_missing(looked):
    frame = customers().astype({"logins_7d": "object"})
    frame.loc[:300, "logins_7d"] = ""
    report = looked("data", frame, scores=np.zeros(1500))

    assert "missing" in failed(report)
    assert 0.2 == pytest.approx(report["metrics"]["Missing"], abs=0.01)


def test_calls_without_customers_cannot_be_judged_by_outcome(job, life, capsys):
    frame = customers().assign(customer_id="")
    place = job.root / "processing" / "input"
    calls(frame, np.full(1500, 0.5), place / "captured" / "a.jsonl")
    job.give(life.jobs["prepare"].out("train"), "processing", "input", "baseline")

    assert 1 == job.run("monitor", "--kind", "bias")
    assert "send customer_id as a column of each request" in capsys.readouterr().err


def test_who_is_in_which_group_is_known_from_the_baseline_too(job, life, model):
    place = job.root / "processing" / "input"
    known = read(life.jobs["prepare"].out("train", "data.csv"))
    calls(known, predict(model, inputs(known)), place / "captured" / "a.jsonl")
    job.give(life.jobs["prepare"].out("train"), "processing", "input", "baseline")

    assert 0 == job.run("monitor", "--kind", "bias")
    assert json.loads(job.out("report", "report.json").read_text())["passed"]

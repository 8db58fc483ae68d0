"""The batch as its job runs it: a real Spark, a real model."""

import json

import mlflow.pyfunc
import pandas as pd
import pytest
import standin
from batch.__main__ import main


def customers(count: int) -> pd.DataFrame:
    frame = standin.rows(count, seed=5)
    frame.insert(0, "customer_id", [f"c-{number}" for number in range(count)])
    return frame


def result(folder) -> pd.DataFrame:
    """All parts of an output, by customer."""
    return pd.read_parquet(folder).set_index("customer_id").sort_index()


@pytest.fixture
def expected(models):
    model = mlflow.pyfunc.load_model(str(models / "model"))
    return lambda frame: model.predict(frame.drop(columns="customer_id"))[:, 1].tolist()


def test_parquet_in_parquet_out_a_prediction_for_each_good_row(batch, models, tmp_path, expected, capsys):
    frame = customers(200)
    frame.loc[[7, 9], "spend_30d"] = [float("nan"), -1.0]
    frame.to_parquet(tmp_path / "in.parquet")
    code = batch("--model", models / "model", "--input", tmp_path / "in.parquet", "--output", tmp_path / "out")
    good = frame.drop(index=[7, 9])
    scored, rejected = result(tmp_path / "out" / "predictions"), result(tmp_path / "out" / "rejected")

    assert 0 == code
    assert {"read": 200, "scored": 198, "rejected": 2} == json.loads(capsys.readouterr().out)
    assert expected(good) == pytest.approx(scored.loc[good["customer_id"], "prediction"].tolist(), rel=0, abs=1e-12)
    assert {
        "c-7": "spend_30d: give a number, got nothing",
        "c-9": "spend_30d: give 0 to 100000, got -1.0",
    } == rejected["rejected_because"].to_dict()
    assert [*frame.columns, "prediction"] == ["customer_id", *scored.columns]


def test_lines_of_csv_with_another_number_of_values_are_rejected_not_shifted(batch, models, tmp_path):
    lines = customers(30).to_csv(index=False).splitlines()
    lines[3] += ",card"
    lines[5] = "c-4,1,2"
    (tmp_path / "in.csv").write_text("\n".join(lines))
    code = batch("--model", models / "model", "--input", tmp_path / "in.csv", "--output", tmp_path / "out")
    reasons = result(tmp_path / "out" / "rejected")["rejected_because"].to_dict()

    assert 0 == code
    assert {"c-2": "8 values are needed, one a column", "c-4": "8 values are needed, one a column"} == reasons
    assert 28 == len(result(tmp_path / "out" / "predictions"))


def test_more_rejected_rows_than_allowed_fail_the_batch(batch, models, tmp_path, capsys):
    customers(4).assign(contract=["monthly", "weekly", "monthly", ""]).to_csv(tmp_path / "in.csv", index=False)
    asked = ("--model", models / "model", "--input", tmp_path / "in.csv", "--output", tmp_path / "out")

    assert 0 == batch(*asked, "--most-rejected", "0.5")
    assert 1 == batch(*asked, "--most-rejected", "0.49", "--format", "csv")
    assert "batch: 2 of 4 rows were rejected" in capsys.readouterr().err
    assert 2 == sum(len(pd.read_csv(part)) for part in (tmp_path / "out" / "predictions").glob("*.csv"))


@pytest.mark.parametrize(
    "wrong",
    [
        (["customer_id", "contract"], "missing columns tenure_months"),
        (None, "columns prediction: the output has them itself"),
    ],
    ids=["missing", "taken"],
)
def test_wrong_columns_write_nothing(batch, models, tmp_path, capsys, wrong):
    columns, message = wrong
    frame = customers(2).assign(prediction=1)
    (frame[columns] if columns else frame).to_csv(tmp_path / "in.csv", index=False)
    code = batch("--model", models / "model", "--input", tmp_path / "in.csv", "--output", tmp_path / "out")

    assert 2 == code
    assert f"batch: {message}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"--model": "/nowhere"}, "give the folder of an MLflow model"),
        ({"--input": "in.xml"}, "give --input-format"),
        ({"--most-rejected": "2"}, "2: give a share from 0 to 1"),
    ],
)
def test_wrong_arguments_are_refused_before_spark_starts(models, capsys, change, message):
    given = {"--model": str(models / "model"), "--input": "in.csv", "--output": "out"} | change
    with pytest.raises(SystemExit) as ended:
        main(["score", *(word for pair in given.items() for word in pair)])

    assert 2 == ended.value.code
    assert message in capsys.readouterr().err

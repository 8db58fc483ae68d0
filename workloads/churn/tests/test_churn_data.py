import json
import time

import numpy as np
import pandas as pd
import pytest
from churn.clean import clean, kinds
from churn.columns import ALL, LABEL, NUMBER_NAMES, read
from churn.errors import RefusedError
from churn.generate import Knobs, generate
from churn.measures import auc, psi
from churn.sample import ROWS, about, sample
from churn.split import SHARES, split
from churn.validate import SHOWN, breaches, read_raw, report


def raw_of(frame, folder):
    path = folder / "customers.csv"
    frame.to_csv(path, index=False)
    return read_raw(path)


def test_a_seed_is_its_customers():
    assert generate(Knobs(seed=5)).frame.equals(generate(Knobs(seed=5)).frame)
    assert not generate(Knobs(seed=5)).frame.equals(generate(Knobs(seed=6)).frame)


def test_twenty_thousand_customers_take_less_than_a_second():
    start = time.process_time()
    generate(Knobs(customers=20_000))

    assert 1 > time.process_time() - start


@pytest.mark.parametrize("rate", [0.05, 0.22, 0.5])
def test_the_churn_rate_is_the_one_asked_for(rate):
    assert rate == pytest.approx(generate(Knobs(customers=20_000, churn_rate=rate)).frame[LABEL.name].mean(), abs=0.01)


def test_the_truth_ranks_better_than_any_column_and_is_calibrated():
    made = generate(Knobs(customers=20_000))
    labels = made.frame[LABEL.name].to_numpy(float)

    assert 0.8 < auc(labels, made.probability) < 0.9
    assert made.probability.mean() == pytest.approx(labels.mean(), abs=0.01)


def test_drift_moves_inputs_and_concept_moves_only_the_reasons():
    calm, moved, turned = (
        generate(Knobs(customers=10_000, **knobs)).frame for knobs in ({}, {"drift": 1}, {"concept": 1})
    )

    assert 0.3 < psi(calm["monthly_charges"], moved["monthly_charges"])[0]
    assert calm[NUMBER_NAMES].equals(turned[NUMBER_NAMES])
    calls = [frame.groupby("support_tickets_90d")[LABEL.name].mean() for frame in (calm, turned)]
    assert calls[0][0] < calls[0][4]
    assert calls[1][0] > calls[1][4]


def test_bias_is_written_down_though_the_oldest_leave_no_more_often():
    made = generate(Knobs(customers=20_000, bias=1.0))
    truth = pd.Series(made.probability).groupby(made.frame["age_band"]).mean()
    written = made.frame.groupby("age_band")[[LABEL.name, "logins_7d"]].mean()

    assert 0.01 > truth.max() - truth.min()
    assert 0.15 < written[LABEL.name]["55+"] - written[LABEL.name]["18-34"]
    assert 0.5 > written["logins_7d"]["55+"] / written["logins_7d"]["18-34"]


def test_exactly_the_bad_rows_are_found_each_in_its_column(tmp_path):
    made = generate(Knobs(customers=2000, bad_rows=0.05, seed=2))
    found = breaches(raw_of(made.frame, tmp_path))

    assert made.bad == {breach.row - 1: breach.column for breach in found}
    assert 100 == len(found)


def test_clean_rows_are_typed_whole_and_without_the_bad(tmp_path):
    made = generate(Knobs(customers=2000, bad_rows=0.05, seed=2))
    raw = raw_of(made.frame, tmp_path)
    frame = clean(raw, breaches(raw))

    assert 1900 == len(frame)
    assert not frame.isna().any().any()
    assert [column.name for column in ALL] == list(frame.columns)
    assert {"float64"} == {str(frame[name].dtype) for name in NUMBER_NAMES}


def test_a_report_counts_what_it_does_not_list(tmp_path):
    raw = raw_of(generate(Knobs(customers=2000)).frame.assign(contract="weekly"), tmp_path)
    said = report(raw, breaches(raw))

    assert (2000, SHOWN, 2000 - SHOWN) == (said["bad_rows"], len(said["breaches"]), said["breaches_not_listed"])


def test_a_source_that_is_mostly_bad_is_refused_as_a_whole(tmp_path):
    raw = raw_of(generate(Knobs(customers=200)).frame.assign(contract="weekly"), tmp_path)

    with pytest.raises(RefusedError, match=r"200 of 200 rows are bad") as said:
        clean(raw, breaches(raw))

    assert "\n  row 1: contract: not one of monthly, one-year, two-year, got weekly (200 cells)" in str(said.value)


def test_a_refused_source_is_told_by_kind_the_most_frequent_first(tmp_path):
    frame = generate(Knobs(customers=200)).frame.astype("object").assign(contract="weekly")
    frame.loc[3, "tenure_months"] = "-1"
    raw = raw_of(frame, tmp_path)
    lines = kinds(breaches(raw)).splitlines()

    assert ["  row 1: contract", "  row 4: tenure_months"] == [":".join(line.split(":")[:2]) for line in lines]


@pytest.mark.parametrize("text", ["", "\x00\x01", '"open'], ids=["empty", "binary", "open-quote"])
def test_what_is_no_csv_is_refused(tmp_path, text):
    (tmp_path / "x.csv").write_text(text)

    with pytest.raises(RefusedError, match=r"x\.csv"):
        read_raw(tmp_path / "x.csv")


def test_a_customer_stays_on_their_side_whoever_else_comes():
    few, many = (generate(Knobs(customers=size)).frame for size in (500, 3000))
    before = {customer: name for name, part in split(few).items() for customer in part["customer_id"]}
    after = {customer: name for name, part in split(many).items() for customer in part["customer_id"]}

    assert before == {customer: after[customer] for customer in before}
    assert np.allclose([len(part) / 30 for part in split(many).values()], list(SHARES.values()), atol=3)


def test_an_extract_is_drawn_the_same_each_time_and_as_many_of_it_left_as_of_all():
    frame = generate(Knobs(customers=3000)).frame
    frame = frame.assign(churned=frame[LABEL.name].astype("int64"))
    part = sample(frame)

    assert ROWS == len(part) == part["customer_id"].nunique()
    assert part.equals(sample(frame))
    assert not part.equals(sample(frame, seed=1))
    assert 1 / ROWS >= abs(part["churned"].mean() - frame["churned"].mean())
    assert frame.head(40).equals(sample(frame.head(40)))


def test_a_rare_label_is_in_the_extract_too():
    frame = generate(Knobs(customers=3000)).frame
    frame = frame.assign(churned=[1, *[0] * 2999])

    assert 1 == sample(frame, 100)["churned"].sum()


def test_an_extract_says_of_what_it_is_and_nothing_else_has_its_fingerprint(life, monkeypatch):
    folder, frame = life.jobs["prepare"].out("sample"), read(life.jobs["prepare"].out("clean", "customers.csv"))
    said, part = json.loads((folder / "sample.json").read_text()), read(folder / "customers.csv")
    monkeypatch.setenv("MLZ_DATA_VERSION", "v7")
    told = about(frame, part)

    assert (ROWS, len(frame), 0) == (said["rows"], said["of"], said["seed"])
    assert {"data_version": "v7", **said} == told
    assert told["digest_of_all"] != about(frame.iloc[1:], part)["digest_of_all"]

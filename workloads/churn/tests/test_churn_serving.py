import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from churn.columns import INPUT_NAMES
from churn.model import load
from churn.rows import MOST
from churn.serve import LARGEST, app
from starlette.testclient import TestClient

GOOD = [3, 80.5, "monthly", "card", 4, 1, 12.0]


@pytest.fixture(scope="session")
def endpoint(life):
    return TestClient(app(load(life.jobs["train"].root / "model")[0]))


def split(*rows, names=INPUT_NAMES):
    return json.dumps({"dataframe_split": {"columns": list(names), "data": list(rows)}})


def ask(endpoint, body, kind="application/json"):
    return endpoint.post("/invocations", content=body, headers={"content-type": kind})


def test_json_and_csv_give_the_same_answer(endpoint):
    csv = f"{','.join(INPUT_NAMES)}\n{','.join(map(str, GOOD))}\n"
    answers = [ask(endpoint, split(GOOD)), ask(endpoint, csv, "text/csv; charset=utf-8")]

    assert [200, 200] == [answer.status_code for answer in answers]
    assert answers[0].json() == answers[1].json()
    assert 0 < answers[0].json()["predictions"][0] < 1


def test_columns_may_come_in_any_order_and_with_the_customer(endpoint):
    names, row = ["customer_id", *reversed(INPUT_NAMES)], ["C-1", *reversed(GOOD)]

    assert ask(endpoint, split(GOOD)).json() == ask(endpoint, split(row, names=names)).json()


def wrong(**changes):
    return [changes.get(name, value) for name, value in zip(INPUT_NAMES, GOOD, strict=True)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (split(GOOD[1:], names=INPUT_NAMES[1:]), "missing columns tenure_months"),
        (split([*GOOD, 1], names=[*INPUT_NAMES, "age"]), "unknown columns age"),
        (split([*GOOD, 1], names=[*INPUT_NAMES, "contract"]), "a column is there twice"),
        (
            split(GOOD, wrong(contract="weekly")),
            "row 2: contract: give one of monthly, one-year, two-year, got",
        ),
        (split(wrong(contract=["monthly"])), "row 1: contract: give one of"),
        (split(wrong(tenure_months="3")), "row 1: tenure_months: give a number, got '3'"),
        (split(wrong(tenure_months=True)), "row 1: tenure_months: give a number, got True"),
        (split(wrong(tenure_months=None)), "row 1: tenure_months: give a number, got nothing"),
        (split(wrong(tenure_months=float("nan"))), "row 1: tenure_months: give a number, got nan"),
        (split(wrong(tenure_months=1e999)), "row 1: tenure_months: give 0 to 600, got inf"),
        (split(wrong(tenure_months=10**400)), "row 1: tenure_months: give 0 to 600"),
        (split(wrong(tenure_months=-1)), "row 1: tenure_months: give 0 to 600, got -1"),
        (split(wrong(tenure_months=1.5)), "row 1: tenure_months: give a whole number, got 1.5"),
        (split(GOOD, GOOD[:3]), "row 2: 7 values are needed, one a column"),
        (split(GOOD, "row"), "row 2: 7 values are needed"),
        (split(), f"send 1 to {MOST} rows, got 0"),
        (split(*[GOOD] * (MOST + 1)), f"send 1 to {MOST} rows, got {MOST + 1}"),
        ("", "no JSON like"),
        ("[]", "no JSON like"),
        ("[" * 100_000, "no JSON like"),
        ('{"dataframe_split": {"columns": [1], "data": []}}', 'give "columns" as a list of names'),
        ('{"dataframe_split": {"columns": [], "data": {}}}', '"data" as a list of rows'),
    ],
    ids=range(22),
)
def test_a_bad_row_is_refused_by_row_and_column(endpoint, body, said):
    answer = ask(endpoint, body)

    assert (400, "BAD_REQUEST") == (answer.status_code, answer.json()["error_code"])
    assert said in answer.json()["message"]


@pytest.mark.parametrize("value", ["", "NaN", "abc"])
def test_a_bad_number_in_csv_is_refused(endpoint, value):
    body = f"{','.join(INPUT_NAMES)}\n{','.join(map(str, wrong(spend_30d=value)))}\n"
    answer = ask(endpoint, body, "text/csv")

    assert (400, True) == (answer.status_code, "row 1: spend_30d: give a number" in answer.json()["message"])


def test_other_kinds_and_too_much_are_refused(endpoint):
    assert 400 == ask(endpoint, "<x/>", "text/xml").status_code
    assert 413 == ask(endpoint, b" " * (LARGEST + 1)).status_code
    assert 405 == endpoint.get("/invocations").status_code


def test_a_model_that_is_a_pickle_is_not_read(life, job, capsys):
    job.give(life.jobs["train"].root / "model", "model")
    about = job.root / "model" / "MLmodel"
    about.write_text(about.read_text().replace("serialization_format: skops", "serialization_format: cloudpickle"))

    assert 1 == job.run("serve")
    assert "not skops: reading it could run foreign code" in capsys.readouterr().err


def test_the_container_answers_on_its_port_and_ends_when_told(life):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "SAGEMAKER_BASE_DIR": str(life.jobs["train"].root), "SAGEMAKER_BIND_TO_PORT": str(port)}
    process = subprocess.Popen(
        [Path(__file__).parents[1] / "bin" / "serve"], env=env, stderr=subprocess.PIPE, text=True
    )
    try:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/invocations", split(GOOD).encode(), {"content-type": "application/json"}
        )
        assert 200 == waited_for(f"http://127.0.0.1:{port}/ping", process)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert 1 == len(json.load(answer)["predictions"])
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert "Traceback" not in said


def waited_for(address, process):
    """Return the status of *address* once somebody answers there."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.status
        except urllib.error.URLError:
            continue
    raise AssertionError(process.stderr.read())

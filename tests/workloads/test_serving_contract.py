"""One model, whichever program runs it: the same predictions for the same rows, the same words for the same mistake."""

import csv
import filecmp
import io
import json

import pytest

from local.spark.submit import SHORT_LIVED, java_missing
from tests.workloads.programs import BATCH, SERVING, scored, servers, trained

GOOD = {
    "customer_id": "C-1",
    "tenure_months": "12",
    "monthly_charges": "49.9",
    "contract": "monthly",
    "payment_method": "card",
    "support_tickets_90d": "1",
    "logins_7d": "3",
    "spend_30d": "20.5",
}
CELLS = {
    "no number": {"tenure_months": ""},
    "words for a number": {"monthly_charges": "many"},
    "too low": {"monthly_charges": "-0.01"},
    "too high": {"tenure_months": "601"},
    "nan": {"spend_30d": "nan"},
    "infinite": {"spend_30d": "inf"},
    "longer than a number": {"logins_7d": "1" * 400},
    "no whole number": {"support_tickets_90d": "1.5"},
    "unknown category": {"contract": "weekly"},
    "no category": {"payment_method": ""},
    "category in capitals": {"payment_method": "Card"},
    "two faults": {"contract": "weekly", "spend_30d": "-1"},
}
"""Rows that differ from GOOD, as CSV has them."""


def lines(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([list(GOOD), *rows])
    return text.getvalue().encode()


def split(*rows: list, names: list[str] | None = None) -> bytes:
    return json.dumps({"dataframe_split": {"columns": names or list(GOOD), "data": rows}}).encode()


FIRST = list(GOOD.values())
TYPED = [
    value if name in {"customer_id", "contract", "payment_method"} else float(value) for name, value in GOOD.items()
]
ROWS = {name: [*(GOOD | change).values()] for name, change in CELLS.items()}
ROWS |= {"a value too few": FIRST[:-1], "a value too many": [*FIRST, "1"]}


def typed(**change) -> list:
    return [*(dict(zip(GOOD, TYPED, strict=True)) | change).values()]


BODIES = {
    **{f"csv: {name}": (lines(FIRST, row), "text/csv") for name, row in ROWS.items()},
    "csv: every row a value too many": (lines([*FIRST, "1"], [*FIRST, "1"]), "text/csv"),
    "csv: nothing": (b"", "text/csv"),
    "csv: no header": (lines(FIRST).split(b"\r\n", 1)[1], "text/csv"),
    "csv: no rows": (lines(), "text/csv"),
    "csv: not UTF-8": (lines(FIRST) + b"\xff\xfe", "text/csv"),
    "json: nothing for a number": (split(typed(), typed(tenure_months=None)), "application/json"),
    "json: a number as text": (split(typed(tenure_months="12")), "application/json"),
    "json: true for a number": (split(typed(logins_7d=True)), "application/json"),
    "json: a list for a number": (split(typed(spend_30d=[1])), "application/json"),
    "json: a list for a category": (split(typed(contract=["monthly"])), "application/json"),
    "json: a number for a category": (split(typed(contract=1)), "application/json"),
    "json: a very long number": (split(typed(spend_30d=10**400)), "application/json"),
    "json: NaN": (split(typed(spend_30d=float("nan"))), "application/json"),
    "json: a row is no list": (split("ab"), "application/json"),
    "json: rows are no list": (b'{"dataframe_split": {"columns": ["a"], "data": 1}}', "application/json"),
    "json: another shape": (b'{"instances": [1]}', "application/json"),
    "json: a list": (b"[1]", "application/json"),
    "json: cut off": (split(typed())[:-9], "application/json"),
    "json: a column is missing": (split(TYPED[:-1], names=list(GOOD)[:-1]), "application/json"),
    "json: a column is unknown": (split([*TYPED, 1], names=[*GOOD, "colour"]), "application/json"),
    "json: a column is there twice": (split([*TYPED, 1.0], names=[*GOOD, "spend_30d"]), "application/json"),
    "json: too many rows": (split(*[TYPED] * 10_001), "application/json"),
    "a type nobody serves": (lines(FIRST), "application/xml"),
    "no type": (lines(FIRST), ""),
}


class Model:
    """A trained model, what runs it, and its test rows."""

    def __init__(self, folder, root, running) -> None:
        self.folder, self.root, self.running = folder, root, running
        with (root / "processing" / "output" / "test" / "data.csv").open() as file:
            self.rows = [[row[name] for name in GOOD] for row in csv.DictReader(file)]
        self._batch = None

    def predictions(self, name: str, body: bytes, kind: str) -> list:
        status, answer = self.running[name].ask(body, kind)
        assert 200 == status, answer
        return json.loads(answer)["predictions"]

    @property
    def expected(self) -> list[float]:
        """What MLflow itself says: of two probabilities the second."""
        inputs = [row[1:] for row in self.rows]
        body = io.StringIO()
        csv.writer(body).writerows([list(GOOD)[1:], *inputs])
        return [one[1] for one in self.predictions("mlflow", body.getvalue().encode(), "text/csv")]

    def batch(self, output: str) -> dict[str, dict[str, str]]:
        """Rows of Spark's output by customer: all test rows, and each of ROWS under its name."""
        if why := java_missing():
            pytest.skip(why)
        if self._batch is None:
            bad = [[name, *row[1:]] for name, row in ROWS.items()]
            (self.folder / "customers.csv").write_bytes(lines(*self.rows, *bad))
            self._batch = scored(self.folder, self.root, self.folder / "customers.csv", **SHORT_LIVED)
        found = {}
        for part in (self._batch / output).glob("*.csv"):
            with part.open() as file:
                found |= {row["customer_id"]: row for row in csv.DictReader(file)}
        return found


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serving-contract")
    root = trained(folder)
    with servers(folder, root, {"serve": {}, "flask": {}, "mlflow": {}}) as running:
        yield Model(folder, root, running)


def test_the_contract_is_the_same_file_in_both():
    assert filecmp.cmp(SERVING / "serving" / "contract.py", BATCH / "batch" / "contract.py", shallow=False)


@pytest.mark.shows("A8", "I2", "I3")
@pytest.mark.parametrize("name", ["flask", "serve"])
@pytest.mark.parametrize("kind", ["text/csv", "application/json"])
def test_predictions_are_mlflows_own(model, name, kind):
    numbers = [
        [
            value if column in {"customer_id", "contract", "payment_method"} else float(value)
            for column, value in zip(GOOD, row, strict=True)
        ]
        for row in model.rows
    ]
    found = model.predictions(name, lines(*model.rows) if kind == "text/csv" else split(*numbers), kind)

    assert len(model.rows) > 200
    assert model.expected == pytest.approx(found, rel=0, abs=1e-12)


@pytest.mark.java
@pytest.mark.shows("I3", "I5")
def test_spark_predicts_what_mlflow_predicts(model):
    found = model.batch("predictions")

    assert [row[0] for row in model.rows] == [customer for row in model.rows if (customer := row[0]) in found]
    assert len(model.rows) == len(found)
    assert model.expected == pytest.approx([float(found[row[0]]["prediction"]) for row in model.rows], rel=0, abs=1e-12)


@pytest.mark.parametrize("case", BODIES)
def test_a_mistake_is_told_alike_by_the_service_and_the_container(model, case):
    service, container = (model.running[name].ask(*BODIES[case]) for name in ("flask", "serve"))

    assert (service[0], json.loads(service[1])) == (container[0], json.loads(container[1]))
    assert 400 == service[0]


@pytest.mark.java
def test_spark_rejects_each_bad_row_in_the_services_words(model):
    words = {}
    for name, row in ROWS.items():
        _, answer = model.running["flask"].ask(lines(FIRST, row), "text/csv")
        words[name] = json.loads(answer)["message"].removeprefix("row 2: ")
    found = {customer: row["rejected_because"] for customer, row in model.batch("rejected").items()}

    assert words == found


@pytest.mark.java
def test_one_bad_row_refuses_a_request_but_not_a_batch(model):
    whole = lines(*model.rows, ROWS["too high"])

    assert 400 == model.running["serve"].ask(whole, "text/csv")[0] == model.running["flask"].ask(whole, "text/csv")[0]
    assert len(model.rows) == len(model.batch("predictions"))

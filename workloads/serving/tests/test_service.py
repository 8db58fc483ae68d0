"""The service as its container runs it: gunicorn, two workers, a real model."""

import json
import threading
import time
from pathlib import Path

import mlflow.pyfunc
import pytest
import standin
from conftest import serving
from serving.app import create_app
from serving.model import Model
from serving.settings import Settings


def body(frame) -> bytes:
    return json.dumps({"dataframe_split": frame.to_dict(orient="split", index=False)}).encode()


def inside(model: Model):
    """A client of a service in this process."""
    model.load()
    return create_app(Settings(Path("nowhere")), model).test_client()


def test_predictions_are_the_models_own(service, models):
    frame = standin.rows(50, seed=7)
    expected = mlflow.pyfunc.load_model(str(models / "model")).predict(frame)[:, 1].tolist()

    assert (200, {"predictions": expected}) == service.predict(body(frame))
    assert (200, {"predictions": expected}) == service.predict(
        frame.to_csv(index=False).encode(), "text/csv; charset=utf-8"
    )


def test_the_order_of_columns_and_columns_unknown_to_the_model_do_not_matter(service):
    frame = standin.rows(3)
    other = frame[frame.columns[::-1]].assign(customer_id="c-1")

    assert service.predict(body(frame)) == service.predict(body(other))


def test_a_model_without_contract_is_asked_by_its_signature(models):
    frame = standin.rows(2).assign(tenure_months=[5.0, 100_000.0])
    client = inside(Model(models / "without"))
    answer = client.post("/v1/predict", data=body(frame), content_type="application/json")
    refused = client.post("/v1/predict", data=body(frame.assign(contract=None)), content_type="application/json")

    assert (200, 2) == (answer.status_code, len(answer.json["predictions"]))
    assert {"error_code": "BAD_REQUEST", "message": "row 1: contract: give a text, got nothing"} == refused.json


@pytest.mark.parametrize("length", ["told", "not told"])
def test_a_long_body_is_refused(service, length):
    long = b"x" * 20_001
    status, _, answer = service.ask(
        "POST", "/v1/predict", long if length == "told" else iter([long]), {"Content-Type": "text/csv"}
    )

    assert 413 == status
    assert {
        "error_code": "REQUEST_LIMIT_EXCEEDED",
        "message": "send at most 20000 bytes or 100 rows",
    } == json.loads(answer)


def test_too_many_rows_are_refused(service):
    status, answer = service.predict(body(standin.rows(101)))

    assert (400, "send 1 to 100 rows, got 101") == (status, answer["message"])


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/predict", 405), ("POST", "/nowhere", 404), ("GET", "/", 404)]
)
def test_every_error_has_the_same_shape(service, method, path, status):
    got, headers, answer = service.ask(method, path)

    assert (status, "application/json") == (got, headers["Content-Type"])
    assert {"error_code", "message"} == json.loads(answer).keys()


def test_a_request_id_comes_back_and_is_in_the_log(service):
    _, headers, _ = service.ask("POST", "/v1/predict", b"{}", {"X-Request-Id": "order-17"})
    (line,) = [line for line in service.lines() if line.get("request_id") == "order-17"]

    assert "order-17" == headers["X-Request-Id"]
    assert ("/v1/predict", 400, 0) == (line["route"], line["status"], line["rows"])


@pytest.mark.parametrize("given", ["x" * 65, 'a"b', "a b"])
def test_a_request_id_that_could_confuse_a_log_is_replaced(service, given):
    _, headers, _ = service.ask("GET", "/healthz", headers={"X-Request-Id": given})

    assert given != headers["X-Request-Id"]


def test_what_callers_send_is_not_in_the_log(service):
    service.predict(body(standin.rows(1).assign(contract="secret-4711")))

    assert "secret-4711" not in service.log.read_text()


def test_figures_are_summed_over_the_workers(service):
    def rows() -> float:
        _, _, text = service.ask("GET", "/metrics")
        found = [line for line in text.decode().splitlines() if line.startswith("serving_rows_total")]
        return sum(float(line.split()[1]) for line in found)

    before = rows()
    for _ in range(10):
        service.predict(body(standin.rows(3)))

    assert before + 30 == rows()
    assert b"serving_model_ready 1.0" in service.ask("GET", "/metrics")[2]


def test_a_model_that_cannot_be_loaded_is_never_ready_and_says_why_in_the_log_only(models, tmp_path, caplog):
    (tmp_path / "MLmodel").write_text((models / "model" / "MLmodel").read_text())
    client = inside(Model(tmp_path))

    assert {"error_code": "TEMPORARILY_UNAVAILABLE", "message": "the model cannot be loaded"} == client.get(
        "/readyz"
    ).json
    assert 503 == client.post("/v1/predict").status_code
    assert 200 == client.get("/healthz").status_code
    assert "Traceback" in caplog.text


def test_a_failure_of_the_model_is_told_without_its_reason(models):
    class Failing(Model):
        def predict(self, rows):
            raise RuntimeError(f"secret of {len(rows)} rows")

    asked = {"data": body(standin.rows(1)), "content_type": "application/json", "headers": {"X-Request-Id": "r1"}}
    answer = inside(Failing(models / "model")).post("/v1/predict", **asked)

    assert (500, {"error_code": "INTERNAL_ERROR", "message": "request r1 failed"}) == (answer.status_code, answer.json)


def test_requests_that_run_when_sigterm_comes_are_answered(models, tmp_path):
    frame, answers = standin.rows(2_000), []
    with serving(tmp_path, models / "model", GRACE_SECONDS="300") as one:
        one.until(200)
        threads = [threading.Thread(target=lambda: answers.append(one.predict(body(frame))[0])) for _ in range(3)]
        for thread in threads:
            thread.start()
        while not any(line.get("rows") for line in one.lines()) and one.process.poll() is None:
            time.sleep(0.01)  # until the first is answered: the others wait or run
        one.process.terminate()
        for thread in threads:
            thread.join()

    assert [200] * 3 == answers
    assert 0 == one.process.returncode
    assert [] == list(tmp_path.glob("metrics-*"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"MODEL_DIR": "/nowhere"}, "MODEL_DIR=/nowhere"),
        ({"WORKERS": "many"}, "WORKERS=many: give a whole number from 1"),
    ],
)
def test_a_setting_that_is_wrong_ends_the_start_with_one_line(models, tmp_path, settings, message):
    settings = dict(settings)
    with serving(tmp_path, settings.pop("MODEL_DIR", models / "model"), **settings) as one:
        code = one.process.wait(60)

    assert 2 == code
    assert one.log.read_text().startswith(f"serving: {message}")
    assert 1 == len(one.log.read_text().splitlines())

"""What a body may say to MLflow, and that no way of writing it hides a place."""

import gzip
import json

import pytest
from mlz_mlflow import allowed, pointers

from tests.workloads.mlflow.within import CREATE, FILE, VERSION, VERSIONS, bearing

FOREIGN = (
    "s3://b/k",
    "S3://b/k",
    "/etc/passwd",
    "file:///etc",
    "http://169.254.170.2/",
    "",
    "mlflow-artifacts:/a/../../b",
    "mlflow-artifacts:/a/%2e%2e/b",
    "runs://evil/r/a",
    "models:/m/1?x=1",
)
OWN = ("mlflow-artifacts:/workspaces/alpha/1/r/artifacts/model", "runs:/r/model", "models:/m/1", "models:/m@champion")
SOURCES = dict.fromkeys(FOREIGN, 403) | dict.fromkeys(OWN, 200)


@pytest.mark.parametrize(("source", "status"), SOURCES.items())
def test_a_models_source_is_an_artifact_of_this_server(inside, source, status):
    body = json.dumps({"name": "m", "source": source}).encode()

    assert status == inside.ask(VERSIONS, bearing("alpha"), body)[0]


def foreign(source="s3://b/k"):
    return json.dumps({"name": "m", "source": source}).encode()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, json.dumps(json.dumps({"name": "m", "source": "s3://b/k"})).encode()),
        ({}, b'{"name":"m","source":"runs:/r/m","source":"s3://b/k"}'),
        ({}, b'{"name":"m","source":"runs:/r/m"}{"source":"s3://b/k"}'),
        ({}, foreign().decode().encode("utf-16")),
        ({}, b"\xef\xbb\xbf" + foreign()),
        ({"content-type": "application/json; charset=utf-7"}, foreign().replace(b"s3", b"+AHM-3")),
        ({"content-encoding": "gzip"}, gzip.compress(foreign())),
        ({"content-type": "text/plain"}, foreign()),
        ({"content-type": "application/x-www-form-urlencoded"}, b"name=m&source=s3://b/k"),
        ({}, b"[" * 100_000),
        ({}, b'{"a":' * 90 + b"1" + b"}" * 90),
        ({}, b'[{"name":"m","source":"s3://b/k"}]'),
        ({}, b""),
        ({}, b'{"name":"m","source":["s3://b/k"]}'),
    ],
    ids=range(14),
)
def test_no_way_to_write_a_body_hides_a_source(inside, headers, body):
    assert inside.ask(VERSIONS, bearing("alpha", **headers), body)[0] in {400, 403, 415}
    assert [] == inside.reached


def test_mlflow_gets_the_body_that_was_understood(inside):
    sent = b'{"name":"m", "source":"s3://x", "source":"runs:/r/m", "name":"n"}'
    inside.ask(VERSIONS, bearing("alpha", **{"content-type": "text/plain", "content-length": str(len(sent))}), sent)

    got = inside.reached[0]
    assert {"name": "n", "source": "runs:/r/m"} == json.loads(got.body)
    assert (str(len(got.body)), "application/json") == (got.headers["content-length"], got.headers["content-type"])


@pytest.mark.parametrize(
    "key",
    [
        "mlflow.artifactLocation",
        "MLFLOW.ARTIFACTLOCATION",
        " mlflow.artifactLocation",
        "mlflow.artifact_location",
        "mlflow.trace.archiveLocation",
        "mlflow.trace.spansLocation",
    ],
)
def test_no_tag_says_where_artifacts_lie(inside, key):
    for path, body in (
        ("/api/3.0/mlflow/traces/tr-1/tags", {"key": key, "value": "s3://b"}),
        ("/api/3.0/mlflow/traces", {"trace": {"trace_info": {"tags": {key.strip(): "s3://b"}}}}),
        (CREATE, {"tags": [{"key": key, "value": "s3://b"}]}),
        ("/api/2.0/mlflow/logged-models", {"tags": [{"key": key, "value": "s3://b"}]}),
    ):
        method = "PATCH" if path.endswith("tags") else "POST"
        assert 403 == inside.ask(path, bearing("alpha"), json.dumps(body).encode(), method=method)[0], path


def test_files_are_not_read_as_json_and_arrive_as_they_were_sent(inside):
    raw = bytes(range(256)) * 40

    assert (
        200 == inside.ask(FILE, bearing("alpha", **{"content-type": "application/octet-stream"}), raw, method="PUT")[0]
    )
    assert raw == inside.reached[0].body


def test_every_reviewed_route_is_read():
    routes = allowed.reviewed(VERSION)

    assert {"read", "write", "refuse"} == {route.verdict for route in routes}
    assert len(routes) == len({(route.method, route.template) for route in routes})
    written = [route for route in routes if route.verdict == "write" and route.method in {"POST", "PATCH", "PUT"}]
    unchecked = {route.template for route in written if not pointers.checked(route.method, _example(route.template))}
    assert unchecked == {
        "/*/2.0/mlflow-artifacts/artifacts/<path:artifact_path>",
        "/*/2.0/mlflow/upload-artifact",
        "/v1/traces",
        *(route.template for route in written if route.template.startswith("/*/3.0/mlflow/datasets")),
        "/*/3.0/mlflow/scorers/register",
        *(
            f"/*/2.0/mlflow/experiments/{one}"
            for one in ("delete", "delete-experiment-tag", "restore", "set-experiment-tag", "update")
        ),
        *(
            f"/*/2.0/mlflow/runs/{one}"
            for one in (
                "delete",
                "delete-tag",
                "log-inputs",
                "log-metric",
                "log-parameter",
                "outputs",
                "restore",
                "update",
            )
        ),
        *(f"/*/2.0/mlflow/model-versions/{one}" for one in ("set-tag", "transition-stage", "update")),
        *(f"/*/2.0/mlflow/registered-models/{one}" for one in ("alias", "rename", "set-tag", "update")),
    }


def _example(template):
    return template.replace("/*/", "/api/").replace("<", "x").replace(">", "x").replace(":", "x")

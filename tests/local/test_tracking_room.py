"""Tracking servers without MLflow: whose turn it is to run, what a request asks for, why one does not start."""

import subprocess

import pytest

from checks.access.catalog import services
from local.tracking import servers
from local.tracking.actions import action_of, routes
from local.tracking.servers import MOST_RUNNING, Servers, TrackingError

RECORD = {"RoleArn": "arn:aws:iam::111111111111:role/missing", "ArtifactStoreUri": "s3://artifacts"}


def arn(name):
    return f"arn:aws:sagemaker:eu-west-1:111111111111:mlflow-tracking-server/{name}"


@pytest.fixture
def sleeping(monkeypatch, tmp_path):
    """Servers whose MLflow is a process that waits for its end."""
    made = Servers()
    start = lambda *_: (subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE), 1)  # noqa: E731
    monkeypatch.setattr(made, "_started", start)
    monkeypatch.setattr(servers, "_session", lambda *_: {})
    monkeypatch.setattr(servers.HERE, "folder", tmp_path)
    yield made
    for each in made.running():
        made.end(each, forget=True)


def used(some, name):
    with some.of(arn(name), RECORD):
        return some.running()[arn(name)]


def test_few_servers_run_at_once_and_the_one_asked_longest_ago_makes_room(sleeping):
    names = [f"s{number}" for number in range(MOST_RUNNING)]
    first = {name: used(sleeping, name) for name in names}
    assert first[names[0]] == used(sleeping, names[0])

    used(sleeping, "next")

    assert {arn(name) for name in (names[0], "next")} == set(sleeping.running())
    assert first[names[1]] != used(sleeping, names[1])


def test_a_server_that_is_being_asked_makes_no_room(sleeping):
    with sleeping.of(arn("busy"), RECORD):
        for number in range(MOST_RUNNING + 1):
            used(sleeping, f"s{number}")
        assert arn("busy") in sleeping.running()


def test_a_server_that_died_is_started_anew(sleeping):
    before = used(sleeping, "one")
    subprocess.run(["kill", "-9", str(before)], check=True)
    sleeping._known[arn("one")].process.wait(10)

    assert before != used(sleeping, "one")


def test_a_server_that_is_deleted_while_it_starts_leaves_no_process(sleeping, monkeypatch):
    made, start = [], sleeping._started

    def deleted_meanwhile(*given):
        made.append(start(*given)[0])
        sleeping._known.pop(arn("one"))
        return made[0], 1

    monkeypatch.setattr(sleeping, "_started", deleted_meanwhile)

    with pytest.raises(TrackingError, match="ended meanwhile"), sleeping.of(arn("one"), RECORD):
        pass
    assert made[0].poll() is not None


def test_a_server_whose_role_is_gone_says_so():
    with (
        pytest.raises(TrackingError, match="there is no role arn:aws:iam::111111111111:role/missing"),
        Servers().of(arn("one"), RECORD),
    ):
        pass


def test_each_action_of_aws_has_a_route_and_no_route_another():
    """Without AccessUI, which is asked for where pages are opened."""
    known = {name.name.partition(":")[2] for name in services()["sagemaker-mlflow"].actions.values()}

    assert known - {"AccessUI"} == {action for _, _, action in routes()}


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("POST", "/api/2.0/mlflow/runs/create", "CreateRun"),
        ("GET", "/ajax-api/2.0/mlflow/experiments/get", "GetExperiment"),
        ("POST", "/api/2.0/mlflow/logged-models/search", "SearchLoggedModels"),
        ("GET", "/api/2.0/mlflow/logged-models/m-1", "GetLoggedModel"),
        ("DELETE", "/api/2.0/mlflow/logged-models/m-1/tags/team", "DeleteLoggedModelTag"),
        ("POST", "/api/3.0/mlflow/traces", "StartTrace"),
        ("GET", "/api/2.0/mlflow/runs/create", None),
        ("GET", "/api/2.0/mlflow/users/get", None),
        ("GET", "/get-artifact", None),
    ],
)
def test_a_request_asks_for_the_action_of_its_route(method, path, action):
    assert action == action_of(method, path)

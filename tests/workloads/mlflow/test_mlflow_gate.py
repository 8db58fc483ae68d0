"""What the gate lets through to MLflow: whose workspace, which headers, paths and bodies, and how much at once."""

import asyncio
import json
import time

import pytest
from mlz_mlflow import bodies, turns
from mlz_mlflow.allowed import NotReviewedError
from mlz_mlflow.gate import Gate
from mlz_mlflow.identity import of_role
from mlz_mlflow.refused import Refused
from mlz_mlflow.settings import Settings, SettingsError

from tests.workloads.mlflow.within import FILE, GIVEN, SEARCH, VERSIONS, bearing


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111111111111:user/mlz-training",
        "arn:aws:iam::111111111111:role/mlz-training",
        "arn:aws:iam::111111111111:root",
        "arn:aws:sts::111111111111:federated-user/mlz-training",
        "arn:aws:sts::111111111111:assumed-role/mlz-training",
        "arn:aws:sts::111111111111:assumed-role/mlz-training/a/b",
        "arn:aws:sts::111111111111:assumed-role/mlz-training/a\narn:aws:sts::222222222222:assumed-role/mlz-training/a",
        "arn:aws:sts::１１１１１１１１１１１１:assumed-role/mlz-training/a",
        "",
    ],
)
def test_nobody_but_an_assumed_role_is_a_caller(arn):
    with pytest.raises(Refused, match="only roles"):
        of_role(arn, Settings.read(json.dumps(GIVEN)))


@pytest.mark.parametrize("asked", ["bravo", "default", "alpha,bravo", "ALPHA", "alpha bravo", "../bravo"])
def test_another_workspace_is_refused(inside, asked):
    assert 403 == inside.ask(headers=bearing("alpha", **{"x-mlflow-workspace": asked}))[0]
    assert [] == inside.reached


@pytest.mark.parametrize(
    "name", ["x_mlflow_workspace", "x-mlflow_workspace", "x-mlflow-workspace ", "x\u00e4", "a:b", ""]
)
def test_a_header_whose_name_two_readers_read_differently_is_refused(inside, name):
    assert 400 == inside.ask(headers=[*bearing("alpha").items(), (name, "bravo")])[0]


@pytest.mark.parametrize(
    "name", ["x-mlflow-workspace", "authorization", "content-length", "content-type", "host", "content-encoding"]
)
def test_a_header_that_is_there_twice_is_refused(inside, name):
    twice = [(name, "alpha"), (name.title(), "bravo")]

    assert (
        400 == inside.ask(headers=[*((one, said) for one, said in bearing("alpha").items() if one != name), *twice])[0]
    )


def test_mlflow_gets_the_headers_it_needs_and_no_others(inside):
    sent = {
        "accept": "*/*",
        "user-agent": "mlflow",
        "cookie": "session=x",
        "x-http-method-override": "DELETE",
        "x-forwarded-host": "evil",
        "x-original-url": "/api/2.0/mlflow/users/list",
        "x-mlflow-authorization": "x",
        "forwarded": "for=127.0.0.1",
    }
    inside.ask(headers=bearing("alpha", **sent))

    assert {"accept", "user-agent", "x-mlflow-workspace"} == inside.reached[0].headers.keys()


@pytest.mark.parametrize(
    "headers",
    [
        {"content-length": "2", "transfer-encoding": "chunked"},
        {"transfer-encoding": "chunked, identity"},
        {"transfer-encoding": "xchunked"},
        {"content-length": "+2"},
        {"content-length": "\u00b2"},
    ],
    ids=str,
)
def test_a_body_whose_end_is_not_plain_is_refused(inside, headers):
    assert 400 == inside.ask(VERSIONS, bearing("alpha", **headers))[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/2.0/mlflow/users/list"),
        ("POST", "/api/2.0/mlflow/users/create"),
        ("GET", "/api/2.0/mlflow/webhooks"),
        ("GET", "/api/2.0/mlflow/gateway-proxy"),
        ("POST", "/ajax-api/3.0/mlflow/assistant/message"),
        ("POST", "/ajax-api/3.0/mlflow/scorer/invoke"),
        ("PATCH", "/api/3.0/mlflow/workspaces/alpha"),
        ("DELETE", SEARCH),
        ("POST", "/api/4.0/mlflow/runs/search"),
        ("POST", "/api/2.0/mlflow/runs/search/"),
        ("POST", "/api/2.0/mlflow/runs/Search"),
        ("POST", "/api/2.0/mlflow/runs//search"),
        ("POST", "/api/2.0/mlflow/./runs/search"),
        ("POST", "//api/2.0/mlflow/runs/search"),
        ("POST", "/api/2.0/mlflow/runs/search%2f"),
        ("POST", "/api/2.0/mlflow/runs/search;a"),
        ("POST", "/api/2.0/mlflow/runs/search\n"),
        ("POST", "/ａpi/2.0/mlflow/runs/search"),
        ("PROPFIND", SEARCH),
        ("OPTIONS", SEARCH),
        ("GET", "/metrics"),
        ("GET", "/static-files/../api/2.0/mlflow/users/list"),
        ("GET", "/anything/new"),
    ],
)
def test_what_is_not_on_the_list_is_refused(inside, method, path):
    assert inside.ask(path, bearing("alpha"), method=method)[0] in {400, 403}
    assert [] == inside.reached


def test_a_version_of_mlflow_that_nobody_has_read_does_not_start():
    with pytest.raises(NotReviewedError, match=r"MLflow 3\.99\.0 has not been reviewed, only 3\.17\.2"):
        Gate(None, Settings.read(json.dumps(GIVEN)), "3.99.0")


def test_a_files_name_may_hold_any_letter(inside):
    for name in ("größe.txt", "a b (1).csv", "混.parquet", "a+b=c@1.json"):
        assert (
            200
            == inside.ask(
                f"/api/2.0/mlflow-artifacts/artifacts/workspaces/alpha/{name}", bearing("alpha"), method="PUT"
            )[0]
        )


def test_a_body_has_a_largest_size_whether_it_is_announced_or_not(inside, monkeypatch):
    monkeypatch.setattr("mlz_mlflow.gate.LONGEST_JSON", 1000)

    assert 413 == inside.ask(SEARCH, bearing("alpha"), b"x" * 1001)[0]
    assert 413 == inside.ask(VERSIONS, bearing("alpha", **{"content-length": "1001"}), b"{}")[0]
    assert 413 == asyncio.run(inside.asked(SEARCH, bearing("alpha"), pieces=[b"x" * 600, b"x" * 600]))[0]
    assert 200 == inside.ask(FILE, bearing("alpha"), b"x" * 1001, method="PUT")[0]


def test_a_body_that_stops_coming_is_given_up(inside, monkeypatch):
    monkeypatch.setattr(bodies, "SILENCE_SECONDS", 0.05)

    async def slowly():
        await asyncio.sleep(5)

    began = time.monotonic()
    assert 408 == asyncio.run(inside.asked(SEARCH, bearing("alpha"), pieces=[b"{", slowly()]))[0]
    assert time.monotonic() - began < 4


def test_one_team_does_not_take_the_others_turns(inside, monkeypatch):
    monkeypatch.setattr(turns, "AT_ONCE", 3)
    monkeypatch.setattr(turns, "WAITING", 2)

    async def rush():
        inside.pause = asyncio.Event()
        greedy = [asyncio.create_task(inside.asked(SEARCH, bearing("alpha"))) for _ in range(9)]
        while len([one for one in greedy if one.done()]) < 4:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        modest = asyncio.create_task(inside.asked(SEARCH, bearing("bravo")))
        while len(inside.reached) < 4:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        at_once = len([one for one in inside.reached if one.user == "team-alpha"])
        inside.pause.set()
        return at_once, [status for status, _ in await asyncio.gather(*greedy)], await modest

    at_once, statuses, modest = asyncio.run(rush())
    assert 3 == at_once
    assert {200: 5, 429: 4} == {status: statuses.count(status) for status in set(statuses)}
    assert 200 == modest[0]


def test_a_websocket_is_closed(inside):
    assert "websocket.close" == inside.ask("/x", bearing("alpha"), kind="websocket")[0]["type"]


def test_health_needs_no_login_and_shows_nobody(inside):
    assert 200 == inside.ask("/health", {"x-mlflow-workspace": "bravo"}, method="GET")[0]
    assert [] == inside.reached
    assert 401 == inside.ask("/health", method="POST")[0]
    assert 401 == inside.ask("/health/", method="GET")[0]


def test_the_gate_itself_says_which_workspaces_a_caller_has(inside):
    page = "/ajax-api/3.0/mlflow/workspaces"

    assert (200, {"workspaces": [{"name": "alpha"}]}) == _read(inside.ask(page, bearing("alpha"), method="GET"))
    assert (200, {"workspace": {"name": "alpha"}}) == _read(inside.ask(f"{page}/alpha", bearing("alpha"), method="GET"))
    assert 404 == inside.ask(f"{page}/bravo", bearing("alpha"), method="GET")[0]


def _read(answer):
    return answer[0], json.loads(answer[1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"teams": {"alpha": "1"}}, "'1' is no account id"),
        ({"teams": {"default": "111111111111"}}, "'default' is MLflow's own word"),
        ({"teams": {"A": "111111111111"}}, "team 'A' is no workspace name"),
        ({"teams": {"a1": "111111111111", "b1": "111111111111"}}, "two teams share an account"),
        ({"teams": {}}, "teams is empty"),
        ({"roles": ["*"]}, "'*' is no role name"),
        ({"reader_roles": ["mlz-training"]}, "may write and may only read"),
        ({"admins": ["mlz-admin"]}, "is not account:role"),
        ({"role": ["x"]}, "and nothing else"),
        (
            {"people": {"load_balancer": "x", "issuer": "y", "client": "z", "groups": {"g": "nobody"}}},
            "no team 'nobody'",
        ),
    ],
    ids=str,
)
def test_settings_that_cannot_be_meant_are_refused(change, said):
    with pytest.raises(SettingsError, match=said.replace("*", r"\*")):
        Settings.read(json.dumps({**GIVEN, **change}))


def test_two_hundred_teams_fit_a_task_definition():
    many = {**GIVEN, "teams": {f"team-{number:03}-of-the-company": f"{number:012}" for number in range(200)}}

    assert len(Settings.read(json.dumps(many)).teams) == 200
    assert len(json.dumps(many)) < 16 << 10  # ECS takes 64 KB for the whole task definition

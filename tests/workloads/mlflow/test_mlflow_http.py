"""What reaches the running server byte by byte: bodies with two ends, requests behind a refused one, dawdlers."""

import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.workloads.mlflow.world import V2, World

pytestmark = pytest.mark.mariadb
SEARCH = f"{V2}/experiments/search"


@pytest.fixture
def world(mlflow_rig, mlflow_server):
    return World(mlflow_server.url, {team: mlflow_rig.token(team) for team in ("alpha", "bravo")})


def opened(world):
    parts = urlsplit(world.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def raw(world, *requests):
    """Send bytes as they are; return all that comes back until the server hangs up."""
    with opened(world) as connection:
        connection.sendall(b"".join(requests))
        got = b""
        while piece := connection.recv(65536):
            got += piece
    return got.decode(errors="replace")


def request(world, team, line, *headers, body=b""):
    said = [f"{line} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {world.tokens[team]}", *headers, "", ""]
    return "\r\n".join(said).encode() + body


def statuses(text):
    return [int(part[:3]) for part in text.split("HTTP/1.1 ")[1:]]


def test_a_body_with_two_ends_is_refused_and_nothing_behind_it_is_read(world):
    hidden = request(world, "bravo", f"GET {V2}/experiments/get?experiment_id=0")
    for headers in (
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Content-Length: 4", "Content-Length: 400"),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding : chunked", "Content-Length: 4"),
        ("Content-Length: 4, 400",),
    ):
        sent = request(world, "alpha", f"POST {SEARCH}", *headers, body=b"0\r\n\r\n" + hidden)

        assert [400] == statuses(raw(world, sent)), headers


def test_a_request_behind_a_refused_one_is_not_answered(world):
    refused = request(world, "alpha", f"POST {V2}/users/create", "Content-Length: 2", body=b"{}")
    behind = request(world, "alpha", "GET /version")

    assert [403] == statuses(raw(world, refused, behind))


def test_two_requests_on_one_line_are_two_callers(world):
    last = request(world, "alpha", f"GET {V2}/../2.0/mlflow/experiments/get")
    both = raw(
        world,
        request(world, "alpha", "GET /ajax-api/3.0/mlflow/workspaces"),
        request(world, "bravo", "GET /ajax-api/3.0/mlflow/workspaces"),
        last,
    )

    assert [200, 200, 400] == statuses(both)
    assert both.index('"alpha"') < both.index('"bravo"')
    assert 1 == both.count('"alpha"') == both.count('"bravo"')


@pytest.mark.parametrize(
    "line",
    [
        f"GET http://localhost{V2}/users/list",
        f"GET http://evil.example{V2}/experiments/get?experiment_id=0",
        "CONNECT localhost:3306",
        "TRACE /",
        "GET *",
        "GET /\x00",
    ],
)
def test_an_odd_request_line_is_refused(world, line):
    answered = statuses(raw(world, request(world, "alpha", line)))

    assert answered
    assert all(400 <= status < 500 for status in answered)


def test_a_host_that_is_not_the_servers_is_refused(world):
    line = f"GET {V2}/experiments/get?experiment_id=0"
    sent = request(world, "alpha", line, "Connection: close").replace(b"Host: localhost", b"Host: evil.example")

    assert [403] == statuses(raw(world, sent))


def test_a_web_socket_is_no_way_in(world):
    upgrade = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: x")

    assert [403] == statuses(raw(world, request(world, "alpha", "GET /ajax-api/3.0/mlflow/assistant", *upgrade)))


def test_callers_who_say_nothing_or_half_do_not_stop_the_others(world):
    half = request(world, "alpha", f"POST {SEARCH}", "Content-Length: 1000", body=b"{")
    lines = []
    try:
        for number in range(60):
            line = opened(world)
            line.sendall((b"", b"GET / HT", half)[number % 3])
            lines.append(line)
        began = time.monotonic()
        assert world.call("bravo", "POST", SEARCH, {"max_results": 5}).ok
        assert time.monotonic() - began < 15
    finally:
        for line in lines:
            line.close()

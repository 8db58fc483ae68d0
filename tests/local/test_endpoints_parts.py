"""What endpoints are made of, without an emulated AWS: turns, samples, shares, and a container that is late."""

import socket
import threading
from dataclasses import dataclass

import pytest

from local.endpoints.choosing import choose, sampled
from local.endpoints.replies import Question, ask
from local.endpoints.shifting import LONGEST_PAUSE_SECONDS, shift_of


@dataclass
class Part:
    name: str
    weight: float
    credit: float = 0.0


def test_each_variant_has_its_turns_by_weight_evenly_spread():
    among = [Part("a", 3), Part("b", 1), Part("c", 0)]

    turns = "".join(choose(among).name for _ in range(8))

    assert {"a": 6, "b": 2} == {name: turns.count(name) for name in set(turns)}
    assert "bb" not in turns


@pytest.mark.parametrize(("percentage", "count"), [(0, 0), (1, 2), (33, 66), (100, 200)])
def test_a_sample_has_as_many_calls_as_asked_for(percentage, count):
    assert count == sum(sampled(number, percentage) for number in range(1, 201))


def size(value, kind="CAPACITY_PERCENT"):
    return {"Type": kind, "Value": value}


def routing(**given):
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": given}}


@pytest.mark.parametrize(
    ("config", "shares"),
    [
        pytest.param({}, (1.0,), id="none"),
        pytest.param(routing(Type="ALL_AT_ONCE"), (1.0,), id="at-once"),
        pytest.param(routing(Type="CANARY", CanarySize=size(10)), (0.1, 1.0), id="canary"),
        pytest.param(routing(Type="CANARY", CanarySize=size(1, "INSTANCE_COUNT")), (0.25, 1.0), id="canary-instance"),
        pytest.param(routing(Type="LINEAR", LinearStepSize=size(25)), (0.25, 0.5, 0.75, 1.0), id="linear"),
        pytest.param({"RollingUpdatePolicy": {"MaximumBatchSize": size(50)}}, (0.5, 1.0), id="rolling"),
    ],
)
def test_a_deployment_moves_the_calls_in_these_shares(config, shares):
    assert shares == shift_of(config, 4).shares


def test_pauses_are_short_here_and_alarms_are_kept():
    alarms = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}

    shift = shift_of({**routing(Type="ALL_AT_ONCE", WaitIntervalInSeconds=600), **alarms}, 1)

    assert (LONGEST_PAUSE_SECONDS, ("errors",)) == (shift.pause, shift.alarms)


@pytest.mark.parametrize(("says", "why"), [(b"", "timed out while waiting"), (b"nonsense\r\n\r\n", "did not answer")])
def test_a_container_that_is_late_or_speaks_no_http_has_no_status(says, why):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hear():
            with server.accept()[0] as heard:
                heard.sendall(says)
                done.wait(30)

        done = threading.Event()
        thread = threading.Thread(target=hear)
        thread.start()
        reply = ask(server.getsockname()[1], Question(body=b"1"), seconds=0.2)
        done.set()
        thread.join()

    assert (0, False) == (reply.status, reply.well)
    assert why in reply.body.decode()

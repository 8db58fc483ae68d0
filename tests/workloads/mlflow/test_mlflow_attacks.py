"""Team alpha against team bravo on one server: each attempt with each workspace header, and none may leak."""

import collections

import pytest

from tests.workloads.mlflow.attempts_platform import DELETIONS, PLATFORM, REGISTRY
from tests.workloads.mlflow.attempts_storage import FILES, POINTERS
from tests.workloads.mlflow.attempts_tracking import TRACKING
from tests.workloads.mlflow.world import World

pytestmark = pytest.mark.mariadb

MISSING = "failures occurred while downloading"
"""How MLflow says that an own file is not there: with status 500."""

ATTEMPTS = [*TRACKING, *FILES, *POINTERS, *REGISTRY, *PLATFORM, *DELETIONS]


@pytest.fixture(scope="module")
def world(mlflow_rig, mlflow_server):
    tokens = {team: mlflow_rig.token(team) for team in ("alpha", "bravo")}
    return World(mlflow_server.url, tokens).furnish()


@pytest.fixture(autouse=True)
def fresh(world, mlflow_rig):
    world.tokens = {team: mlflow_rig.token(team) for team in world.tokens}


@pytest.mark.shows("G16", "S21")
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.id)
def test_another_team_is_out_of_reach(attempt, world):
    made = [attempt.made(world, variant) for variant in world.variants]

    assert [] == [answer for leaked, answer in made if leaked]
    assert [] == [answer for _, answer in made if answer.status >= 500 and MISSING not in answer.text]


def test_no_attempt_is_there_twice():
    twice = [name for name, times in collections.Counter(one.id for one in ATTEMPTS).items() if times > 1]

    assert [] == twice

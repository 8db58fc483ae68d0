"""The way to MLflow on Fargate, in the plan: endpoints, costs, waiting, and which stacks an id touches."""

import re
import shutil
from pathlib import Path

import pytest

from zone.plan.affected import affected
from zone.plan.cost import standing
from zone.plan.describe import dependencies, describe
from zone.plan.planner import EXAMPLES, read
from zone.plan.unmade import awaited

SHARED = Path(__file__).parents[2] / "examples" / "shared-platform"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHARED, tmp_path / "accounts")
    return tmp_path / "accounts"


def changed(folder, pattern, by):
    lock = folder / "ids.lock.yaml"
    text, count = re.subn(pattern, by, lock.read_text())
    assert 1 == count
    lock.write_text(text)
    return read(folder)


def test_a_server_on_fargate_needs_one_endpoint_to_the_platform_and_none_of_sagemakers():
    keys = {stack: [each.key for each in team.endpoints] for stack, team in read(SHARED).teams.items()}
    managed = {each.key for team in read(EXAMPLES).teams.values() for each in team.endpoints}

    assert {1} == {each.count("mlflow") for each in keys.values()}
    assert not [stack for stack, each in keys.items() if "mlflow-tracking" in each]
    assert "mlflow-tracking" in managed
    assert "mlflow" not in managed


def test_the_endpoint_is_counted_in_each_zone_and_the_name_once():
    zone = read(SHARED)
    costs = {cost.what: cost.count for cost in standing(zone)["dev-churn"]}
    interfaces = sum(not each.gateway for each in zone.teams["dev-churn"].endpoints)

    assert 2 * interfaces == costs["interface endpoint"]
    assert 1 == costs["private hosted zone"]


def test_a_team_waits_for_its_own_platform_only_until_the_service_is_recorded(folder):
    ready = read(folder)
    unready = changed(folder, r"  dev: \{mlflow_service: [^}]+\}\n", "")

    assert {"org", "dev"} == dependencies(ready)["dev-fraud"]
    assert (None, None) == (awaited(ready, "dev-fraud"), awaited(ready, "prod-fraud"))
    assert ("dev", None) == (awaited(unready, "dev-fraud"), awaited(unready, "prod-fraud"))
    (stack,) = [each for each in describe(unready)["stacks"] if each["stack"] == "dev-fraud"]
    assert ["mlflow: not made yet"] == [
        each["service"] for each in stack["endpoints"] if each["neededBy"] == ["mlflow"]
    ]


def test_another_endpoint_service_touches_the_teams_of_its_environment_and_no_other_stack(folder):
    before = read(folder)
    after = changed(folder, "vpce-svc-0d0e0f00112233445", "vpce-svc-0123456789abcdef0")

    assert ["dev-churn", "dev-fraud"] == [each.stack for each in affected(before, after)]

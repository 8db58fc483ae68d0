"""What stands costs what AWS's price list says, worked out by hand here."""

from dataclasses import replace

import pytest

from tests.small_zone import TEAM, ZONE
from zone.facts import facts
from zone.plan.cost import Cost, standing, total, unit_price
from zone.plan.describe import describe
from zone.plan.planner import EXAMPLES, read
from zone.specs.mlflow import PerTeamMlflow


@pytest.fixture(scope="module")
def examples():
    return read(EXAMPLES)


def amounts(zone, stack):
    return {cost.what: (cost.count, cost.usd_per_month) for cost in standing(zone)[stack]}


@pytest.mark.shows("T17")
def test_a_team_pays_for_each_interface_endpoint_in_each_zone_and_for_its_keys(examples):
    # 12 interface endpoints (the 13th, S3's, is a gateway and free) in 2 zones, 730 hours at 0.011; 6 keys at 1.
    assert {"interface endpoint": (24, 192.72), "KMS key": (6, 6.0)} == amounts(examples, "dev-fraud")
    assert 198.72 == total(standing(examples)["dev-fraud"])


def test_a_team_without_online_features_has_a_key_less(examples):
    # 9 interface endpoints in 2 zones, 730 hours at 0.011; 5 keys at 1.
    assert {"interface endpoint": (18, 144.54), "KMS key": (5, 5.0)} == amounts(examples, "dev-vision")


def test_a_third_zone_and_another_region_change_the_price():
    subnets = {**TEAM.network.subnets, "f": TEAM.network.subnets["a"]}
    account = replace(TEAM.account, region="sa-east-1")
    team = replace(TEAM, account=account, network=replace(TEAM.network, subnets=subnets))
    zone = replace(ZONE, teams={"dev-fraud": team})

    count = len(subnets)  # one interface endpoint, sts
    assert amounts(ZONE, "dev-fraud")["interface endpoint"][0] == count - 1
    assert amounts(zone, "dev-fraud")["interface endpoint"] == (count, round(count * 730 * 0.021, 2))


def test_a_server_a_team_is_billed_once_a_team():
    shared, platform = ZONE, ZONE.platforms["dev"]
    own = replace(ZONE, platforms={"dev": replace(platform, mlflow=PerTeamMlflow(mode="per_team"))})

    assert 1 == amounts(shared, "dev")["MLflow server Small"][0]
    assert 2 == amounts(own, "dev")["MLflow server Small"][0]


def test_a_price_that_nobody_knows_is_said_and_not_guessed(examples):
    data = describe(examples, ["prod"])

    assert unit_price("MLflow server Small", "us-east-1") == pytest.approx(0.642 * 730)
    server = {"what": "MLflow server Small", "count": 3, "region": "eu-west-1", "usdPerMonth": None}
    assert server in data["stacks"][0]["standingCosts"]
    assert 1.0 == data["standingUsdPerMonth"]
    assert any("no price known for 3 × MLflow server Small in eu-west-1, 1,406 USD" in note for note in data["notes"])
    assert Cost(what="KMS key", count=1, region="mars-north-1").usd_per_month is None


def test_the_sum_of_the_zone_is_the_sum_of_its_stacks(examples):
    # Platform 1 key; churn 12 endpoints and 5 keys, fraud 12 and 6, vision 9 and 5; dev and prod alike.
    assert describe(examples)["standingUsdPerMonth"] == round(2 * (1 + 197.72 + 198.72 + 149.54), 2)


def test_every_price_says_where_it_comes_from_and_of_when():
    for record in facts("prices")["prices"].values():
        assert record["source"]
        assert record["as_of"]
        assert record["per"] in {"hour", "month", "GB"}
        assert all(0 < usd < 100 for usd in record["usd"].values())


def test_accounts_that_hold_nothing_say_so(examples):
    note = "org-logs and org-security hold nothing yet"

    assert any(note in said for said in describe(examples, ["org"])["notes"])
    assert not any(note in said for said in describe(examples, ["dev-fraud"])["notes"])

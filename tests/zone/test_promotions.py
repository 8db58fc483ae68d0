"""A model that goes from one environment to another: both sides of the plan, and what is refused across files."""

import pytest

from zone.plan.planner import read
from zone.plan.promotions import PromotionPlan
from zone.specs.problems import SpecErrors

OFFER = "models: {card-fraud: {promote_to: [prod]}}"


def says(folder) -> list[str]:
    with pytest.raises(SpecErrors) as refused:
        read(folder.path)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.shows("G12")
def test_a_declared_promotion_is_in_the_plan_of_both_sides_and_of_nobody_else(folder):
    folder.change("dev/fraud.yaml", "models: [card-fraud]", OFFER)

    teams = read(folder.path).teams

    expected = PromotionPlan(
        model="card-fraud",
        owner="dev-fraud",
        owner_account_id="100000000012",
        taker="prod-fraud",
        taker_account_id="100000000022",
    )
    assert {"dev-fraud": (expected,)} == {
        key: team.promotions_out for key, team in teams.items() if team.promotions_out
    }
    assert {"prod-fraud": (expected,)} == {key: team.promotions_in for key, team in teams.items() if team.promotions_in}


def test_without_a_declaration_nothing_leaves_an_environment(folder):
    assert {()} == {each for team in read(folder.path).teams.values() for each in (team.promotions_out,)}


def test_the_order_of_promotion_is_the_organisations(folder):
    folder.change("org/environment.yaml", "kind: organization", "kind: organization\npromotion: [prod, dev]")
    folder.change("dev/fraud.yaml", "models: [card-fraud]", OFFER)

    expected = (
        "dev/fraud.yaml:<models: {card-fraud>: models.card-fraud.promote_to[0]: no environment after dev, got prod; "
        "allowed: none, there is no other (promotion in org/environment.yaml: prod, dev)"
    )
    assert [folder.expected(expected)] == says(folder)


def test_the_environment_has_the_same_team(folder):
    folder.change("dev/vision.yaml", "models: [damage-detector", "models: {damage-detector: {promote_to: [prod]}} #")
    folder.remove("prod/vision.yaml")
    folder.change("ids.lock.yaml", '  prod-vision: {id: "100000000023"', "  prod-vision: {retired: 2026-11-30")

    expected = (
        "dev/vision.yaml:<models: {damage>: models.damage-detector.promote_to[0]: prod has no team vision, got prod; "
        "allowed: add prod/vision.yaml, or leave prod out"
    )
    assert folder.expected(expected) in says(folder)


def test_a_team_with_problems_of_its_own_is_not_called_missing(folder):
    folder.change("dev/fraud.yaml", "models: [card-fraud]", OFFER)
    folder.change("prod/fraud.yaml", "budget_usd_per_month: 9000", "budget_usd_per_month: 0")

    assert [True] == ["budget_usd_per_month" in line for line in says(folder)]


def test_sagemaker_reads_no_artifact_of_another_region(folder):
    folder.change("dev/fraud.yaml", "models: [card-fraud]", OFFER)
    folder.change("prod/environment.yaml", "region: eu-west-1", "region: eu-central-1")
    folder.change("ids.lock.yaml", "prod: {region: eu-west-1", "prod: {region: eu-central-1")

    expected = (
        "dev/fraud.yaml:<models: {card-fraud>: models.card-fraud.promote_to[0]: prod is in eu-central-1, its owner "
        "in eu-west-1, got prod; allowed: an environment of the same region, for SageMaker takes artifacts and images "
        "of its own region only"
    )
    assert folder.expected(expected) in says(folder)


def test_the_environment_has_something_to_deploy_with(folder):
    folder.change("dev/fraud.yaml", "models: [card-fraud]", OFFER)
    folder.change("prod/fraud.yaml", "endpoint: [ml.c5.xlarge, ml.c5.2xlarge]", "endpoint: []\n  transform: []")

    expected = (
        "dev/fraud.yaml:<models: {card-fraud>: models.card-fraud.promote_to[0]: prod/fraud.yaml has neither endpoints "
        "nor transform jobs that could use card-fraud, got prod; allowed: declare instance_types.endpoint or "
        "instance_types.transform there"
    )
    assert [folder.expected(expected)] == says(folder)


def test_a_list_of_names_and_names_that_say_nothing_are_the_same(folder):
    before = read(folder.path)
    folder.change("dev/fraud.yaml", "models: [card-fraud]", "models: {card-fraud: {}}")

    assert before.teams == read(folder.path).teams

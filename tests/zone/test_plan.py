"""The plan of the examples: what crosses accounts is decided once, and rightly."""

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from zone.guardrails.packing import kinds
from zone.names import UNASSIGNED
from zone.plan.mlflow import MlflowPlan
from zone.plan.planner import read
from zone.plan.shares import Share
from zone.plan.zone import ZonePlan
from zone.specs.problems import SpecErrors


@pytest.fixture
def zone(folder) -> ZonePlan:
    return read(folder.path)


def test_a_platform_stack_has_the_name_of_its_environment_and_a_team_stack_of_its_account(zone):
    stacks = {key: account.stack for key, account in zone.organization.accounts.items()}

    assert {"dev": "dev-platform", "prod": "prod-platform"} == {
        name: platform.account.key for name, platform in zone.platforms.items()
    }
    assert "dev" == stacks["dev-platform"]
    assert "dev-fraud" == stacks["dev-fraud"]
    assert "org-logs" == stacks["org-logs"]
    assert {"churn", "fraud", "vision"} == set(zone.platforms["prod"].teams)


@pytest.mark.shows("A1", "A4")
def test_accounts_sit_in_the_unit_of_their_environment_and_parents_come_first(zone):
    assert ("Security", "Workloads", "Workloads/Dev", "Workloads/Prod") == zone.organization.organizational_units
    assert {"dev": "Workloads/Dev", "prod": "Workloads/Prod", "org": "Security"} == {
        account.environment: account.organizational_unit for account in zone.organization.accounts.values()
    }


@pytest.mark.shows("K3", "L7")
def test_every_account_carries_the_required_tags(zone):
    expected = {
        "mlz:owner": "fraud-lead@example.com",
        "mlz:cost-centre": "CC-2001",
        "mlz:environment": "prod",
        "mlz:account": "prod-fraud",
        "mlz:data-class": "confidential",
    }

    assert expected == zone.teams["prod-fraud"].account.tags
    assert {tuple(expected)} == {
        tuple(account.tags) for account in [*zone.organization.accounts.values(), zone.organization]
    }


def test_recorded_blocks_are_used_and_each_zone_has_its_quarter(zone):
    network = zone.teams["dev-churn"].network

    assert IPv4Network("10.64.16.0/24") == network.cidr
    assert {"a": IPv4Network("10.64.16.0/26"), "b": IPv4Network("10.64.16.64/26")} == network.subnets


@pytest.mark.shows("S11")
def test_a_new_team_moves_no_block(folder, zone):
    text = (folder.path / "dev/vision.yaml").read_text().replace("+dev-vision", "+dev-audio")
    folder.write("dev/audio.yaml", text)

    after = read(folder.path)

    assert {key: team.network for key, team in zone.teams.items()} == {
        key: team.network for key, team in after.teams.items() if key != "dev-audio"
    }


def test_a_share_is_seen_from_both_sides(zone):
    share = Share(
        name="merchant-risk",
        kind="online",
        owner="dev-fraud",
        owner_account_id="100000000012",
        reader="dev-churn",
        reader_account_id="100000000011",
    )

    assert share in zone.teams["dev-fraud"].shares_out
    assert share in zone.teams["dev-churn"].shares_in
    assert ("dataset", "offline", "offline", "online") == tuple(s.kind for s in zone.teams["dev-churn"].shares_in)
    assert () == zone.teams["dev-vision"].shares_in + zone.teams["dev-vision"].shares_out


def test_a_data_set_is_shared_only_once_its_reader_asks_for_it(folder):
    folder.change("dev/churn.yaml", "reads: [fraud/chargebacks]", "reads: []")

    zone = read(folder.path)

    assert "chargebacks" not in {share.name for share in zone.teams["dev-fraud"].shares_out}
    assert "chargebacks" not in {share.name for share in zone.teams["dev-churn"].shares_in}


def test_a_shared_mlflow_is_one_server_and_not_isolated(zone):
    expected = MlflowPlan(
        server_name="mlz-dev",
        server_arn="arn:aws:sagemaker:eu-west-1:100000000010:mlflow-tracking-server/mlz-dev",
        access_role_arn="arn:aws:iam::100000000010:role/mlz/mlz-mlflow-fraud",
        isolated=False,
        artifact_bucket="mlz-dev-platform-mlflow-100000000010",
        artifact_prefix="",
        key_alias="alias/mlz/dev-platform/models",
    )

    assert expected == zone.teams["dev-fraud"].mlflow


def test_an_mlflow_per_team_is_a_server_and_a_prefix_each(zone):
    fraud = zone.teams["prod-fraud"]
    mlflow = fraud.mlflow
    prefix = f"{fraud.account.account_id}/"

    assert ("mlz-prod-fraud", prefix, True) == (mlflow.server_name, mlflow.artifact_prefix, mlflow.isolated)


@pytest.mark.shows("S10")
def test_each_team_gets_the_endpoints_of_what_it_declares(zone):
    fraud, vision = ({e.key for e in zone.teams[f"dev-{team}"].endpoints} for team in ("fraud", "vision"))

    assert vision < fraud
    assert "athena" in fraud - vision  # only fraud has an offline store to query


def test_a_guardrail_holds_each_team_and_platform_to_its_instance_types(zone):
    targets = {guardrail.key: guardrail.targets for guardrail in zone.organization.guardrails}

    assert ("dev-fraud",) == targets["instance-types-dev-fraud"]
    assert len(zone.teams) + len(zone.platforms) == sum(key.startswith("instance-types-") for key in targets)


def test_a_first_plan_needs_no_ids(folder):
    folder.remove("ids.lock.yaml")

    zone = read(folder.path)

    assert {UNASSIGNED} == {account.account_id for account in zone.organization.accounts.values()}
    assert {""} == {zone.organization.organization_id} | {team.organization_id for team in zone.teams.values()}


def test_the_three_example_teams_differ(zone):
    fraud, churn, vision = (zone.teams[f"prod-{team}"] for team in ("fraud", "churn", "vision"))

    assert [True, False] == [
        fraud.feature_groups["card-activity"].online,
        churn.feature_groups["customer-behaviour"].online,
    ]
    assert not vision.feature_groups
    assert not vision.instance_types.endpoint
    assert fraud.instance_types.endpoint
    assert [22, 24, 20] == [team.network.cidr.prefixlen for team in (fraud, churn, vision)]
    assert ["confidential", "internal"] == [team.account.tags["mlz:data-class"] for team in (fraud, churn)]


@pytest.mark.shows("K8", "T10")
def test_guardrails_that_fit_no_policy_are_a_problem_of_the_organisations_file(folder, monkeypatch):
    limits = {key: replace(kind, characters=1000) for key, kind in kinds().items()}
    monkeypatch.setattr("zone.guardrails.packing.kinds", lambda: limits)

    with pytest.raises(SpecErrors) as error:
        read(folder.path)

    assert {("org/environment.yaml", "guardrails")} == {(each.file, each.key) for each in error.value.problems}
    assert "guardrail required-tags has 2,5" in str(error.value)


def test_homes_outlive_the_domain_unless_the_account_is_disposable_or_the_team_says_so(zone):
    fraud, churn = zone.teams["prod-fraud"], zone.teams["dev-churn"]

    assert (True, False) == (fraud.keep_home, zone.teams["dev-fraud"].keep_home)
    assert (None, True, False) == (churn.studio.keep_home, churn.account.disposable, churn.keep_home)
    said = replace(churn, studio=churn.studio.model_copy(update={"keep_home": True}))
    assert said.keep_home

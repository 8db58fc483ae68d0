"""MLflow: one server for all says so and denies deleting; a server per team keeps teams apart."""

import json
from dataclasses import replace

import pytest

from components.access.grants.mlflow import serve, track
from components.access.grants.roles import holders
from tests import iam
from tests.components.building import built, document
from tests.components.examples import mlflow
from tests.small_zone import ZONE
from zone import names
from zone.specs.mlflow import MlflowServer, PerTeamMlflow

SERVER = "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer"
PLATFORM = ZONE.platforms["dev"]
PER_TEAM = replace(PLATFORM, mlflow=PerTeamMlflow(mode="per_team", size=MlflowServer.MEDIUM))


@pytest.fixture(scope="module")
def shared():
    return built(lambda opts: mlflow(opts, PLATFORM), PLATFORM.account.account_id)


@pytest.fixture(scope="module")
def per_team():
    return built(lambda opts: mlflow(opts, PER_TEAM), PER_TEAM.account.account_id)


def resources(recording, policy, sid):
    return document(recording.one("aws:iam/policy:Policy", policy))[sid]["Resource"]


@pytest.mark.shows("G1", "G3")
def test_a_shared_server_serves_every_team(shared):
    server = shared.one(SERVER)

    assert "mlz-dev" == server.inputs["trackingServerName"]
    assert "s3://mlz-dev-platform-mlflow-333333333333" == server.inputs["artifactStoreUri"]
    assert {server.outputs["arn"]} == {
        resources(shared, f"platform-mlflow-{team}", "Track")[0] for team in PLATFORM.teams
    }


def test_on_a_shared_server_no_team_deletes_what_may_be_anothers(shared, per_team):
    denied = document(shared.one("aws:iam/policy:Policy", "platform-mlflow-fraud"))["NeverDeleteForOthers"]

    assert ("Deny", ["sagemaker-mlflow:Delete*"]) == (denied["Effect"], denied["Action"])
    assert "NeverDeleteForOthers" not in document(per_team.one("aws:iam/policy:Policy", "platform-mlflow-fraud"))


@pytest.mark.shows("D7", "G3", "G16", "S21", "T18")
def test_with_a_server_per_team_each_reaches_only_its_own(per_team):
    arns = {each.inputs["trackingServerName"]: each.outputs["arn"] for each in per_team.of(SERVER)}

    assert {"mlz-dev-fraud", "mlz-dev-churn"} == set(arns)
    for team in PER_TEAM.teams:
        assert [arns[f"mlz-dev-{team}"]] == resources(per_team, f"platform-mlflow-{team}", "Track")


@pytest.mark.shows("G3", "G5", "G16")
def test_a_teams_server_keeps_its_artifacts_under_the_teams_prefix(per_team):
    server = per_team.one(SERVER, "platform-server-fraud").inputs

    assert "s3://mlz-dev-platform-mlflow-333333333333/111111111111" == server["artifactStoreUri"]
    assert ["arn:aws:s3:::mlz-dev-platform-mlflow-333333333333/111111111111/*"] == resources(
        per_team, "platform-server-fraud", "KeepArtifacts"
    )
    assert "Medium" == server["trackingServerSize"]


@pytest.mark.shows("D5", "G10")
def test_only_a_teams_logging_roles_assume_its_access_role(shared):
    role = shared.one("aws:iam/role:Role", "platform-mlflow-churn").inputs
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]

    assert names.mlflow_access_role("churn") == role["name"]
    assert {"AWS": "arn:aws:iam::222222222222:root"} == trust["Principal"]
    assert [names.role_arn("222222222222", role) for role in holders("log-experiments")] == (
        trust["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    )
    # Studio stamps its sessions; a role that refuses the stamp can't be assumed from them.
    assert ["sts:AssumeRole", "sts:SetSourceIdentity"] == trust["Action"]


def test_every_role_carries_the_boundary(shared, per_team):
    made = [*shared.of("aws:iam/role:Role"), *per_team.of("aws:iam/role:Role")]

    assert 7 == len(made)
    assert all(each.inputs["permissionsBoundary"].endswith("mlz-boundary") for each in made)
    assert {names.PATH} == {each.inputs["path"] for each in made}


@pytest.mark.parametrize(("disposable", "kept"), [(False, True), (True, False)])
def test_a_server_outlives_the_stack_unless_disposable(disposable, kept):
    plan = replace(PLATFORM, account=replace(PLATFORM.account, disposable=disposable))
    server = built(lambda opts: mlflow(opts, plan)).one(SERVER)

    assert (kept, kept) == (server.protect, server.retain_on_delete)


@pytest.mark.parametrize("check", [iam.unknown_actions, iam.unsupported_keys, iam.misplaced, iam.unexplained])
def test_every_statement_is_one_aws_knows(check):
    server = names.mlflow_server_arn("eu-west-1", "333333333333", "dev", None)
    key = "arn:aws:kms:eu-west-1:333333333333:key/1"
    statements = [
        *serve("arn:aws:s3:::bucket", "fraud/", key, region="eu-west-1", account_id="333333333333"),
        *track(server, shared=False),
    ]

    assert [] == [wrong for each in statements for wrong in check(each)]

"""Whose a token is: the gate's own code, with the settings that the platform's stack deploys, asks the emulated STS.

The roles are those that the teams' stacks make, under the trust policies they have there; SageMaker hands out their
credentials as it does to a job or to Studio.
"""

import http.client
import json
import re
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.credentials import Credentials
from mlz_mlflow import token
from mlz_mlflow.identity import of_role
from mlz_mlflow.refused import Refused
from mlz_mlflow.settings import Settings

from checks.record import record
from components.access.grants.roles import holders
from local.cloud import private_cloud
from local.deployment import identities
from stacks.build import build
from zone import names
from zone.plan.planner import read

ROOT = Path(__file__).parents[2]
ZONE = read(ROOT / "examples" / "shared-platform")
REGION = "eu-west-1"
STRANGER = "999999999999"
SERVICE = "sagemaker.amazonaws.com"


@cache
def made(stack, type_):
    return record(lambda: build(ZONE, stack), stack=stack).of(type_)


@pytest.fixture(scope="module")
def server():
    """Who may do what on dev's server, as its task definition says it."""
    containers = [
        container
        for task in made("dev", "aws:ecs/taskDefinition:TaskDefinition")
        for container in json.loads(task.inputs["containerDefinitions"])
    ]
    (said,) = {
        each["value"]
        for container in containers
        for each in container.get("environment", ())
        if each["name"] == "MLZ_MLFLOW_SETTINGS"
    }
    return Settings.read(said)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with private_cloud(tmp_path_factory.mktemp("cloud"), identities(ZONE)) as running:
        yield running


@pytest.fixture(scope="module")
def administrator(cloud):
    """Credentials of an account's provisioning role; a stranger's account has one too."""

    def of(account, role):
        sts = boto3.client(
            "sts",
            endpoint_url=cloud.endpoint,
            region_name=REGION,
            aws_access_key_id="AKIAMLZLOCALMANAGEMT",
            aws_secret_access_key="emulated",
        )
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="pulumi")["Credentials"]
        return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]

    return of


@pytest.fixture(scope="module")
def team_roles(cloud, administrator):
    """Make each role of two teams in dev and one in prod, as their stacks do; its names by stack."""
    found = {}
    for stack in ("dev-churn", "dev-fraud", "prod-fraud"):
        account = ZONE.teams[stack].account
        key, secret, token = administrator(account.account_id, account.role)
        iam = boto3.client("iam", "us-east-1", None, True, None, cloud.endpoint, key, secret, token)
        for role in made(stack, "aws:iam/role:Role"):
            iam.create_role(
                RoleName=role.inputs["name"],
                Path=role.inputs["path"],
                AssumeRolePolicyDocument=role.inputs["assumeRolePolicy"],
            )
            if SERVICE in role.inputs["assumeRolePolicy"]:
                found.setdefault(stack, []).append(role.inputs["name"])
    return found


@pytest.fixture
def session(cloud):
    """Credentials that SageMaker gives a job or an app of a team."""

    def of(stack, role):
        arn = f"arn:aws:iam::{ZONE.teams[stack].account.account_id}:role{names.PATH}{role}"
        given = cloud.ask("session", {"role_arn": arn, "service": SERVICE, "name": "SageMaker", "keys": {}})
        assert "refused" not in given, given
        return Credentials(given["aws_access_key_id"], given["aws_secret_access_key"], given["aws_session_token"])

    return of


@pytest.fixture
def asked(cloud, server):
    """Make a token and let the server ask STS whose it is: its ARN; a status where STS refuses."""

    def ask(credentials, *, audience=None, region=REGION):
        made_ = token.make(audience or server.audience, region, credentials)
        host, headers = token.read(made_, server.regions, time.time()).request(server.audience)
        connection = http.client.HTTPConnection(urlsplit(cloud.endpoint).netloc, timeout=20)
        try:
            # The emulated AWS stands for the host that the request is signed for.
            connection.request("POST", "/", body=token.BODY, headers={**headers, "Host": host})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        found = re.search(r"<Arn>([^<]+)</Arn>", text)
        return found[1] if found else answer.status

    return ask


@pytest.fixture
def known_as(asked, server):
    """Who a caller is for the server."""
    return lambda credentials: of_role(asked(credentials), server)


@pytest.mark.shows("G10", "S21")
@pytest.mark.parametrize("stack", ["dev-churn", "dev-fraud"])
def test_a_role_of_a_team_is_of_that_team_and_writes_if_it_may_log(known_as, session, team_roles, stack):
    team = ZONE.teams[stack].team
    writers = {names.role(stem) for stem in holders("log-experiments")}
    known = {}
    for role in team_roles[stack]:
        try:
            known[role] = known_as(session(stack, role))
        except Refused as error:
            known[role] = error

    let_in = {role: caller for role, caller in known.items() if not isinstance(caller, Exception)}
    assert {(team,)} == {caller.teams for caller in let_in.values()}
    assert writers & {*team_roles[stack]} == {role for role, caller in let_in.items() if caller.writes == {team}}
    assert {"mlz-training", "mlz-data-scientist"} <= let_in.keys()
    # A model that answers requests, and a pipeline, which only starts jobs, have nothing to log.
    assert {"mlz-endpoint", "mlz-pipeline"} <= known.keys() - let_in.keys()


def test_another_environments_team_is_nobody_here(known_as, session, team_roles):
    assert "mlz-training" in team_roles["prod-fraud"]

    with pytest.raises(Refused, match="belongs to no team here"):
        known_as(session("prod-fraud", "mlz-training"))


def test_a_strangers_role_of_the_same_name_is_nobody_here(asked, known_as, cloud, administrator):
    """STS tells the truth about a stranger too: it is the account that tells the teams apart."""
    credentials = _stranger(cloud, administrator)

    assert f"arn:aws:sts::{STRANGER}:assumed-role/mlz-training/job" == asked(credentials)
    with pytest.raises(Refused, match="belongs to no team here"):
        known_as(credentials)


def _stranger(cloud, administrator):
    """Credentials of a role mlz-training outside the organisation, which its own administrator has made."""
    answer = cloud.ask("accounts", {"stranger@elsewhere.example": STRANGER})
    assert STRANGER in str(answer["accounts"])
    key, secret, token = administrator(STRANGER, answer["provisioning_role"])
    iam = boto3.client("iam", "us-east-1", None, True, None, cloud.endpoint, key, secret, token)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{STRANGER}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName="mlz-training",
        Path=names.PATH,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    sts = boto3.client("sts", REGION, None, True, None, cloud.endpoint, key, secret, token)
    given = sts.assume_role(RoleArn=names.role_arn(STRANGER, "training"), RoleSessionName="job")["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def test_who_administers_a_teams_account_is_not_of_the_team(known_as, administrator):
    account = ZONE.teams["dev-fraud"].account

    with pytest.raises(Refused, match=f"role {account.role} .* belongs to no team here"):
        known_as(Credentials(*administrator(account.account_id, account.role)))


def test_sts_refuses_what_was_not_signed_with_the_secret_for_this_server(asked, session, team_roles):
    assert "mlz-training" in team_roles["dev-fraud"]
    own = session("dev-fraud", "mlz-training")

    assert 403 == asked(Credentials(own.access_key, "guessed", own.token))
    assert 403 == asked(Credentials(own.access_key, own.secret_key, "another"))
    assert 403 == asked(own, audience="mlflow.elsewhere.example")

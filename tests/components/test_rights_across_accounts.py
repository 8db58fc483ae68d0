"""What crosses accounts: MLflow and online features through roles, artifacts through the platform's bucket and key."""

import json

import pytest

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from components.access.grants.boundary import boundary
from components.access.grants.mlflow import serve
from components.access.grants.roles import holders
from components.access.grants.sharing import online_readers
from components.access.grants.statement import trust_roles
from components.encryption.key_policy import key_policy
from components.storage.bucket_policy import bucket_policy
from stacks.inputs import artifact_writers_of, readers_of
from tests.rights import CHURN, FRAUD, VISION, ZONE, compiled, may
from zone import names

KEY = "arn:aws:kms:eu-west-1:000000000000:key/of-the-platform"


def resource_policy(document):
    return Target(policy=("policy", compile_policy(json.dumps(document), PolicyKind.RESOURCE)))


def assume(team, role, arn, trust):
    """Whether *role* may assume *arn*; Studio stamps its sessions, so both actions are needed."""
    trusting = resource_policy(trust)
    return all(may(team, role, action, arn, target=trusting) for action in ("sts:AssumeRole", "sts:SetSourceIdentity"))


@pytest.mark.shows("D5", "G10", "R3", "S21", "T18")
@pytest.mark.parametrize(
    ("team", "role", "expected"),
    [
        (CHURN, "data-scientist", True),
        (CHURN, "training", True),
        (CHURN, "endpoint", False),
        (CHURN, "operator", False),
        (FRAUD, "data-scientist", False),
    ],
    ids=lambda value: getattr(value, "team", value),
)
def test_who_assumes_a_teams_mlflow_role(team, role, expected):
    account_id = CHURN.account.account_id
    trust = trust_roles(account_id, [names.role_arn(account_id, each) for each in holders("log-experiments")])

    assert expected is assume(team, role, CHURN.mlflow.access_role_arn, trust)


@pytest.mark.shows("D5", "F12", "R3", "S20", "T19")
@pytest.mark.parametrize(
    ("team", "role", "expected"),
    [(CHURN, "endpoint", True), (CHURN, "ml-engineer", True), (CHURN, "training", False), (VISION, "training", False)],
    ids=lambda value: getattr(value, "team", value),
)
def test_who_reads_another_teams_online_features(team, role, expected):
    (reader,) = online_readers(
        readers_of(FRAUD),
        team=FRAUD.team,
        account_id=FRAUD.account.account_id,
        region=FRAUD.account.region,
        key_arns={"online": KEY},
    )
    arn = names.online_reader_role_arn(FRAUD.account.account_id, reader.group, reader.team)

    assert expected is assume(team, role, arn, trust_roles(reader.account_id, reader.role_arns))


def artifacts(environment):
    """Bucket and key of an environment's MLflow, with the policies they really have."""
    platform = ZONE.platforms[environment]
    account = platform.account
    outside = artifact_writers_of(platform)
    bucket = bucket_policy(
        names.bucket(account.key, "mlflow", account.account_id),
        account_id=account.account_id,
        organization_id="o-zone",
        provisioning_role=account.role,
        key_arn=KEY,
        service_role_arns=[names.role_arn(account.account_id, "tracking*")],
        outside=outside,
    )
    key = key_policy(
        "models",
        account_id=account.account_id,
        region=account.region,
        provisioning_role=account.role,
        outside=outside,
    )
    return account, resource_policy(bucket), resource_policy(key)


@pytest.mark.shows("D7", "G5", "G10", "G16", "S21", "T18")
@pytest.mark.parametrize(
    ("stack", "role", "whose", "expected"),
    [
        ("prod-churn", "training", "prod-churn", True),
        ("prod-churn", "training", "prod-fraud", False),
        ("prod-churn", "endpoint", "prod-churn", False),
        # A shared server keeps nobody apart, and says so.
        ("dev-churn", "training", "dev-fraud", True),
    ],
)
def test_artifacts_are_kept_where_the_mode_of_mlflow_says(stack, role, whose, expected):
    team = ZONE.teams[stack]
    account, bucket, key = artifacts(team.account.environment)
    arn = names.bucket_arn(account.key, "mlflow", account.account_id)
    through_our_endpoint = {"aws:PrincipalOrgID": "o-zone", "aws:VpceAccount": team.account.account_id}
    decryption = {
        "kms:ViaService": f"s3.{account.region}.amazonaws.com",
        "kms:ResourceAliases": [names.key_alias(account.key, "models")],
    }
    key_arn = f"arn:aws:kms:{account.region}:{account.account_id}:key/of-the-platform"

    written = may(
        team,
        role,
        "s3:PutObject",
        f"{arn}/{ZONE.teams[whose].mlflow.artifact_prefix}1/model.pkl",
        through_our_endpoint,
        owner=account.account_id,
        target=bucket,
    )

    assert expected is written
    assert (role in holders("log-experiments")) is may(
        team, role, "kms:GenerateDataKey", key_arn, decryption, target=key
    )


@pytest.mark.shows("G5", "G16")
def test_a_server_finds_its_bucket_and_keeps_only_its_teams_artifacts():
    account, bucket, _ = artifacts("prod")
    arn = names.bucket_arn(account.key, "mlflow", account.account_id)
    role = names.role_arn(account.account_id, "tracking-churn")
    serving = serve(arn, CHURN.mlflow.artifact_prefix, KEY, region=account.region, account_id=account.account_id)
    server = Caller(
        principal(role),
        identity=[("serve", compiled(serving))],
        boundaries=[("boundary", compiled(boundary(account.account_id, [account.region], (), ())))],
        management_account=ZONE.organization.management_account_id,
    )

    def served(action, resource):
        context = {"aws:PrincipalOrgID": "o-zone", "aws:SecureTransport": True}
        return evaluate(
            request(role, action, resource, resource_account=account.account_id, context=context), server, bucket
        )

    # HeadBucket: ListBucket without a prefix.
    assert served("s3:ListBucket", arn).allowed
    assert served("s3:PutObject", f"{arn}/{CHURN.mlflow.artifact_prefix}1/model.pkl").allowed
    assert not served("s3:GetObject", f"{arn}/{FRAUD.mlflow.artifact_prefix}1/model.pkl").allowed

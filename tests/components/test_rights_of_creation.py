"""What AWS asks of whoever creates a resource, and of the role that is handed over: none of it may be missing."""

import pytest

from components.access.grants.place import Place
from components.access.grants.roles import roles
from stacks.inputs import team_of
from tests.rights import FRAUD, ZONE, data_bucket, key, may
from zone import names
from zone.names import SERVICE_SIDE_ROLES
from zone.plan.keys import key_purposes

# SageMaker Developer Guide, "API permissions: actions, permissions and resources", row CreateDomain; read 2026-11-29.
DOMAIN_KEY = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext")
# The same, "Feature Store: security and access control", customer managed key policy; read 2026-11-29.
ONLINE_KEY = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:RetireGrant",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:ListGrants",
)
GRANT = {"kms:GrantIsForAWSResource": True}


def via(*services):
    return [{"kms:ViaService": f"{service}.{FRAUD.account.region}.amazonaws.com"} for service in services]


def refused(role, purpose, actions, context):
    """Actions on the key of *purpose* that are not allowed to *role*."""
    arn = Place.stand_in(team_of(FRAUD)).key_arns[purpose]
    target = key("prod-fraud", purpose)
    return [action for action in actions if not may(FRAUD, role, action, arn, context, target=target)]


@pytest.mark.parametrize("context", via("elasticfilesystem", "sagemaker"), ids=str)
def test_who_creates_the_domain_may_use_its_key_as_aws_asks(context):
    assert [] == refused("provisioning", "studio", DOMAIN_KEY, context)
    assert [] == refused("provisioning", "studio", ("kms:CreateGrant",), {**context, **GRANT})


@pytest.mark.shows("C1")
@pytest.mark.parametrize("context", [{}, *via("s3", "ec2")], ids=str)
def test_administration_reads_nothing_with_the_studio_key(context):
    reading = ("kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")

    assert list(reading) == refused("provisioning", "studio", reading, context)


def test_who_creates_an_online_store_may_use_its_key_as_aws_asks_and_only_through_sagemaker():
    (sagemaker,) = via("sagemaker")

    assert [] == refused("provisioning", "online", ONLINE_KEY, sagemaker)
    assert [] == refused("provisioning", "online", ("kms:CreateGrant",), {**sagemaker, **GRANT})
    assert ["kms:Decrypt"] == refused("provisioning", "online", ("kms:Decrypt",), {})


def test_only_a_team_with_online_features_has_a_key_for_them():
    with_key = {stack for stack, team in ZONE.teams.items() if "online" in key_purposes(team)}

    assert with_key == {
        stack for stack, team in ZONE.teams.items() if any(group.online for group in team.feature_groups.values())
    }
    assert set() != with_key != set(ZONE.teams)


@pytest.mark.parametrize("context", [{}, *via("s3")], ids=str)
def test_feature_store_keeps_offline_stores_with_a_key_that_asks_for_no_service(context):
    asked = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")

    assert [] == refused("feature-store", "data", asked, context)


def test_nobody_at_work_uses_the_data_key_past_its_services():
    asked = ("kms:Decrypt", "kms:GenerateDataKey")
    others = set(roles(team_of(FRAUD))) - {"feature-store"}

    assert {role: list(asked) for role in others} == {role: refused(role, "data", asked, {}) for role in others}


@pytest.mark.parametrize(
    ("group", "expected"), [("features/card-activity/x", True), ("datasets/transactions/x", False)]
)
def test_feature_store_writes_its_groups_with_an_acl_from_its_own_network_and_nothing_else(group, expected):
    arn = f"{names.bucket_arn('prod-fraud', 'data', FRAUD.account.account_id)}/{group}"
    asking = {
        "context": {"aws:PrincipalOrgID": "o-zone"},
        "owner": FRAUD.account.account_id,
        "target": data_bucket("prod-fraud"),
    }

    for action in ("s3:PutObject", "s3:PutObjectAcl"):
        assert expected is may(FRAUD, "feature-store", action, arn, **asking)


@pytest.mark.shows("B5")
def test_whom_the_network_lock_lets_past_to_data_nobody_can_hand_to_a_container():
    (exempt,) = SERVICE_SIDE_ROLES["data"]
    arn = names.role_arn(FRAUD.account.account_id, exempt)
    passing = {"iam:PassedToService": "sagemaker.amazonaws.com"}

    assert [] == [role for role in roles(team_of(FRAUD)) if may(FRAUD, role, "iam:PassRole", arn, passing)]
    assert may(FRAUD, "provisioning", "iam:PassRole", arn, passing)


def test_ingestion_stays_in_our_network():
    arn = f"{names.bucket_arn('prod-fraud', 'data', FRAUD.account.account_id)}/datasets/transactions/x"

    def read(**where):
        return may(
            FRAUD,
            "ingestion",
            "s3:GetObject",
            arn,
            {"aws:PrincipalOrgID": "o-zone", **where},
            owner=FRAUD.account.account_id,
            target=data_bucket("prod-fraud"),
        )

    assert read(**{"aws:VpceAccount": FRAUD.account.account_id})
    assert not read()

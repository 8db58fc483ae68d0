"""AWS's documented examples of service and resource control policies.

Pages of the AWS Organizations User Guide, read 2026-11-21:
https://docs.aws.amazon.com/organizations/latest/userguide/<page>.html
"""

import pytest

from tests.access.documented import ALICE, AWAY, allow, ask, deny, policy

ALLOWED, IMPLICITLY, EXPLICITLY = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
FULL_ACCESS = policy(allow())
DENY_S3 = policy(deny("s3:*"))
DENY_EC2 = policy(deny("ec2:*"))
ALLOW_EC2 = policy(allow("ec2:*"))
INSTANCE = "arn:aws:ec2:us-east-1:111111111111:instance/i-1"
ADMINISTRATOR = policy(allow())


def ec2(*scps):
    return ask("ec2:StopInstances", INSTANCE, identity=ADMINISTRATOR, scps=scps)


def s3(*scps):
    return ask(identity=ADMINISTRATOR, scps=scps)


# From the page orgs_manage_policies_scps_evaluation,
# "How SCPs work with Allow" and "… with Deny", "Strategy for using SCPs"


@pytest.mark.parametrize("empty", [0, 1, 2])
def test_a_level_without_an_allow_blocks_everything_below_it(empty):
    path = [[FULL_ACCESS], [FULL_ACCESS], [FULL_ACCESS]]
    path[empty] = []

    assert ALLOWED == s3([FULL_ACCESS], [FULL_ACCESS], [FULL_ACCESS])
    assert IMPLICITLY == s3(*path)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_deny_at_any_level_is_a_deny_for_the_account(level):
    path = [[FULL_ACCESS], [FULL_ACCESS], [FULL_ACCESS]]
    path[level] = [FULL_ACCESS, DENY_S3]

    assert EXPLICITLY == s3(*path)
    assert ALLOWED == ec2(*path)


@pytest.mark.parametrize(
    ("on_s3", "on_ec2", "root", "unit", "account"),
    [
        (EXPLICITLY, EXPLICITLY, [FULL_ACCESS], [FULL_ACCESS, DENY_S3], [FULL_ACCESS, DENY_EC2]),
        (IMPLICITLY, ALLOWED, [FULL_ACCESS], [ALLOW_EC2], [FULL_ACCESS]),
        (EXPLICITLY, IMPLICITLY, [DENY_S3], [FULL_ACCESS], [FULL_ACCESS]),
        (IMPLICITLY, ALLOWED, [FULL_ACCESS], [ALLOW_EC2], [ALLOW_EC2]),
        (IMPLICITLY, EXPLICITLY, [FULL_ACCESS, DENY_EC2], [ALLOW_EC2], [FULL_ACCESS]),
        (EXPLICITLY, IMPLICITLY, [FULL_ACCESS, DENY_S3], [FULL_ACCESS], []),
    ],
)
def test_levels_are_an_intersection_of_allows_and_a_union_of_denies(on_s3, on_ec2, root, unit, account):
    assert (on_s3, on_ec2) == (s3(root, unit, account), ec2(root, unit, account))


# From the page orgs_manage_policies_scps, "SCP effects on permissions", "Tasks and entities not restricted by SCPs"


def test_an_scp_grants_nothing():
    assert IMPLICITLY == ask(scps=[[FULL_ACCESS]])


def test_an_scp_limits_what_a_bucket_policy_grants_its_own_principals():
    bucket = policy(allow(Principal={"AWS": ALICE}))

    assert ALLOWED == ask(bucket=bucket)
    assert EXPLICITLY == ask(bucket=bucket, scps=[[FULL_ACCESS, DENY_S3]])


def test_a_service_principal_is_not_restricted_by_scps():
    bucket = policy(allow(Principal={"Service": "logging.s3.amazonaws.com"}))

    assert ALLOWED == ask("s3:PutObject", by="logging.s3.amazonaws.com", bucket=bucket)


# From the page orgs_manage_policies_rcps_evaluation, orgs_manage_policies_rcps

OUR_ORG_ONLY = policy(
    deny(
        "s3:*",
        Principal="*",
        condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-ours"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
)


def test_an_rcp_grants_nothing_and_needs_no_allow_of_its_own():
    other_service = policy(deny("sqs:*", Principal="*"))

    assert IMPLICITLY == ask(rcps=[[other_service]])
    assert ALLOWED == ask(identity=ADMINISTRATOR, rcps=[[other_service], []])


@pytest.mark.parametrize("level", [0, 1, 2])
def test_an_rcp_of_any_level_denies(level):
    path = [[], [], []]
    path[level] = [policy(deny("s3:*", Principal="*"))]

    assert EXPLICITLY == ask(identity=ADMINISTRATOR, rcps=path)


@pytest.mark.parametrize(
    ("expected", "organization"), [(ALLOWED, "o-ours"), (EXPLICITLY, "o-theirs"), (EXPLICITLY, None)]
)
def test_the_identity_perimeter_keeps_strangers_out_whatever_the_bucket_grants(expected, organization):
    context = {"aws:PrincipalIsAWSService": "false"} | ({"aws:PrincipalOrgID": organization} if organization else {})
    bucket = policy(allow(Principal="*"))

    assert expected == ask(owner=AWAY, identity=ADMINISTRATOR, bucket=bucket, rcps=[[OUR_ORG_ONLY]], context=context)


def test_the_identity_perimeter_lets_aws_services_through():
    bucket = policy(allow(Principal={"Service": "logging.s3.amazonaws.com"}))
    context = {"aws:PrincipalIsAWSService": "true"}

    assert ALLOWED == ask(by="logging.s3.amazonaws.com", bucket=bucket, rcps=[[OUR_ORG_ONLY]], context=context)

"""Who is meant and how wide it is, in every spelling: what only looks narrower than * is *, what bounds it is not."""

import json

import pytest

from policies.evaluate import judge
from policies.rules import REGISTRY, Resource
from policies.rules._addresses import is_wide, within
from policies.rules._reach import is_anybody, is_unbounded
from policies.rules.identities import PERMISSION_SET

ORGANISATION, ACCOUNT = "o-abcde12345", "111122223333"


@pytest.mark.parametrize(
    "principal",
    [
        *("*", "**", "arn:aws:iam::*", "arn:aws:iam::*:root", "arn:aws:iam::*:role/x", "arn:*", "arn:aws:iam:*"),
        *("arn:aws:sts::*:assumed-role/x/y", "arn:aws-cn:iam::????????????:root", "1111*", "????????????"),
    ],
)
def test_a_wildcard_where_the_account_stands_is_anybody(principal):
    assert is_anybody(principal)


@pytest.mark.parametrize(
    "principal",
    [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:role/*", f"arn:aws:*::{ACCOUNT}:root"],
)
def test_a_named_account_is_not_anybody(principal):
    assert not is_anybody(principal)


UNBOUNDED = [
    ("aws:principalorgid", "o-??????????"),
    ("aws:principalorgid", "o-abc*"),
    ("aws:vpceorgid", "*"),
    ("aws:sourceaccount", "????????????"),
    ("aws:sourceaccount", "${aws:PrincipalAccount}"),
    ("aws:vpceaccount", "1111*"),
    ("aws:principalorgpaths", "o-*/r-ab12/*"),
    ("aws:vpceorgpaths", "*/ou-ab12-11111111/*"),
    ("aws:sourcevpce", "vpce-*"),
    ("aws:sourcearn", "arn:aws:s3:::*"),
    ("aws:sourcearn", "arn:aws:s3:::?*"),
    ("aws:sourcearn", "arn:aws:sns:*:*:alerts"),
    ("aws:sourcearn", "arn:aws:sns:eu-west-1:????????????:alerts"),
    ("aws:sourcearn", "arn:aws:apigateway:eu-west-1::/restapis/*"),
    ("aws:sourcearn", "arn:aws:sns:*"),
    ("aws:principalarn", "arn:aws:iam::${aws:PrincipalAccount}:role/x"),
    ("aws:principalarn", "*:role/x"),
    ("aws:userid", "*:ada@example.com"),
    ("aws:sourceip", "0.0.0.0/1"),
    ("aws:sourceip", "*"),
    ("aws:resourceorgid", "o-*"),
    ("aws:resourcetag/team", "?*"),
]
BOUNDED = [
    ("aws:principalorgid", ORGANISATION),
    ("aws:principalorgid", "${aws:ResourceOrgID}"),
    ("aws:principalorgpaths", f"{ORGANISATION}/*"),
    ("aws:vpceorgpaths", f"{ORGANISATION}/r-ab12/ou-ab12-11111111/*"),
    ("aws:sourceaccount", ACCOUNT),
    ("aws:sourceaccount", "${aws:ResourceAccount}"),
    ("aws:sourcearn", "arn:aws:s3:::reports"),
    ("aws:sourcearn", "arn:aws:s3:*:*:reports"),
    ("aws:sourcearn", f"arn:aws:s3:*:{ACCOUNT}:accesspoint/*"),
    ("aws:sourcearn", f"arn:aws:sns:*:{ACCOUNT}:*"),
    ("aws:sourcearn", "arn:aws:apigateway:eu-west-1::/restapis/abc123/*"),
    ("aws:sourcevpcarn", f"arn:aws:ec2:*:{ACCOUNT}:vpc/*"),
    ("aws:principalarn", f"arn:aws:iam::{ACCOUNT}:role/*"),
    ("aws:principalarn", "arn:aws:iam::${aws:ResourceAccount}:role/x"),
    ("aws:userid", "AROAEXAMPLEID:*"),
    ("aws:sourceip", "203.0.113.0/24"),
    ("aws:resourceorgid", "${aws:PrincipalOrgID}"),
    ("aws:resourcetag/team", "${aws:PrincipalTag/team}"),
    ("aws:resourcetag/team", "fraud-*"),
]


@pytest.mark.parametrize(("key", "value"), UNBOUNDED)
def test_a_value_that_everybody_has_bounds_nothing(key, value):
    assert is_unbounded(key, value)


@pytest.mark.parametrize(("key", "value"), BOUNDED)
def test_a_value_of_somebody_bounds(key, value):
    assert not is_unbounded(key, value)


@pytest.mark.parametrize("block", ["0.0.0.0/0", "128.0.0.0/1", "10.0.0.0/7", "::/0", "8000::/1", "2000::/3", "0::/0"])
def test_half_of_the_internet_is_the_internet(block):
    assert is_wide(block)


@pytest.mark.parametrize(
    "block", ["10.0.0.0/8", "100.64.0.0/10", "203.0.113.7", "fc00::/7", "2001:db8::/32", "x", None]
)
def test_a_network_is_not_the_internet(block):
    assert not is_wide(block)


def test_two_halves_are_the_whole():
    assert within("0.0.0.0/0", ["0.0.0.0/1", "128.0.0.0/1"])
    assert not within("0.0.0.0/0", ["0.0.0.0/1", "::/0"])


def fires(key, token, **props):
    return bool(list(judge(REGISTRY[key], Resource(type=token, name="case", props=props))))


def allow(action, principal, **condition):
    return json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **condition}]}
    )


SQS, SQS_TYPE = "sqs-policy-not-public", "aws:sqs/queuePolicy:QueuePolicy"
POLICIES = [
    (SQS, SQS_TYPE, "policy", "sqs:SendMessage"),
    ("sns-policy-not-public", "aws:sns/topicPolicy:TopicPolicy", "policy", "sns:Publish"),
    ("ecr-policy-not-public", "aws:ecr/repositoryPolicy:RepositoryPolicy", "policy", "ecr:BatchGetImage"),
    ("s3-policy-no-public-principal", "aws:s3/bucketPolicy:BucketPolicy", "policy", "s3:GetObject"),
    ("s3-policy-no-public-principal", "aws:s3/bucket:Bucket", "policy", "s3:GetObject"),
    ("kms-no-wildcard-principal", "aws:kms/replicaKey:ReplicaKey", "policy", "kms:Decrypt"),
    ("secret-policy-not-public", "aws:secretsmanager/secret:Secret", "policy", "secretsmanager:GetSecretValue"),
    ("glue-resource-policy-not-public", "aws:glue/resourcePolicy:ResourcePolicy", "policy", "glue:GetTable"),
    ("eventbus-policy", "aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy", "events:PutEvents"),
    (
        *("sm-modelpackagegroup-policy-not-public", "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy"),
        *("resourcePolicy", "sagemaker:DescribeModelPackage"),
    ),
    ("resource-policy-not-public", "aws:backup/vaultPolicy:VaultPolicy", "policy", "backup:CopyIntoBackupVault"),
    ("resource-policy-not-public", "aws:opensearch/domainPolicy:DomainPolicy", "accessPolicies", "es:ESHttpGet"),
    ("resource-policy-not-public", "aws:dynamodb/resourcePolicy:ResourcePolicy", "policy", "dynamodb:GetItem"),
]


@pytest.mark.parametrize(("key", "token", "path", "action"), POLICIES)
def test_every_rule_on_a_resources_policy_knows_who_is_meant(key, token, path, action):
    ours = {"Condition": {"StringEquals": {"aws:VpceOrgID": ORGANISATION}}}
    anybodys = {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}}

    assert fires(key, token, **{path: allow(action, {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", "arn:aws:iam::*"]})})
    assert fires(key, token, **{path: allow(action, "*", **anybodys)})
    assert not fires(key, token, **{path: allow(action, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/x"})})
    assert not fires(key, token, **{path: allow(action, "*", **ours)})


@pytest.mark.parametrize(("key", "token", "path", "action"), POLICIES)
def test_every_rule_on_a_resources_policy_wants_the_actions_named(key, token, path, action):
    key = "s3-policy-no-wildcard-action" if key.startswith("s3-") else key
    role = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/x"}
    statement = {"Effect": "Allow", "Principal": role, "NotAction": action, "Resource": "*"}

    assert fires(key, token, **{path: json.dumps({"Statement": statement})})
    assert not fires(key, token, **{path: json.dumps({"Statement": {**statement, "Effect": "Deny"}})})


@pytest.mark.parametrize("key", ["aws:ResourceOrgID", "aws:VpcSourceIp", "aws:PrincipalTag/team"])
def test_what_does_not_say_who_asks_does_not_tie_who_asks(key):
    assert fires(SQS, SQS_TYPE, policy=allow("sqs:SendMessage", "*", Condition={"StringEquals": {key: ORGANISATION}}))


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringLike", "Null"])
def test_a_condition_that_passes_without_the_key_ties_nothing(operator):
    condition = {operator: {"aws:VpceOrgPaths": f"{ORGANISATION}/*"}}

    assert fires(SQS, SQS_TYPE, policy=allow("sqs:SendMessage", "*", Condition=condition))


ROLE = "aws:iam/role:Role"


@pytest.mark.parametrize("principal", ["arn:aws:iam::*:root", "arn:aws:sts::*:assumed-role/x/y"])
def test_a_role_that_any_account_may_assume_is_public(principal):
    assert fires("iam-trust-no-wildcard-principal", ROLE, assumeRolePolicy=allow("sts:AssumeRole", {"AWS": principal}))


def test_a_lambda_permission_is_bounded_by_its_source():
    permission = "aws:lambda/permission:Permission"

    assert fires("lambda-permission-not-public", permission, principal="*", sourceArn="arn:aws:s3:::*")
    assert fires("lambda-permission-not-public", permission, principal="arn:aws:iam::*:root")
    assert fires("lambda-permission-source", permission, principal="s3.amazonaws.com", sourceArn="arn:aws:s3:::*")
    assert not fires("lambda-permission-source", permission, principal="s3.amazonaws.com", sourceArn="arn:aws:s3:::b")
    assert not fires("lambda-permission-not-public", permission, principal="*", principalOrgId=ORGANISATION)


def test_an_event_permission_is_a_statement_of_a_bus_policy():
    permission = "aws:cloudwatch/eventPermission:EventPermission"
    ours = {"type": "StringEquals", "key": "aws:PrincipalOrgID", "value": ORGANISATION}

    assert fires("eventbus-policy", permission, principal="*")
    assert fires("eventbus-policy", permission, principal="*", condition={**ours, "value": "o-*"})
    assert not fires("eventbus-policy", permission, principal="*", condition=ours)
    assert not fires("eventbus-policy", permission, principal=ACCOUNT)


def test_every_rule_on_policies_of_identities_reads_those_of_permission_sets():
    readers = [rule for rule in REGISTRY.values() if rule.types and "aws:iam/userPolicy:UserPolicy" in rule.types]
    unread = [rule.key for rule in readers if PERMISSION_SET not in rule.types and rule.key != "iam-no-user-policies"]

    assert len(readers) > 10
    assert [] == unread


def test_a_permission_set_is_held_to_what_a_role_is():
    wide = json.dumps({"Statement": [{"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*"}]})
    named = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]})

    assert fires("iam-no-privilege-escalation", PERMISSION_SET, inlinePolicy=wide)
    assert not fires("iam-no-privilege-escalation", PERMISSION_SET, inlinePolicy=named)


def test_a_condition_that_every_principal_meets_is_none():
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    met = {"Condition": {"ArnLike": {"aws:PrincipalArn": "*"}}}
    asked = {"Condition": {"StringEquals": {"sts:ExternalId": "x"}}}

    assert fires("iam-trust-no-whole-account-any-service", ROLE, assumeRolePolicy=allow("sts:AssumeRole", root, **met))
    assert not fires(
        "iam-trust-no-whole-account-any-service", ROLE, assumeRolePolicy=allow("sts:AssumeRole", root, **asked)
    )

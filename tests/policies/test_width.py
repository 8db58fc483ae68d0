"""An ARN that means every resource of its kind is *, in every rule that asks; one that names some is none."""

import json

import pytest

from policies.evaluate import judge_stack
from policies.rules import REGISTRY, Resource
from tests.policies.test_reach import ACCOUNT, fires

IDENTITY = "aws:iam/rolePolicy:RolePolicy"
EVERY_KEY = "iam-no-kms-decrypt-star"
WIDE = [
    ("iam-no-data-exfiltration", "s3:GetObject", "arn:aws:s3:::*"),
    ("iam-no-data-exfiltration", "s3:Get*", "arn:*:s3:::*/*"),
    ("iam-no-data-exfiltration", "S3:GetObject", "arn:aws:s3:::?*"),
    ("iam-no-data-exfiltration", "s3:GetObject", "arn:aws:s3:*"),
    ("iam-no-data-exfiltration", "ssm:GetParameter", f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/*"),
    ("iam-no-data-exfiltration", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*"),
    ("iam-passrole-scoped", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
    ("iam-passrole-scoped", "iam:PassRole", "arn:aws:iam::*:*"),
    ("iam-passrole-scoped", "iam:PassRole", "arn:aws:iam::${aws:PrincipalAccount}:role/*"),
    ("iam-no-privilege-escalation", "iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/*"),
    ("iam-no-permissions-management-star", "s3:PutBucketPolicy", "arn:aws:s3:::*"),
    ("iam-no-permissions-management-star", "iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/*"),
    ("iam-no-resource-star-restrictable", "s3:ListBucket", "arn:aws:s3:::*"),
    ("iam-no-resource-star-restrictable", "logs:PutLogEvents", "arn:aws:logs:*:*:*"),
    ("iam-no-resource-star-restrictable", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
    (EVERY_KEY, "kms:Decrypt", "arn:aws:kms:*:*:*"),
]
NAMED = [
    ("iam-no-data-exfiltration", "s3:GetObject", "arn:aws:s3:::reports/*"),
    ("iam-no-data-exfiltration", "s3:GetObject", "arn:aws:s3:::reports-*"),
    ("iam-no-data-exfiltration", "s3:GetObject", "arn:aws:s3:::*-logs/*"),
    ("iam-no-data-exfiltration", "s3:ListBucket", "arn:aws:s3:::*"),
    ("iam-no-data-exfiltration", "ssm:GetParameter", f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/app/*"),
    ("iam-passrole-scoped", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/sagemaker-*"),
    ("iam-passrole-scoped", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/service-role/*"),
    ("iam-passrole-scoped", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/${{aws:PrincipalTag/team}}-*"),
    ("iam-no-privilege-escalation", "iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/team/*"),
    ("iam-no-permissions-management-star", "s3:PutBucketPolicy", "arn:aws:s3:::reports-*"),
    ("iam-no-resource-star-restrictable", "logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/aws/sagemaker/*"),
    ("iam-no-resource-star-restrictable", "sqs:SendMessage", "arn:aws:sqs:*:*:jobs"),
    ("iam-no-resource-star-restrictable", "ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:*:repository/*"),
    ("iam-no-resource-star-restrictable", "sagemaker:StopTrainingJob", f"arn:aws:sagemaker:*:{ACCOUNT}:training-job/*"),
    (EVERY_KEY, "kms:Decrypt", "arn:aws:kms:*:*:key/mrk-0a"),
]


def grants(key, action, *resources, **more):
    statement = {"Effect": "Allow", "Action": action, "Resource": resources, **more}
    if "PassRole" in action:
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    return fires(key, IDENTITY, policy=json.dumps({"Statement": [statement]}))


@pytest.mark.parametrize(("key", "action", "resource"), WIDE)
def test_an_arn_that_means_every_resource_is_a_star(key, action, resource):
    assert grants(key, action, "*")
    assert grants(key, action, resource)


@pytest.mark.parametrize(("key", "action", "resource"), NAMED)
def test_an_arn_that_names_some_is_none(key, action, resource):
    assert not grants(key, action, resource)


def test_a_kind_that_is_named_bounds_an_action_on_several_kinds():
    every, subnet = "arn:aws:ec2:*:*:instance/*", f"arn:aws:ec2:*:{ACCOUNT}:subnet/subnet-0a"

    assert grants("iam-no-resource-star-restrictable", "ec2:RunInstances", every)
    assert not grants("iam-no-resource-star-restrictable", "ec2:RunInstances", every, subnet)


def test_a_denial_takes_out_as_much_as_it_is_wide():
    key, get = "iam-no-data-exfiltration", {"Action": "s3:GetObject"}
    statements = [{"Effect": "Allow", **get, "Resource": "*"}, {"Effect": "Deny", **get, "Resource": "arn:aws:s3:::*"}]

    assert not fires(key, IDENTITY, policy=json.dumps({"Statement": statements}))
    statements[1]["Resource"] = "arn:aws:s3:::reports/*"
    assert fires(key, IDENTITY, policy=json.dumps({"Statement": statements}))
    del statements[1]["Resource"]
    assert fires(
        key, IDENTITY, policy=json.dumps({"Statement": [{**statements[1], "NotResource": "*"}, statements[0]]})
    )


def test_an_endpoint_of_a_service_that_allows_all_of_it_allows_everything():
    key, token = "vpc-endpoint-policy-not-star", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::*"}]}
    endpoint = Resource(type=token, name="case", props={"policy": json.dumps(policy)})

    assert judge_stack(REGISTRY[key], [endpoint])
    policy["Statement"][0]["Resource"] = "arn:aws:s3:::reports/*"
    assert not judge_stack(REGISTRY[key], [Resource(type=token, name="case", props={"policy": json.dumps(policy)})])

"""What AWS's own pages write is left alone; what no request can match is said."""

import json

import pytest

from tests.policies.test_policy_documents import said

ACCOUNT = "111122223333"
GET = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
OIDC = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.example.com"}


def on(action, resource):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def under(condition, **more):
    return {**GET, "Condition": condition, **more}


def faults(*statements, token="aws:iam/policy:Policy", path="policy"):
    return said(token, **{path: json.dumps({"Version": "2012-10-17", "Statement": statements})})


TAKEN = [
    # of a service with several pages in the reference, each page's resources
    on(["apigateway:GET", "apigateway:PATCH"], "arn:aws:apigateway:eu-west-1::/restapis/*"),
    on("apigateway:PUT", "arn:aws:apigateway:*::/apis/*"),
    on("elasticloadbalancing:AddTags", f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/classic"),
    on("ses:SendEmail", f"arn:aws:ses:eu-west-1:{ACCOUNT}:identity/example.com"),
    # a Multi-Region Access Point, which has no region
    on("s3:GetObject", f"arn:aws:s3::{ACCOUNT}:accesspoint/x.mrap/object/*"),
    on("s3:ListBucket", f"arn:aws:s3::{ACCOUNT}:accesspoint/x.mrap"),
    # Amazon DynamoDB Developer Guide, "IAM policy to grant read access for a DynamoDB stream only", read 2026-11-29
    on(["dynamodb:GetRecords", "dynamodb:ListStreams"], f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t/stream/*"),
    on("dynamodb:Query", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t/index/*"),
    on("dynamodb:*", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t*"),
]
NEVER_TAKEN = [
    on("apigateway:GET", f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:abc/*"),
    on("elasticloadbalancing:DescribeTags", f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/classic"),
    on("s3:ListBucket", "arn:aws:s3::::accesspoint/x.mrap"),
    on("dynamodb:GetItem", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t/index/i"),
    on("dynamodb:ListStreams", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t"),
]


@pytest.mark.parametrize("statement", TAKEN)
def test_a_resource_that_an_action_takes_is_fine(statement):
    assert [] == faults(statement)


@pytest.mark.parametrize("statement", NEVER_TAKEN)
def test_a_resource_that_an_action_never_takes_is_said(statement):
    assert faults(statement)


ASSUMED = [
    ("sts:AssumeRole", {"AWS": ACCOUNT}, "sts:ExternalId"),
    ("sts:AssumeRoleWithSAML", {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/x"}, "sts:RoleSessionName"),
    ("sts:AssumeRoleWithWebIdentity", OIDC, "sts:RoleSessionName"),
]


@pytest.mark.parametrize(("action", "principal", "key"), ASSUMED)
@pytest.mark.parametrize("more", ["sts:TagSession", "sts:SetSourceIdentity"])
def test_what_is_part_of_assuming_a_role_carries_its_keys(action, principal, key, more):
    allow = {"Effect": "Allow", "Principal": principal, "Condition": {"StringEquals": {key: "x"}}}
    role = {"token": "aws:iam/role:Role", "path": "assumeRolePolicy"}

    assert [] == faults({**allow, "Action": [action, more]}, **role)
    assert faults({**allow, "Action": [action, "sts:GetFederationToken"]}, **role)


def test_a_key_under_another_services_prefix_is_known():
    send = on("ec2-instance-connect:SendSSHPublicKey", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/*")

    assert [] == faults({**send, "Condition": {"StringEquals": {"ec2:osuser": "ec2-user"}}})
    assert faults({**send, "Condition": {"StringEquals": {"ec2:osusers": "ec2-user"}}})
    assert faults(under({"StringEquals": {"ec2:osuser": "ec2-user"}}))

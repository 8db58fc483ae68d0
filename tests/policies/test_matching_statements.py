"""What AWS's own pages write is left alone; what no request can match, or each does, is said."""

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
    # Amazon SageMaker AI Developer Guide, "Deploy a Model Version from a Different Account", read 2026-11-29
    on(
        ["sagemaker:CreateModel", "sagemaker:DescribeModelPackage"],
        f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package/group/*",
    ),
    on("dynamodb:Query", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t/index/*"),
    on("dynamodb:*", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t*"),
]
NEVER_TAKEN = [
    on("apigateway:GET", f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:abc/*"),
    on("elasticloadbalancing:DescribeTags", f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/classic"),
    on("s3:ListBucket", "arn:aws:s3::::accesspoint/x.mrap"),
    on("sagemaker:CreateModel", f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package-group/group"),
    on("dynamodb:GetItem", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t/index/i"),
    on("dynamodb:ListStreams", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t"),
    on("s3:*", "arn:aws:*:::b"),
    on("s3:GetObject", "arn:aws:s?:::b/*"),
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


def test_what_only_awss_own_policies_have_is_known():
    sample = on("sagemaker:Sample*", "*")

    assert [] == faults(sample, on(["s3files:GetAccessPoint", "EC2:AttachImageWatermark"], "*"))
    assert [] == faults(
        {**sample, "Condition": {"StringEquals": {"s3files:CreateAction": "x", "sagemaker:DomainId": "d"}}}
    )
    assert 1 == len(faults(on(["sagemaker:Sampel", "sagemaker:Sample"], "*")))


MET_BY_NONE = [
    under({"StringEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/app-*"}}),
    under({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-??????????"}}),
    under({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": ["o-a/r-b/*"]}}),
    under({"StringNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/app-*"}}, Effect="Deny"),
    under({"Null": {"aws:SourceVpce": "true"}, "StringEquals": {"AWS:sourceVpce": "vpce-0a"}}),
    under({"Null": {"aws:SourceIp": True}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    under({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}, "StringNotEquals": {"aws:PrincipalAccount": [ACCOUNT]}}),
    under({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}, "StringNotLike": {"aws:PrincipalAccount": "1111*"}}),
    under({"IpAddress": {"aws:SourceIp": "203.0.113.0/25"}, "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}),
    under({"Bool": {"aws:SecureTransport": "true"}, "BoolIfExists": {"aws:SecureTransport": False}}),
    under({"StringLike": {"aws:SourceIp": "203.0.113.*"}}),
    under({"StringLike": {"aws:CurrentTime": "2026-*"}}),
]
MET_BY_SOME = [
    under({"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/app-*"}}),
    under({"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/app-*"}}),
    under({"StringEquals": {"aws:PrincipalTag/team": "*"}}),
    under({"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}),
    under({"Null": {"aws:SourceVpce": "false"}, "StringEquals": {"aws:SourceVpce": "vpce-0a"}}),
    under({"Null": {"aws:SourceVpce": "true"}, "StringNotEquals": {"aws:SourceVpce": "vpce-0a"}}, Effect="Deny"),
    under({"Null": {"aws:SourceVpce": "true"}, "StringEqualsIfExists": {"aws:SourceVpce": "vpce-0a"}}),
    under(
        {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT, "444455556666"]}, "StringNotEquals": {"aws:userid": "x"}}
    ),
    under(
        {
            "StringEquals": {"aws:PrincipalAccount": [ACCOUNT, "4" * 12]},
            "StringNotEquals": {"aws:PrincipalAccount": "4" * 12},
        }
    ),
    under({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "NotIpAddress": {"aws:SourceIp": "203.0.113.7"}}),
    under({"Bool": {"aws:SecureTransport": "true", "aws:ViaAWSService": "false"}}),
    under({"StringLike": {"aws:userid": "AROA*:x"}, "StringNotEquals": {"aws:userid": "AROAEXAMPLE1234567890:x"}}),
    under({"StringNotEquals": {"aws:Ec2InstanceSourcePrivateIPv4": "${aws:VpcSourceIp}"}}, Effect="Deny"),
]


@pytest.mark.parametrize("statement", MET_BY_NONE)
def test_a_condition_that_no_request_meets_or_each_does_is_said(statement):
    assert faults(statement)


@pytest.mark.parametrize("statement", MET_BY_SOME)
def test_a_condition_that_some_requests_meet_is_fine(statement):
    assert [] == faults(statement)


@pytest.mark.parametrize(
    ("subject", "count"), [("repo:acme/landing:*", 1), ("repo:acme/landing:ref:refs/heads/main", 0)]
)
def test_a_wildcard_in_an_exact_subject_is_said(subject, count):
    condition = {"StringEquals": {"oidc.example.com:sub": subject}}
    allow = {"Effect": "Allow", "Principal": OIDC, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}

    assert count == len(faults(allow, token="aws:iam/role:Role", path="assumeRolePolicy"))


@pytest.mark.parametrize(
    ("principal", "count"),
    [
        ("arn:aws:iam::11112222333:root", 1),
        ("arn:aws:iam:::role/x", 1),
        (f"arn:aws:iam::{ACCOUNT}:group/x", 1),
        (f"arn:aws:iam::{ACCOUNT}:policy/x", 1),
        (f"arn:aws:iam::{ACCOUNT}:root", 0),
        (f"arn:aws-cn:iam::{ACCOUNT}:user/team/x", 0),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/x/y", 0),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/x", 0),
        ("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EH1HDMB1FH2TC", 0),
    ],
)
def test_a_principal_is_an_account_or_somebody_of_one(principal, count):
    bucket = {"token": "aws:s3/bucketPolicy:BucketPolicy", "path": "policy"}

    assert count == len(faults({**GET, "Principal": {"AWS": principal}}, **bucket))


@pytest.mark.parametrize(("version", "count"), [({}, 1), ({"Version": "2012-10-17"}, 0)])
def test_a_resource_control_policy_says_its_version(version, count):
    content = {**version, "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}

    assert count == len(
        said("aws:organizations/policy:Policy", type="RESOURCE_CONTROL_POLICY", content=json.dumps(content))
    )

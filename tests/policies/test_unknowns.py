"""What is known decides, whatever is unknown beside it."""

import pytest

from policies.decode import UNKNOWN_SENTINELS, plain
from policies.evaluate import judge
from policies.rules import REGISTRY, UNKNOWN, Resource

LISTENER = "aws:lb/listener:Listener"
METHOD = "aws:apigateway/method:Method"
PERMISSION = "aws:lambda/permission:Permission"
POLICY = "aws:iam/policy:Policy"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def _said(key, token, props):
    """fires, silent or undecided."""
    found = judge(REGISTRY[key], Resource(type=token, name="x", props=props))
    return "silent" if not found else "undecided" if all(each["unknown"] for each in found) else "fires"


@pytest.mark.parametrize(
    ("key", "token", "props"),
    [
        ("apigw-method-auth", METHOD, {"authorization": "AWS_IAM", "httpMethod": UNKNOWN, "apiKeyRequired": UNKNOWN}),
        ("apigw-method-auth", METHOD, {"authorization": UNKNOWN, "httpMethod": "OPTIONS"}),
        (
            "codebuild-logging",
            "aws:codebuild/project:Project",
            {"logsConfig": {"cloudwatchLogs": UNKNOWN, "s3Logs": {"status": "ENABLED"}}},
        ),
        (
            "ec2-imdsv2",
            "aws:ec2/instance:Instance",
            {"metadataOptions": {"httpEndpoint": UNKNOWN, "httpTokens": "required"}},
        ),
        ("lb-listener-tls12", LISTENER, {"protocol": UNKNOWN, "sslPolicy": MODERN}),
        ("lambda-permission-not-public", PERMISSION, {"principal": UNKNOWN, "sourceAccount": "111122223333"}),
        (
            "lambda-permission-source",
            PERMISSION,
            {"principal": "s3.amazonaws.com", "sourceArn": "a", "sourceAccount": UNKNOWN},
        ),
        ("sqs-encrypted", "aws:sqs/queue:Queue", {"kmsMasterKeyId": UNKNOWN, "sqsManagedSseEnabled": True}),
        ("kms-rotation", "aws:kms/key:Key", {"enableKeyRotation": True, "keyUsage": UNKNOWN}),
        (
            "rds-instance-encrypted",
            "aws:rds/instance:Instance",
            {"storageEncrypted": True, "replicateSourceDb": UNKNOWN},
        ),
        (
            "rds-backup-retention",
            "aws:rds/instance:Instance",
            {"backupRetentionPeriod": 7, "replicateSourceDb": UNKNOWN},
        ),
        (
            "sg-no-public-ssh",
            GROUP,
            {"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": UNKNOWN}]},
        ),
        ("sg-no-public-all-ports", INGRESS, {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": UNKNOWN}),
        ("sg-no-public-ssh", INGRESS, {"ipProtocol": UNKNOWN, "fromPort": UNKNOWN, "cidrIpv4": "10.0.0.0/8"}),
        (
            "iam-no-action-star",
            POLICY,
            {"policy": {"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": UNKNOWN}}},
        ),
        (
            "iam-no-kms-decrypt-star",
            POLICY,
            {"policy": {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": [UNKNOWN]}]}},
        ),
        (
            "s3-policy-no-public-principal",
            "aws:s3/bucketPolicy:BucketPolicy",
            {
                "policy": {
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "s3:Get*", "Resource": UNKNOWN}
                    ]
                }
            },
        ),
    ],
)
def test_a_known_value_that_makes_it_legal_is_enough(key, token, props):
    assert "silent" == _said(key, token, props)


@pytest.mark.parametrize(
    ("key", "token", "props"),
    [
        ("sg-no-public-ingress", INGRESS, {"ipProtocol": UNKNOWN, "cidrIpv4": "0.0.0.0/0"}),
        (
            "sns-policy-not-public",
            "aws:sns/topic:Topic",
            {
                "policy": {
                    "Statement": [{"Effect": "Allow", "Principal": {"AWS": [UNKNOWN, "*"]}, "Action": "sns:Publish"}]
                }
            },
        ),
        (
            "sg-no-public-ssh",
            GROUP,
            {
                "ingress": [
                    {"protocol": UNKNOWN, "cidrBlocks": ["0.0.0.0/0"]},
                    {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]},
                ]
            },
        ),
        (
            "iam-no-action-star",
            POLICY,
            {"policy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": UNKNOWN}]}},
        ),
        (
            "iam-passrole-scoped",
            POLICY,
            {"policy": {"Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": UNKNOWN}]}},
        ),
        (
            "iam-no-privilege-escalation",
            POLICY,
            {
                "policy": {
                    "Statement": [
                        {"Effect": "Allow", "Action": UNKNOWN, "Resource": "*"},
                        {"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"},
                    ]
                }
            },
        ),
        (
            "s3-policy-no-public-principal",
            "aws:s3/bucketPolicy:BucketPolicy",
            {
                "policy": {
                    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": UNKNOWN}]
                }
            },
        ),
    ],
)
def test_a_known_violation_is_found_beside_what_is_unknown(key, token, props):
    assert "fires" == _said(key, token, props)


@pytest.mark.parametrize(
    ("key", "token", "props"),
    [
        ("sg-no-public-ssh", INGRESS, {"ipProtocol": UNKNOWN, "fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"}),
        ("sg-no-public-ssh", INGRESS, {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": UNKNOWN}),
        ("sqs-encrypted", "aws:sqs/queue:Queue", {"kmsMasterKeyId": UNKNOWN, "sqsManagedSseEnabled": False}),
        (
            "iam-no-action-star",
            POLICY,
            {"policy": {"Statement": [{"Effect": "Allow", "Action": UNKNOWN, "Resource": "*"}]}},
        ),
        (
            "iam-policy-valid",
            POLICY,
            {"policy": {"Statement": [{"Effect": "Allow", "Action": UNKNOWN, "Resource": "*"}]}},
        ),
        (
            "iam-no-admin-star",
            POLICY,
            {"policy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": UNKNOWN}]}},
        ),
    ],
)
def test_what_could_be_either_is_undecided(key, token, props):
    assert "undecided" == _said(key, token, props)


@pytest.mark.parametrize("sentinel", sorted(UNKNOWN_SENTINELS))
def test_text_written_around_an_unknown_value_is_unknown(sentinel):
    assert {"policy": UNKNOWN, "name": "x"} == plain({"policy": f'{{"Resource": "{sentinel}"}}', "name": "x"})

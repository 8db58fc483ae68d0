"""Roles, keys and buckets for tests of the emulated AWS's decisions, and what a refusal says is missing."""

import json
from itertools import count

import pytest
from botocore.exceptions import ClientError

ACCOUNT, REGION = "111111111111", "eu-west-1"
NUMBERS = count()
ROOT = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}


def allow(*actions, resource="*", **condition):
    more = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal):
    return document({"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", "sts:TagSession"]})


SAGEMAKER = trust({"Service": "sagemaker.amazonaws.com"})
PEOPLE = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})


def lacks(call, **params):
    """What is missing: the action in AWS's message."""
    with pytest.raises(ClientError) as error:
        call(**params)
    message = error.value.response["Error"]["Message"]
    assert "is not authorized to perform: " in message, message
    return message.split("is not authorized to perform: ")[1].split()[0]


@pytest.fixture
def role(client):
    """Make a role with the given statements; its ARN."""
    iam = client("iam")

    def make(*statements, trusted=SAGEMAKER):
        name = f"role{next(NUMBERS)}"
        iam.create_role(RoleName=name, Path="/mlz/", AssumeRolePolicyDocument=trusted)
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return f"arn:aws:iam::{ACCOUNT}:role/mlz/{name}"

    return make


@pytest.fixture
def person(cloud, aws, client, role):
    """Clients of somebody with the given statements."""

    def start(*statements):
        arn = role(*statements, trusted=PEOPLE)
        made = client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return lambda service: aws(cloud, service, made["AccessKeyId"], made["SessionToken"])

    return start


@pytest.fixture
def key(client):
    """Make a key that leaves its use to identity policies, and to whom else is given."""

    def make(*statements):
        made = client("kms").create_key(Policy=document(ROOT, *statements))
        return made["KeyMetadata"]["Arn"]

    return make


@pytest.fixture
def bucket(client):
    """Make a bucket that encrypts with a key."""

    def make(key_arn=None, policy=None):
        name = f"mlz-test-{next(NUMBERS)}"
        s3 = client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if key_arn:
            default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
            rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
            s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
        if policy:
            s3.put_bucket_policy(Bucket=name, Policy=document(policy(name)))
        return name

    return make

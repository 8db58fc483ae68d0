"""Buckets: what their own policies, and the resource control policies, refuse to who has every right."""

import json
from typing import Any

from tests.journeys.callers import ADMINISTRATOR, OUTSIDE_ADMINISTRATOR, REGION, STRANGER, Caller
from tests.journeys.step import Stage
from tests.journeys.steps.data import put
from tests.journeys.steps.guardrails import refused
from zone import names


def around(bucket: str, title: str, act: Any, *who: str) -> None:
    """A way around a bucket's policy, for one of the team's buckets."""
    refused(f"{title}: {bucket} bucket", *who)(lambda caller, stage: act(caller, stage, caller.team.bucket(bucket)))


def own_key(who: Caller, _stage: Stage, bucket: str) -> None:
    """Encrypt with a key that only the writer has."""
    who.client("s3").put_object(
        Bucket=bucket, Key="own-key", Body=b"x", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32
    )


for purpose in names.BUCKET_PURPOSES:
    around(
        purpose, "write without KMS", lambda who, _stage, bucket: put(who, bucket, "a", ServerSideEncryption="AES256")
    )
    around(purpose, "write with a key of the writer's own", own_key)
    around(
        purpose,
        "write with another key of ours",
        lambda who, _stage, bucket: put(
            who, bucket, "a", ServerSideEncryption="aws:kms", SSEKMSKeyId=who.team.key_arn("logs")
        ),
    )
    around(purpose, "read from outside", lambda who, _stage, bucket: look(who, bucket), OUTSIDE_ADMINISTRATOR)
    around(purpose, "read over plain HTTP", lambda who, _stage, bucket: look(who, bucket, plain=True))


def look(who: Caller, bucket: str, **how: Any) -> None:
    """List a bucket."""
    who.client("s3", **how).list_objects_v2(Bucket=bucket)


@refused("read what a bucket policy opens to everybody", STRANGER)
def opened(who: Caller, stage: Stage):
    owner = stage.callers[ADMINISTRATOR]
    if "opened" not in stage.made:
        everybody = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::opened-by-mistake",
        }
        s3 = owner.client("s3")
        s3.create_bucket(Bucket="opened-by-mistake", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_policy(
            Bucket="opened-by-mistake", Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
        )
        stage.made["opened"] = True
    look(who, "opened-by-mistake")

"""Buckets: what their own policies, and the resource control policies, refuse to who has every right."""

import json
from typing import Any

from tests.journeys.callers import (
    ADMINISTRATOR,
    OUTSIDE_ADMINISTRATOR,
    PLATFORM_ADMINISTRATOR,
    PREVIEW,
    REGION,
    STRANGER,
    WIDE_OUTSIDE,
    Caller,
)
from tests.journeys.step import Stage, step
from tests.journeys.steps.data import OWN, put, stored
from tests.journeys.steps.guardrails import PART, refused
from tests.journeys.steps.models import version
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


def opened_by_mistake(stage: Stage) -> str:
    """A bucket that an administrator has opened to everybody."""
    if "opened" not in stage.made:
        s3, bucket = stage.callers[ADMINISTRATOR].client("s3"), "arn:aws:s3:::opened-by-mistake"
        everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": bucket}
        s3.create_bucket(Bucket="opened-by-mistake", CreateBucketConfiguration={"LocationConstraint": REGION})
        policy = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
        s3.put_bucket_policy(Bucket="opened-by-mistake", Policy=policy)
        stage.made["opened"] = "opened-by-mistake"
    return str(stage.made["opened"])


@refused("read what a bucket policy opens to everybody", STRANGER, WIDE_OUTSIDE)
def opened(who: Caller, stage: Stage):
    look(who, opened_by_mistake(stage))


@refused("read over plain HTTP what a bucket policy opens to everybody")
def opened_plain(who: Caller, stage: Stage):
    look(who, opened_by_mistake(stage), plain=True)


def artifacts_bucket(who: Caller) -> str:
    """The bucket beside the environment's tracking server."""
    return names.bucket("dev-platform", "mlflow", who.team.contract["mlflow/server-arn"].split(":")[4])


@refused("write without KMS: artifacts' bucket", PLATFORM_ADMINISTRATOR)
def artifacts_without_kms(who: Caller, _stage: Stage):
    put(who, artifacts_bucket(who), "a", ServerSideEncryption="AES256")


@refused("write with a key of the writer's own: artifacts' bucket", PLATFORM_ADMINISTRATOR)
def artifacts_own_key(who: Caller, stage: Stage):
    own_key(who, stage, artifacts_bucket(who))


@refused("read from outside: artifacts' bucket", PLATFORM_ADMINISTRATOR)
def artifacts_outside(who: Caller, _stage: Stage):
    look(who, artifacts_bucket(who), outside=True)


@refused("write with another key of ours: artifacts' bucket", PLATFORM_ADMINISTRATOR)
def artifacts_other_key(who: Caller, _stage: Stage):
    key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": who.team.key_arn("logs")}
    put(who, artifacts_bucket(who), "a", **key)


@step(PART, "read the settings of keys and buckets, as a preview must", PREVIEW, only=(PREVIEW,))
def settings(who: Caller, _stage: Stage):
    for purpose in (key.partition("/")[2] for key in who.team.contract if key.startswith("keys/")):
        who.client("kms").get_key_policy(KeyId=who.team.key_arn(purpose), PolicyName="default")
    for purpose in names.BUCKET_PURPOSES:
        who.client("s3").get_bucket_policy(Bucket=who.team.bucket(purpose))


@step(PART, "look at what the stack made, as a preview must", PREVIEW, only=(PREVIEW,))
def look_at_all(who: Caller, _stage: Stage):
    team = who.team
    who.client("ec2").describe_vpcs(VpcIds=[team.contract["network/vpc-id"]])
    who.client("ec2").describe_vpc_attribute(VpcId=team.contract["network/vpc-id"], Attribute="enableDnsSupport")
    who.client("iam").get_role(RoleName=names.role("training"))
    who.client("sagemaker").describe_domain(DomainId=team.contract["studio/domain-id"])
    who.client("athena").get_work_group(WorkGroup=team.contract["athena/workgroup"])
    who.client("ecr").describe_repositories(repositoryNames=[names.repository(team.name, "card-fraud")])
    who.client("budgets").describe_budgets(AccountId=team.account)
    who.client("ssm").get_parameter(Name=names.ssm_path("studio", "domain-id"))
    who.client("logs").describe_log_groups()


@refused("read data, as a preview", PREVIEW)
def no_data(who: Caller, stage: Stage):
    bucket, key = stored(stage, f"{names.dataset_prefix(OWN)}/part-0.csv")
    who.client("s3").get_object(Bucket=bucket, Key=key)


@refused("change the contract, as a preview", PREVIEW)
def no_change(who: Caller, _stage: Stage):
    who.client("ssm").put_parameter(Name=names.ssm_path("roles", "training"), Value="mine", Overwrite=True)


@refused("delete a model version")
def delete_version(who: Caller, stage: Stage):
    who.client("sagemaker").delete_model_package(ModelPackageName=version(stage))

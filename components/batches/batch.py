"""A batch of predictions: a model made of an approved version, and the transform job that a schedule starts."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants import jobs
from components.access.grants.place import Place
from components.schedules.schedules import Ground, scheduled_call
from zone import schedule_names
from zone.schedule_names import EXECUTION


@dataclass(frozen=True, kw_only=True)
class BatchArgs:
    """Inputs of Batch."""

    place: Place
    """Where its jobs run."""

    batch: str
    """Name of the batch."""

    version_arn: str
    """ARN of the approved version of the model."""

    schedule: str
    """When: rate(…) or cron(…), in UTC."""

    input_prefix: str
    """Prefix of the records in the data bucket, ending in a slash."""

    output_prefix: str
    """Prefix of the predictions there, ending in a slash."""

    role_arn: pulumi.Input[str]
    """The transform role."""

    topic_arn: pulumi.Input[str]
    """Who is told of a job that fails."""

    ground: Ground
    """Group, role, queue and key of the account's schedules."""


class Batch(pulumi.ComponentResource):
    """A SageMaker model of one version, a schedule that starts transform jobs of it, and word of those that fail."""

    model_name: pulumi.Output[str]
    """Name of the model: a new version is a new one, and the old stays until the schedule names it no more."""

    def __init__(self, name: str, args: BatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Batch", name, {}, opts)
        words.names(batch=[args.batch])
        child = pulumi.ResourceOptions(parent=self)
        job = schedule_names.batch_job(args.batch)
        prefix = f"{name}-batch"

        model = aws.sagemaker.Model(
            prefix,
            name=schedule_names.batch_model(args.batch, args.version_arn.rpartition("/")[2]),
            execution_role_arn=args.role_arn,
            primary_container={"model_package_name": args.version_arn},
            # SageMaker brings the records and takes the predictions: a model needs no network for them.
            enable_network_isolation=True,
            vpc_config={
                "subnets": args.place.subnet_ids,
                "security_group_ids": [args.place.security_group_id],
            },
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        scheduled_call(
            prefix,
            args.ground,
            name=job,
            expression=args.schedule,
            call="sagemaker:createTransformJob",
            request=_transform_job(args, job, model.name),
            child=child,
        )
        rule = aws.cloudwatch.EventRule(
            f"{prefix}-failed",
            description=f"Batch {args.batch} failed, so there are no new predictions",
            event_pattern=json.dumps(_failed(job)),
            opts=child,
        )
        aws.cloudwatch.EventTarget(f"{prefix}-failed", rule=rule.name, arn=args.topic_arn, opts=child)
        self.model_name = model.name
        self.register_outputs({"model_name": self.model_name})


def _transform_job(args: BatchArgs, job: str, model_name: pulumi.Input[str]) -> dict[str, Any]:
    """Return the request of CreateTransformJob.

    Each file is one request: the first line of a CSV is its header, so files are not split.
    """
    place = args.place
    bucket = f"s3://{place.bucket_name('data')}"
    kind = place.types("transform")[0]
    resources: dict[str, Any] = {"InstanceType": kind, "InstanceCount": 1}
    if not jobs.on_local_disk(kind):
        resources["VolumeKmsKeyId"] = place.key_arns["data"]
    return {
        "TransformJobName": f"{job}-{EXECUTION}",
        "ModelName": model_name,
        "BatchStrategy": "SingleRecord",
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{bucket}/{args.input_prefix}"}},
            "ContentType": "text/csv",
            "SplitType": "None",
        },
        "TransformOutput": {
            "S3OutputPath": f"{bucket}/{args.output_prefix}{EXECUTION}/",
            "KmsKeyId": place.key_arns["data"],
            "Accept": "application/json",
        },
        "TransformResources": resources,
    }


def _failed(job: str) -> dict[str, Any]:
    """A job of the batch that failed.

    Source: SageMaker Developer Guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge", transform job
    state change, read 2026-11-30.
    """
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Transform Job State Change"],
        "detail": {"TransformJobName": [{"prefix": f"{job}-"}], "TransformJobStatus": ["Failed"]},
    }

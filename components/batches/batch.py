"""A batch of predictions: a model made of an approved version, and what starts transform jobs of it."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants.place import Place
from components.batches.arrivals import Arrival, ArrivalGround, failed, on_arrival
from components.batches.request import transform_job
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
    """When: rate(…) or cron(…), in UTC; empty: whenever a file arrives below the input. Plain."""

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

    arrivals: ArrivalGround | None
    """Roles of what arriving files start; none: the batch has a schedule. Plain but for ids."""


class Batch(pulumi.ComponentResource):
    """A SageMaker model of one version, what starts transform jobs of it, and word of those that fail.

    That is a schedule, over all that lies below the input, or a rule and a pipeline, for each file that arrives there.
    """

    model_name: pulumi.Output[str]
    """Name of the model: a new version is a new one, and the old stays until nothing names it any more."""

    def __init__(self, name: str, args: BatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Batch", name, {}, opts)
        words.names(batch=[args.batch])
        if bool(args.schedule) is (args.arrivals is not None):
            raise pulumi.RunError(f"{args.batch}: a batch has a schedule or waits for files, one of both")
        child = pulumi.ResourceOptions(parent=self)
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
        event = (
            _by_arrival(prefix, args, model.name, args.arrivals, child)
            if args.arrivals
            else _by_schedule(prefix, args, model.name, child)
        )
        rule = aws.cloudwatch.EventRule(
            f"{prefix}-failed",
            description=f"Batch {args.batch} failed, so there are no new predictions",
            event_pattern=pulumi.Output.json_dumps(event),
            opts=child,
        )
        aws.cloudwatch.EventTarget(f"{prefix}-failed", rule=rule.name, arn=args.topic_arn, opts=child)
        self.model_name = model.name
        self.register_outputs({"model_name": self.model_name})


def _by_schedule(
    logical: str, args: BatchArgs, model_name: pulumi.Input[str], child: pulumi.ResourceOptions
) -> dict[str, Any]:
    """Start it by schedule; the event of a job that failed."""
    job = schedule_names.batch_job(args.batch)
    bucket = f"s3://{args.place.bucket_name('data')}"
    request = transform_job(
        args.place, model_name, f"{bucket}/{args.input_prefix}", f"{bucket}/{args.output_prefix}{EXECUTION}/"
    )
    scheduled_call(
        logical,
        args.ground,
        name=job,
        expression=args.schedule,
        call="sagemaker:createTransformJob",
        request={"TransformJobName": f"{job}-{EXECUTION}", **request},
        child=child,
    )
    return _failed(job)


def _by_arrival(
    logical: str,
    args: BatchArgs,
    model_name: pulumi.Input[str],
    ground: ArrivalGround,
    child: pulumi.ResourceOptions,
) -> dict[str, Any]:
    """Start it for each file that arrives; the event of a run that failed."""
    arrival = Arrival(
        batch=args.batch,
        model_name=model_name,
        input_prefix=args.input_prefix,
        output_prefix=args.output_prefix,
    )
    pipeline = on_arrival(
        logical,
        args.place,
        arrival,
        ground=ground,
        dead_letters_arn=args.ground.dead_letters_arn,
        child=child,
    )
    return failed(pipeline.arn)


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

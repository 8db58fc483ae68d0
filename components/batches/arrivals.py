"""Files that arrive start jobs: what an account's batches share for it, and the rule and pipeline of one of them.

EventBridge has no target for CreateTransformJob; of those it has, a SageMaker pipeline of one step takes the fewest
parts: no function, no state machine, nothing that costs while it waits. Source: EventBridge User Guide, "Event bus
targets in Amazon EventBridge" (the targets; a parameter may be a JSON path into the event), read 2026-11-30.
From memory of the S3 User Guide: keys come to EventBridge as they are, not URL-encoded.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.access.grants.arrival import start_batches, tell_batches
from components.access.grants.place import Place
from components.access.grants.statement import trust_sagemaker
from components.access.role import service_role, trust_service
from components.batches.request import transform_job
from zone import schedule_names

_KEY: Final = "Key"
"""The pipeline's one parameter: key of the file."""

_TRIES: Final = 3
"""Tries after the first to start a run."""

_AGE_SECONDS: Final = 3600
"""How long it is tried [s]."""

_RETRIES: Final = (
    {"ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"], "IntervalSeconds": 30, "BackoffRate": 2.0},
    # Many files at once want more instances than the quota has: they wait for each other, some 8 hours at most.
    {"ExceptionType": ["SageMaker.RESOURCE_LIMIT"], "IntervalSeconds": 120, "BackoffRate": 2.0},
)
"""From memory of the SageMaker Developer Guide, "Retry policy for pipeline steps"."""

_STEP_TRIES: Final = 8
"""Tries of the step, each after twice the time."""


@dataclass(frozen=True, kw_only=True)
class ArrivalsArgs:
    """Inputs of Arrivals."""

    place: Place
    """Where jobs run. Plain but for ids: it decides what the roles may."""

    bucket_name: pulumi.Input[str]
    """The data bucket; known once it is there."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the roles."""


@dataclass(frozen=True, kw_only=True)
class ArrivalGround:
    """What each batch that waits for files needs."""

    pipeline_role_arn: pulumi.Input[str]
    """Role under which SageMaker Pipelines starts jobs."""

    events_role_arn: pulumi.Input[str]
    """Role under which EventBridge starts pipelines."""


class Arrivals(pulumi.ComponentResource):
    """The data bucket tells EventBridge what comes, and two roles: one starts pipelines, the other their jobs."""

    pipeline_role_arn: pulumi.Output[str]
    """Role under which SageMaker Pipelines starts jobs; complete only when its policy is there."""

    events_role_arn: pulumi.Output[str]
    """Role under which EventBridge starts pipelines; likewise."""

    def __init__(self, name: str, args: ArrivalsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Arrivals", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        place = args.place

        aws.s3.BucketNotification(f"{name}-arrivals", bucket=args.bucket_name, eventbridge=True, opts=child)
        self.pipeline_role_arn = service_role(
            f"{name}-arrivals",
            schedule_names.ARRIVALS,
            account_id=place.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_sagemaker(place.account_id),
            statements=start_batches(place),
            child=child,
        )
        self.events_role_arn = service_role(
            f"{name}-arrival-events",
            schedule_names.ARRIVAL_EVENTS,
            account_id=place.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_service(
                "events.amazonaws.com",
                place.account_id,
                schedule_names.batches_arn("events", "rule", place.region, place.account_id),
            ),
            statements=tell_batches(place),
            child=child,
        )
        self.register_outputs({"pipeline_role_arn": self.pipeline_role_arn, "events_role_arn": self.events_role_arn})


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What a file starts."""

    batch: str
    """Name of the batch."""

    model_name: pulumi.Input[str]
    """SageMaker model."""

    input_prefix: str
    """Prefix of the records in the data bucket, ending in a slash."""

    output_prefix: str
    """Prefix of the predictions there, ending in a slash."""


def on_arrival(
    logical: str,
    place: Place,
    arrival: Arrival,
    *,
    ground: ArrivalGround,
    dead_letters_arn: pulumi.Input[str],
    child: pulumi.ResourceOptions,
) -> aws.sagemaker.Pipeline:
    """Start a job of its own for each file that arrives.

    Args:
        logical: logical name.
        place: where jobs run.
        arrival: what a file starts.
        ground: the roles.
        dead_letters_arn: queue of files for which nothing could be started.
        child: options of the component's children.
    """
    name = schedule_names.batch_job(arrival.batch)
    bucket = place.bucket_name("data")
    named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
    pipeline = aws.sagemaker.Pipeline(
        f"{logical}-arrival",
        pipeline_name=name,
        pipeline_display_name=name,
        role_arn=ground.pipeline_role_arn,
        pipeline_definition=pulumi.Output.json_dumps(definition(place, arrival)),
        opts=named,
    )
    rule = aws.cloudwatch.EventRule(
        f"{logical}-arrival",
        name=name,
        description=f"A file arrived for batch {arrival.batch}",
        event_pattern=json.dumps(_arrived(bucket, arrival.input_prefix)),
        opts=named,
    )
    aws.cloudwatch.EventTarget(
        f"{logical}-arrival",
        rule=rule.name,
        arn=pipeline.arn,
        role_arn=ground.events_role_arn,
        sagemaker_pipeline_target={"pipeline_parameter_lists": [{"name": _KEY, "value": "$.detail.object.key"}]},
        retry_policy={"maximum_retry_attempts": _TRIES, "maximum_event_age_in_seconds": _AGE_SECONDS},
        dead_letter_config={"arn": dead_letters_arn},
        opts=child,
    )
    return pipeline


def definition(place: Place, arrival: Arrival) -> dict[str, Any]:
    """Return the pipeline: one transform job on the one file, which writes below the run's id."""
    bucket = f"s3://{place.bucket_name('data')}/"
    job = transform_job(
        place,
        arrival.model_name,
        _join(bucket, {"Get": f"Parameters.{_KEY}"}),
        _join(f"{bucket}{arrival.output_prefix}", {"Get": "Execution.PipelineExecutionId"}, "/"),
    )
    retries = [{**each, "MaxAttempts": _STEP_TRIES} for each in _RETRIES]
    return {
        "Version": "2020-12-01",
        "Parameters": [{"Name": _KEY, "Type": "String"}],
        "Steps": [{"Name": "Score", "Type": "Transform", "Arguments": job, "RetryPolicies": retries}],
    }


def failed(pipeline_arn: pulumi.Input[str]) -> dict[str, Any]:
    """A run of the pipeline that failed.

    From memory of the SageMaker Developer Guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge",
    pipeline execution state change.
    """
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
        "detail": {"pipelineArn": [pipeline_arn], "currentPipelineExecutionStatus": ["Failed"]},
    }


def _arrived(bucket: str, prefix: str) -> dict[str, Any]:
    """A file that came; an empty one is a folder that somebody made in the console."""
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [bucket]},
            "object": {"key": [{"prefix": prefix}], "size": [{"numeric": [">", 0]}]},
        },
    }


def _join(*values: Any) -> dict[str, Any]:  # noqa: ANN401 - text, or a reference
    return {"Std:Join": {"On": "", "Values": list(values)}}

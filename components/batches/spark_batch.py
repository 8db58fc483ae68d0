"""A batch of predictions that runs by Spark: its schedule, and word of runs that fail."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants.place import Place
from components.batches.spark_request import SparkRun, spark_run
from components.schedules.schedules import Ground, scheduled_call
from zone import schedule_names


@dataclass(frozen=True, kw_only=True)
class SparkBatchArgs:
    """Inputs of SparkBatch."""

    place: Place
    """Where its runs work."""

    run: SparkRun
    """What they do."""

    schedule: str
    """When: rate(…) or cron(…), in UTC."""

    application_id: pulumi.Input[str]
    """The batch's EMR Serverless application."""

    role_arn: pulumi.Input[str]
    """Role of its runs."""

    topic_arn: pulumi.Input[str]
    """Who is told of a run that fails."""

    ground: Ground
    """Group, role, queue and key of the account's schedules."""


class SparkBatch(pulumi.ComponentResource):
    """A schedule that starts runs of one application over all that lies below the input, and word of those that fail.

    An application runs one batch only, so its id tells which batch an event is about: the event of a run has no name.
    """

    schedule_name: pulumi.Output[str]
    """Name of the schedule."""

    def __init__(self, name: str, args: SparkBatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:SparkBatch", name, {}, opts)
        batch = args.run.scored.batch
        words.names(batch=[batch])
        child = pulumi.ResourceOptions(parent=self)
        prefix = f"{name}-batch"

        made = scheduled_call(
            prefix,
            args.ground,
            name=schedule_names.batch_job(batch),
            expression=args.schedule,
            call="emrserverless:startJobRun",
            request=spark_run(args.place, args.run, application_id=args.application_id, role_arn=args.role_arn),
            child=child,
        )
        rule = aws.cloudwatch.EventRule(
            f"{prefix}-failed",
            description=f"Batch {batch} failed, so there are no new predictions",
            event_pattern=pulumi.Output.json_dumps(failed(args.application_id)),
            opts=child,
        )
        aws.cloudwatch.EventTarget(f"{prefix}-failed", rule=rule.name, arn=args.topic_arn, opts=child)
        self.schedule_name = made.name
        self.register_outputs({"schedule_name": self.schedule_name})


def failed(application_id: pulumi.Input[str]) -> dict[str, Any]:
    """A run of the application that failed, or took too long: then EMR Serverless cancels it.

    Sources, read 2026-11-30: EMR Serverless User Guide, "Automating EMR Serverless with Amazon EventBridge" and "Job
    run states"; EventBridge Events Reference, "Amazon EMR Serverless events" (delivered with best effort).
    """
    return {
        "source": ["aws.emr-serverless"],
        "detail-type": ["EMR Serverless Job Run State Change"],
        "detail": {"applicationId": [application_id], "state": ["FAILED", "CANCELLED"]},
    }

"""The ground of an account's schedules: their group, the role that starts jobs, the queue of what did not start."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.access.grants.place import Place
from components.access.grants.schedule import schedule
from components.access.role import service_role, trust_service
from components.mail import told_by_mail
from zone import schedule_names

_KEPT_DAYS: Final = 14
"""How long a dead letter is kept: SQS's longest (SQS API, CreateQueue, MessageRetentionPeriod: 1,209,600 s)."""

_ATTEMPTS: Final = 3
"""Tries after the first."""

_AGE_SECONDS: Final = 3600
"""How long it is tried [s]: a job that could not be started within the hour waits for the next run."""


@dataclass(frozen=True, kw_only=True)
class SchedulesArgs:
    """Inputs of Schedules."""

    place: Place
    """Where jobs run. Plain but for ids: it decides what the role may."""

    monitors: bool
    """Whether monitors start by schedule. Plain."""

    batches: bool
    """Whether transform jobs of batches start by schedule. Plain."""

    spark_applications: Sequence[pulumi.Input[str]]
    """ARNs of the EMR Serverless applications whose runs start by schedule. How many is plain."""

    arrivals: bool
    """Whether batches wait for files. Plain."""

    email: str
    """Who is told of a run that could not be started."""

    key_arn: pulumi.Input[str]
    """KMS key of schedules, dead letters and topic."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the role."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What each schedule of an account needs."""

    group_name: pulumi.Output[str]
    """Group of the schedules."""

    role_arn: pulumi.Output[str]
    """Role under which they start jobs."""

    dead_letters_arn: pulumi.Output[str]
    """Queue of runs that could not be started."""

    key_arn: pulumi.Input[str]
    """Key of the schedules."""


class Schedules(pulumi.ComponentResource):
    """A schedule group, the role of its schedules, an encrypted dead letter queue and an alarm on it."""

    group_name: pulumi.Output[str]
    """Name of the group."""

    role_arn: pulumi.Output[str]
    """Role under which schedules start jobs; complete only when its policy is there."""

    dead_letters_arn: pulumi.Output[str]
    """Queue of runs that could not be started."""

    topic_arn: pulumi.Output[str]
    """Topic that tells the account's owner."""

    def __init__(self, name: str, args: SchedulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Schedules", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
        place, key = args.place, args.place.team.account_key

        group = aws.scheduler.ScheduleGroup(f"{name}-schedules", name=schedule_names.schedule_group(key), opts=named)
        queue_arn = schedule_names.dead_letters_arn(place.region, place.account_id, key)
        queue = aws.sqs.Queue(
            f"{name}-dead-letters",
            name=schedule_names.dead_letters(key),
            kms_master_key_id=args.key_arn,
            message_retention_seconds=_KEPT_DAYS * 86400,
            opts=named,
        )
        aws.sqs.QueuePolicy(
            f"{name}-dead-letters",
            queue_url=queue.url,
            policy=json.dumps(_queue_policy(place, queue_arn, arrivals=args.arrivals)),
            opts=child,
        )
        self.role_arn = service_role(
            f"{name}-schedules",
            schedule_names.SCHEDULES,
            account_id=place.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_service(
                "scheduler.amazonaws.com",
                place.account_id,
                schedule_names.schedule_group_arn(place.region, place.account_id, key),
            ),
            statements=schedule(
                place,
                queue_arn,
                args.key_arn,
                monitors=args.monitors,
                batches=args.batches,
                applications=args.spark_applications,
            ),
            child=child,
        )
        self.topic_arn = told_by_mail(
            f"{name}-schedules",
            key,
            schedule_names.SCHEDULES,
            args.email,
            account_id=place.account_id,
            region=place.region,
            key_arn=args.key_arn,
            child=child,
        )
        aws.cloudwatch.MetricAlarm(
            f"{name}-dead-letters",
            alarm_description="A job could not be started: the message in the queue says why",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            period=300,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[self.topic_arn],
            ok_actions=[self.topic_arn],
            opts=child,
        )

        self.group_name = group.name
        self.dead_letters_arn = queue.arn
        self.register_outputs(
            {
                "group_name": self.group_name,
                "role_arn": self.role_arn,
                "dead_letters_arn": self.dead_letters_arn,
                "topic_arn": self.topic_arn,
            }
        )


def scheduled_call(
    logical: str,
    ground: Ground,
    *,
    name: str,
    expression: str,
    call: str,
    request: Mapping[str, Any],
    child: pulumi.ResourceOptions,
) -> aws.scheduler.Schedule:
    """Call an AWS API by schedule.

    Args:
        logical: logical name.
        ground: group, role, queue and key.
        name: name of the schedule [≤ 64 characters].
        expression: rate(…) or cron(…), in UTC.
        call: service:operation as Scheduler writes it, sagemaker:createProcessingJob.
        request: the request; EventBridge Scheduler replaces its context attributes in it.
        child: options of the component's children.

    Source: EventBridge Scheduler User Guide, "Using universal targets", read 2026-11-30.
    """
    return aws.scheduler.Schedule(
        logical,
        name=name,
        group_name=ground.group_name,
        schedule_expression=expression,
        schedule_expression_timezone="UTC",
        flexible_time_window={"mode": "OFF"},
        kms_key_arn=ground.key_arn,
        target={
            "arn": f"arn:aws:scheduler:::aws-sdk:{call}",
            "role_arn": ground.role_arn,
            "input": pulumi.Output.json_dumps(dict(request)),
            "retry_policy": {"maximum_retry_attempts": _ATTEMPTS, "maximum_event_age_in_seconds": _AGE_SECONDS},
            "dead_letter_config": {"arn": ground.dead_letters_arn},
        },
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )


def _queue_policy(place: Place, arn: str, *, arrivals: bool) -> dict[str, Any]:
    """Nobody reaches the queue in plain text; who may at all, IAM says, but for EventBridge, which comes as itself.

    From memory of the EventBridge User Guide, "Using dead-letter queues to process undelivered events".
    """
    undelivered = {
        "Sid": "KeepArrivals",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {
            "ArnLike": {
                "aws:SourceArn": schedule_names.batches_arn("events", "rule", place.region, place.account_id),
            }
        },
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            *([undelivered] if arrivals else []),
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }

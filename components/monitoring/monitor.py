"""The monitor of one model: a scheduled job a check, an alarm a limit, a page of pictures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants.place import Place
from components.mail import told_by_mail
from components.monitoring import model_monitor
from components.monitoring.request import processing_job
from components.schedules.schedules import Ground, scheduled_call
from zone import platform_names, schedule_names
from zone.schedule_names import METRICS, MODEL_DIMENSION

CHECKS: Final = ("data", "model", "bias", "explain")

METRIC_OF: Final = {
    "drift": ("data", "Drift", "GreaterThanThreshold"),
    "missing": ("data", "Missing", "GreaterThanThreshold"),
    "auc": ("model", "Auc", "LessThanThreshold"),
    "bias": ("bias", "Bias", "GreaterThanThreshold"),
    "attribution": ("explain", "Attribution", "GreaterThanThreshold"),
}
"""Limit → the check that counts it, the metric that it puts, and on which side of the limit an alarm rings."""

_PERIOD: Final = 3600
"""A run counts once; the alarm looks at the hour in which it did, and keeps its state until the next run [s]."""


@dataclass(frozen=True, kw_only=True)
class MonitorArgs:
    """Inputs of Monitor."""

    place: Place
    """Where its jobs run."""

    model: str
    """The model."""

    image: str
    """Address of the model's image; empty: it checks nothing."""

    endpoint: str
    """Endpoint whose captured calls are read."""

    schedule: str
    """When: rate(…) or cron(…), in UTC."""

    checks: Sequence[str]
    """data, model, bias, explain: what the model's image checks. Plain: a schedule each."""

    model_monitor: Sequence[str]
    """data: what SageMaker Model Monitor checks, of an endpoint that is there. Plain: a schedule each."""

    analyzer: str
    """Address of Model Monitor's own image; empty: it checks nothing."""

    email: str
    """Who is told; AWS asks that address once whether it wants to be."""

    limits: Mapping[str, float]
    """drift, missing, auc, bias, attribution → limit [0 to 1]. Plain: an alarm each."""

    role_arn: pulumi.Input[str]
    """The processing role."""

    ground: Ground
    """Group, role, queue and key of the account's schedules."""


class Monitor(pulumi.ComponentResource):
    """Schedules of a model's checks, alarms on what they count and on jobs that fail, a dashboard, and who is told."""

    topic_arn: pulumi.Output[str]
    """Topic that tells of passed limits and failed jobs."""

    dashboard_name: pulumi.Output[str]
    """The dashboard; empty where only Model Monitor checks, which counts nothing here."""

    def __init__(self, name: str, args: MonitorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Monitor", name, {}, opts)
        words.names(model=[args.model])
        words.among(CHECKS, check=args.checks)
        words.among(model_monitor.CHECKS, model_monitor=args.model_monitor)
        words.among(METRIC_OF, limit=args.limits)
        child = pulumi.ResourceOptions(parent=self)
        place = args.place
        what = schedule_names.monitor(args.model)
        prefix = f"{name}-monitor"

        self.topic_arn = told_by_mail(
            prefix,
            place.team.account_key,
            what,
            args.email,
            account_id=place.account_id,
            region=place.region,
            key_arn=args.ground.key_arn,
            child=child,
        )
        model_monitor.watch(
            prefix,
            place,
            args.model,
            args.model_monitor,
            endpoint=args.endpoint,
            image=args.analyzer,
            schedule=args.schedule,
            role_arn=args.role_arn,
            topic_arn=self.topic_arn,
            child=child,
        )
        self.dashboard_name = (
            _own_checks(prefix, args, what, self.topic_arn, child) if args.checks else pulumi.Output.from_input("")
        )
        self.register_outputs({"topic_arn": self.topic_arn, "dashboard_name": self.dashboard_name})


def _own_checks(
    prefix: str, args: MonitorArgs, what: str, topic_arn: pulumi.Output[str], child: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """What rings for the checks of the model's image, and their page of pictures; return its name."""
    for check in args.checks:
        scheduled_call(
            f"{prefix}-{check}",
            args.ground,
            name=schedule_names.monitor_job(args.model, check),
            expression=args.schedule,
            call="sagemaker:createProcessingJob",
            request=processing_job(
                args.place, args.model, check, image=args.image, endpoint=args.endpoint, role_arn=args.role_arn
            ),
            child=child,
        )
    for limit, value in args.limits.items():
        _, metric, side = METRIC_OF[limit]
        aws.cloudwatch.MetricAlarm(
            f"{prefix}-{limit}",
            alarm_description=f"{limit} of model {args.model} is past its limit {value}",
            namespace=METRICS,
            metric_name=metric,
            dimensions={MODEL_DIMENSION: args.model},
            statistic="Minimum" if side.startswith("Less") else "Maximum",
            period=_PERIOD,
            evaluation_periods=1,
            threshold=value,
            comparison_operator=side,
            treat_missing_data="ignore",
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
            opts=child,
        )
    rule = aws.cloudwatch.EventRule(
        f"{prefix}-failed",
        description=f"A check of model {args.model} failed, so nothing is known of the model",
        event_pattern=json.dumps(_failed(what)),
        opts=child,
    )
    aws.cloudwatch.EventTarget(f"{prefix}-failed", rule=rule.name, arn=topic_arn, opts=child)
    dashboard = aws.cloudwatch.Dashboard(
        prefix,
        dashboard_name=platform_names.topic(args.place.team.account_key, what),
        dashboard_body=json.dumps({"widgets": _widgets(args)}),
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )
    return dashboard.dashboard_name


def _failed(what: str) -> dict[str, Any]:
    """A job of the monitor that failed.

    Source: SageMaker Developer Guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge", processing job
    state change, read 2026-11-30.
    """
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Processing Job State Change"],
        "detail": {"ProcessingJobName": [{"prefix": f"{what}-"}], "ProcessingJobStatus": ["Failed"]},
    }


def _widgets(args: MonitorArgs) -> list[dict[str, Any]]:
    """A picture a number, with its limit as a line where it has one; none of what Model Monitor checks."""
    counted = [(limit, metric, side) for limit, (by, metric, side) in METRIC_OF.items() if by not in args.model_monitor]
    return [
        {
            "type": "metric",
            "x": 8 * (place % 3),
            "y": 6 * (place // 3),
            "width": 8,
            "height": 6,
            "properties": {
                "title": limit,
                "region": args.place.region,
                "period": _PERIOD,
                "stat": "Minimum" if side.startswith("Less") else "Maximum",
                "metrics": [[METRICS, metric, MODEL_DIMENSION, args.model]],
                "yAxis": {"left": {"min": 0}},
                **(
                    {"annotations": {"horizontal": [{"label": "limit", "value": args.limits[limit]}]}}
                    if limit in args.limits
                    else {}
                ),
            },
        }
        for place, (limit, metric, side) in enumerate(counted)
    ]

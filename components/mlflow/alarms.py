"""Who is told when MLflow fails: a topic, alarms on metrics, and rules on what ECS says of tasks and deployments."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.mail import told_by_mail
from components.mlflow.migration import STARTED_BY
from zone import platform_names

TOPIC: Final = "mlflow-alarms"
"""What the topic is, in its name."""

GIGABYTE: Final = 1024**3


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One server, as CloudWatch knows it."""

    service_name: pulumi.Input[str]
    """ECS service."""

    target_group_suffix: pulumi.Input[str]
    """Its targets."""

    database: pulumi.Input[str]
    """Identifier of its database."""

    database_storage_gb: int
    """Storage of the database at first [GB]."""


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """Inputs of Alarms."""

    account_key: str
    """Account; part of the names."""

    account_id: str
    """Its id [12 digits]."""

    region: str
    """Its region."""

    email: str
    """Who is told; AWS asks that address once whether it wants to be."""

    key_arn: pulumi.Input[str]
    """Key of the topic."""

    balancer_arn_suffix: pulumi.Input[str]
    """What CloudWatch calls the balancer."""

    cluster: str
    """Name of the ECS cluster."""

    servers: Mapping[str, Watched]
    """Servers by key. Plain keys."""


class Alarms(pulumi.ComponentResource):
    """Alarms on what users would notice, or soon will; and each failed migration, task and deployment by itself."""

    topic_arn: pulumi.Output[str]
    """The topic."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Alarms", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.topic_arn = told_by_mail(
            name,
            args.account_key,
            TOPIC,
            args.email,
            account_id=args.account_id,
            region=args.region,
            key_arn=args.key_arn,
            child=child,
        )
        for what, alarm in _of_balancer(args).items():
            self._alarm(f"{name}-{what}", alarm, child)
        for key, server in args.servers.items():
            for what, alarm in _of_server(args, server).items():
                self._alarm(f"{name}-{key}-{what}", alarm, child)
        for what, (text, pattern) in _events(args).items():
            rule = aws.cloudwatch.EventRule(
                f"{name}-{what}", description=text, event_pattern=json.dumps(pattern), opts=child
            )
            aws.cloudwatch.EventTarget(f"{name}-{what}", rule=rule.name, arn=self.topic_arn, opts=child)
        self.register_outputs({"topic_arn": self.topic_arn})

    def _alarm(self, name: str, alarm: dict[str, Any], child: pulumi.ResourceOptions) -> None:
        aws.cloudwatch.MetricAlarm(
            name,
            **alarm,
            # No traffic is no error.
            treat_missing_data="notBreaching",
            alarm_actions=[self.topic_arn],
            ok_actions=[self.topic_arn],
            opts=child,
        )


def _of_balancer(args: AlarmsArgs) -> dict[str, dict[str, Any]]:
    return {
        "balancer-errors": {
            "alarm_description": "MLflow's load balancer answers with errors of its own (5xx)",
            **_metric("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", {"LoadBalancer": args.balancer_arn_suffix}),
            **_above(10, statistic="Sum", minutes=5),
        }
    }


def _of_server(args: AlarmsArgs, server: Watched) -> dict[str, dict[str, Any]]:
    targets = {"LoadBalancer": args.balancer_arn_suffix, "TargetGroup": server.target_group_suffix}
    database = {"DBInstanceIdentifier": server.database}
    return {
        "errors": {
            "alarm_description": "MLflow answers with errors (5xx)",
            **_metric("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", targets),
            **_above(10, statistic="Sum", minutes=5),
        },
        "latency": {
            "alarm_description": "One request in twenty waits for MLflow for more than five seconds",
            **_metric("AWS/ApplicationELB", "TargetResponseTime", targets),
            "extended_statistic": "p95",
            **_above(5, minutes=5, periods=3),
        },
        "unhealthy": {
            "alarm_description": "A task of MLflow does not answer its health check",
            **_metric("AWS/ApplicationELB", "UnHealthyHostCount", targets),
            **_above(0, statistic="Maximum", minutes=1, periods=5),
        },
        "database-processor": {
            "alarm_description": "MLflow's database works at its limit",
            **_metric("AWS/RDS", "CPUUtilization", database),
            **_above(80, statistic="Average", minutes=5, periods=3),
        },
        "database-connections": {
            "alarm_description": "MLflow's database has many connections: RDS allows memory / 12.5 MB of them",
            **_metric("AWS/RDS", "DatabaseConnections", database),
            **_above(200, statistic="Maximum", minutes=5, periods=3),
        },
        "database-storage": {
            "alarm_description": "A tenth of the database's first storage is left: it grows by itself, to its limit",
            **_metric("AWS/RDS", "FreeStorageSpace", database),
            **_above(server.database_storage_gb * GIGABYTE / 10, statistic="Minimum", minutes=5, below=True),
        },
    }


def _metric(namespace: str, name: str, dimensions: Mapping[str, pulumi.Input[str]]) -> dict[str, Any]:
    return {"namespace": namespace, "metric_name": name, "dimensions": dict(dimensions)}


def _above(
    threshold: float, *, minutes: int, statistic: str | None = None, periods: int = 1, below: bool = False
) -> dict[str, Any]:
    """Say when it rings: so many *periods* of so many *minutes* above the threshold, or *below* it."""
    return {
        "threshold": threshold,
        "comparison_operator": "LessThanThreshold" if below else "GreaterThanThreshold",
        "period": 60 * minutes,
        "evaluation_periods": periods,
        **({"statistic": statistic} if statistic else {}),
    }


def _events(args: AlarmsArgs) -> dict[str, tuple[str, dict[str, Any]]]:
    """What ECS says by itself: description and pattern of each.

    Source: ECS Developer Guide, "Amazon ECS task state change events" and "Amazon ECS service deployment state change
    events", read 2026-11-30.
    """
    cluster = [platform_names.cluster_arn(args.region, args.account_id, args.cluster)]
    stopped = {"clusterArn": cluster, "lastStatus": ["STOPPED"]}
    failed = {"containers": {"exitCode": [{"anything-but": 0}]}}
    return {
        "migration": (
            "A migration of MLflow's database failed: the service keeps its old version",
            {
                "source": ["aws.ecs"],
                "detail-type": ["ECS Task State Change"],
                "detail": {**stopped, **failed, "startedBy": [STARTED_BY]},
            },
        ),
        "restarts": (
            "A task of MLflow ended by itself; ECS starts another",
            {
                "source": ["aws.ecs"],
                "detail-type": ["ECS Task State Change"],
                "detail": {
                    **stopped,
                    "stopCode": ["EssentialContainerExited", "TaskFailedToStart"],
                    "startedBy": [{"anything-but": [STARTED_BY]}],
                },
            },
        ),
        "rollback": (
            "A new version of MLflow did not start and was rolled back",
            {
                "source": ["aws.ecs"],
                "detail-type": ["ECS Deployment State Change"],
                "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
            },
        ),
    }

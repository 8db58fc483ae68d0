"""What MLflow does, on one page of CloudWatch."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.mlflow.alarms import AlarmsArgs


def dashboard(name: str, title: str, args: AlarmsArgs, opts: pulumi.ResourceOptions) -> aws.cloudwatch.Dashboard:
    """Draw a row of pictures a server: requests and errors, time, tasks, database."""
    known = pulumi.Output.all(
        balancer=args.balancer_arn_suffix,
        servers={
            key: {"service": each.service_name, "targets": each.target_group_suffix, "database": each.database}
            for key, each in args.servers.items()
        },
    )
    body = known.apply(
        lambda all_: json.dumps(
            {
                "widgets": [
                    widget
                    for row, (key, server) in enumerate(sorted(all_["servers"].items()))
                    for widget in _row(row, key, args, all_["balancer"], server)
                ]
            }
        )
    )
    return aws.cloudwatch.Dashboard(name, dashboard_name=title, dashboard_body=body, opts=opts)


def _row(row: int, key: str, args: AlarmsArgs, balancer: str, server: Mapping[str, str]) -> list[dict[str, Any]]:
    web: Sequence[str] = ("TargetGroup", server["targets"], "LoadBalancer", balancer)
    tasks: Sequence[str] = ("ClusterName", args.cluster, "ServiceName", server["service"])
    database: Sequence[str] = ("DBInstanceIdentifier", server["database"])
    pictures = {
        "requests and errors": [
            ["AWS/ApplicationELB", "RequestCount", *web, {"stat": "Sum"}],
            ["AWS/ApplicationELB", "HTTPCode_Target_4XX_Count", *web, {"stat": "Sum"}],
            ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", *web, {"stat": "Sum"}],
        ],
        "answer time [s]": [
            ["AWS/ApplicationELB", "TargetResponseTime", *web, {"stat": "p50"}],
            ["AWS/ApplicationELB", "TargetResponseTime", *web, {"stat": "p95"}],
        ],
        "tasks [%]": [
            ["AWS/ECS", "CPUUtilization", *tasks, {"stat": "Average"}],
            ["AWS/ECS", "MemoryUtilization", *tasks, {"stat": "Average"}],
            ["AWS/ApplicationELB", "HealthyHostCount", *web, {"stat": "Minimum", "yAxis": "right"}],
        ],
        "database": [
            ["AWS/RDS", "CPUUtilization", *database, {"stat": "Average"}],
            ["AWS/RDS", "DatabaseConnections", *database, {"stat": "Maximum"}],
            ["AWS/RDS", "FreeStorageSpace", *database, {"stat": "Minimum", "yAxis": "right"}],
        ],
    }
    return [
        {
            "type": "metric",
            "x": 6 * place,
            "y": 6 * row,
            "width": 6,
            "height": 6,
            "properties": {"title": f"{key}: {what}", "region": args.region, "period": 60, "metrics": metrics},
        }
        for place, (what, metrics) in enumerate(pictures.items())
    ]

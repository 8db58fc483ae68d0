"""What an endpoint is watched for: on either alarm SageMaker takes a new version back."""

from typing import Any

import pulumi
import pulumi_aws as aws

from zone.serving_names import VARIANT

MICROSECONDS = 1000
"""ModelLatency is in microseconds. Source: SageMaker Developer Guide, "Monitor Amazon SageMaker AI with Amazon
CloudWatch", endpoint invocation metrics, read 2026-11-30."""

ERRORS_PER_MINUTE = 5
"""Calls a minute that may fail on our side [count]."""


def alarms(
    name: str, endpoint_name: str, latency_ms: int, child: pulumi.ResourceOptions
) -> list[aws.cloudwatch.MetricAlarm]:
    """Watch for calls that fail, and for answers that take too long."""
    watched: dict[str, dict[str, Any]] = {
        "errors": {
            "alarm_description": f"{endpoint_name} answers with errors of its own (5xx)",
            "metric_name": "Invocation5XXErrors",
            "statistic": "Sum",
            "threshold": ERRORS_PER_MINUTE,
            "evaluation_periods": 1,
        },
        "latency": {
            "alarm_description": f"One call in a hundred to {endpoint_name} takes longer than {latency_ms} ms",
            "metric_name": "ModelLatency",
            "extended_statistic": "p99",
            "threshold": latency_ms * MICROSECONDS,
            "evaluation_periods": 3,
        },
    }
    return [
        aws.cloudwatch.MetricAlarm(
            f"{name}-{what}",
            **alarm,
            namespace="AWS/SageMaker",
            dimensions={"EndpointName": endpoint_name, "VariantName": VARIANT},
            comparison_operator="GreaterThanThreshold",
            period=60,
            # No calls are no errors.
            treat_missing_data="notBreaching",
            opts=child,
        )
        for what, alarm in watched.items()
    ]

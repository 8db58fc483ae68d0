"""What CloudWatch shows of an endpoint: its containers' log, and the metrics of its invocations.

Sources: SageMaker Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch" (namespace, names, microseconds)
and "Log groups and streams that Amazon SageMaker AI sends", the house's facts, pages not read again.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from moto.cloudwatch.models import cloudwatch_backends

from local.handlers.dispatch import LOCK
from local.jobs.logs import Stream


def log_of(account: str, region: str, endpoint: str, variant: str) -> Callable[[str], None]:
    """Return what writes a line into the log of a variant's container."""
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    return Stream(account, region, group, f"{variant}/i-{secrets.token_hex(8)}").say


def put_metrics(account: str, region: str, dimensions: Mapping[str, str], values: Mapping[str, float]) -> None:
    """Note *values* [latencies in microseconds, else counts] of now, in the namespace AWS/SageMaker."""
    now = datetime.now(UTC).replace(tzinfo=None)  # as moto keeps its own
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    data = [
        {
            "MetricName": name,
            "Dimensions": named,
            "Timestamp": now,
            "Value": value,
            "Unit": "Microseconds" if name.endswith(("Latency", "Time")) else "None",
        }
        for name, value in values.items()
    ]
    with LOCK:
        cloudwatch_backends[account][region].put_metric_data("AWS/SageMaker", data)

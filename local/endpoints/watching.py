"""What CloudWatch shows of an endpoint: its containers' log, and the metrics of its invocations.

Sources: SageMaker Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch" (namespace, names, microseconds)
and "Log groups and streams that Amazon SageMaker AI sends", the house's facts, pages not read again.
"""

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.models import logs_backends

from local.handlers.dispatch import LOCK


class Log:
    """The log stream of one container: called with each line."""

    def __init__(self, account: str, region: str, endpoint: str, variant: str) -> None:
        self.group = f"/aws/sagemaker/Endpoints/{endpoint}"
        self.stream = f"{variant}/i-{secrets.token_hex(8)}"
        self._where = account, region

    def __call__(self, line: str) -> None:
        """Write one line."""
        account, region = self._where
        event = {"timestamp": int(time.time() * 1000), "message": line}
        with LOCK:
            logs = logs_backends[account][region]
            if self.group not in logs.groups:
                logs.create_log_group(self.group, {})
            if self.stream not in logs.groups[self.group].streams:
                logs.create_log_stream(self.group, self.stream)
            if line:
                logs.put_log_events(self.group, self.stream, [event])


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

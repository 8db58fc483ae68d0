"""SageMaker's calls as the guardrails group them, and the facts they share."""

from functools import cache
from typing import Final

from zone.facts import facts

INSTANCE_TYPES: Final = "sagemaker:InstanceTypes"
"""Condition key: all instance types a call asks for."""

JOB_DEFINITIONS: Final = (
    "sagemaker:CreateDataQualityJobDefinition",
    "sagemaker:CreateModelBiasJobDefinition",
    "sagemaker:CreateModelExplainabilityJobDefinition",
    "sagemaker:CreateModelQualityJobDefinition",
)
"""Monitoring jobs: processing jobs that a schedule starts."""

SCHEDULES: Final = ("sagemaker:CreateMonitoringSchedule", "sagemaker:UpdateMonitoringSchedule")
"""Calls that name a job definition, which is held itself, or describe a job inline."""

INLINE_SCHEDULE: Final = {INSTANCE_TYPES: "false"}
"""Null condition that tells the inline form: only it asks for instances."""


@cache
def local_storage() -> tuple[str, ...]:
    """List patterns of instance types for which AWS refuses a volume key: hardware encrypts their local storage."""
    return tuple(f"ml.{family}.*" for family in facts("local_storage")["families"])

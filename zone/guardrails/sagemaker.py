"""SageMaker's calls as the guardrails group them, and the facts they share."""

from typing import Final

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

"""SageMaker Model Monitor's own resources, for organisations that AWS still lets use it.

Sources, read 2026-11-30 in stored copies: SageMaker API Reference, CreateDataQualityJobDefinition, EndpointInput,
MonitoringStoppingCondition (up to 3600 s for an hourly schedule) and DescribeProcessingJob (ExitMessage); SageMaker
Developer Guide, "Interpret results" (a run's ExitMessage begins with how it ended) and "Events that Amazon SageMaker AI
sends to Amazon EventBridge" (processing job state change). That event's example has the job's outputs and its status;
it is of a failed job, and no page read says that ExitMessage is in the event of a completed one.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.access.grants.jobs import on_local_disk
from components.access.grants.place import Place
from zone import schedule_names, serving_names

CHECKS: Final = {"data": "DataQuality"}
"""Checks that Model Monitor may run here, as its API calls them."""

_VOLUME_GB: Final = 30
_MOST_SECONDS: Final = 3600

_ENDED: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "failed": ("failed, so nothing is known of the model", {"ProcessingJobStatus": ["Failed", "Stopped"]}),
    "violations": ("found what the baseline does not allow", {"ExitMessage": [{"prefix": "CompletedWithViolations"}]}),
}
"""How a run may end so that somebody is told: what is said of it, and what its event has."""


def watch(
    prefix: str,
    place: Place,
    model: str,
    checks: Sequence[str],
    *,
    endpoint: str,
    image: str,
    schedule: str,
    role_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    child: pulumi.ResourceOptions,
) -> None:
    """Let Model Monitor run *checks*: a definition, a schedule and two rules each.

    A definition never changes in AWS, so it has a name of Pulumi's: a new one comes beside the old, then the schedule
    takes it, then the old one goes. Metrics are not published: AWS's pages do not agree on their name space, and no
    alarm here rests on them.

    Args:
        prefix: how logical names begin.
        place: where its jobs run.
        model: the model.
        checks: data.
        endpoint: the team's endpoint; it keeps its calls.
        image: address of Model Monitor's own image.
        schedule: cron(…) of those that Model Monitor takes, in UTC.
        role_arn: the processing role.
        topic_arn: who is told of failed runs and of violations.
        child: options of the component's children.
    """
    for check in checks:
        name = f"{prefix}-{check}"
        reports = f"s3://{place.bucket_name('studio')}/{schedule_names.monitor_prefix(model)}/reports/{check}"
        definition = aws.sagemaker.DataQualityJobDefinition(
            name,
            **_definition(place, model, endpoint, image, reports),
            role_arn=role_arn,
            # The provider takes a changed role for an update, which AWS has none of, and makes none.
            opts=child.merge(pulumi.ResourceOptions(replace_on_changes=["roleArn"])),
        )
        aws.sagemaker.MonitoringSchedule(
            name,
            name=schedule_names.monitor_job(model, check),
            monitoring_schedule_config={
                "monitoring_job_definition_name": definition.name,
                "monitoring_type": CHECKS[check],
                "schedule_config": {"schedule_expression": schedule},
            },
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        for how, (said, ended) in _ENDED.items():
            rule = aws.cloudwatch.EventRule(
                f"{name}-{how}",
                description=f"Model Monitor's check {check} of model {model} {said}",
                event_pattern=json.dumps(_run(reports, ended)),
                opts=child,
            )
            aws.cloudwatch.EventTarget(f"{name}-{how}", rule=rule.name, arn=topic_arn, opts=child)


def _run(reports: str, ended: dict[str, Any]) -> dict[str, Any]:
    """A run that ended so, known by where it reports: Model Monitor names its jobs itself."""
    written = {"Outputs": {"S3Output": {"S3Uri": [{"prefix": f"{reports}/"}]}}}
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Processing Job State Change"],
        "detail": {"ProcessingOutputConfig": written, **ended},
    }


def _definition(place: Place, model: str, endpoint: str, image: str, reports: str) -> Any:  # noqa: ANN401 - the provider's own dictionaries
    """What a run reads, writes and runs on: in our network, and its container without any."""
    baseline = f"s3://{place.bucket_name('studio')}/{schedule_names.monitor_prefix(model)}/baseline"
    # SageMaker refuses a volume key for types with local disks; one that takes ours is chosen where there is one.
    kinds = place.types("processing")
    kind = next((each for each in kinds if not on_local_disk(each)), kinds[0])
    cluster: dict[str, Any] = {"instance_count": 1, "instance_type": kind, "volume_size_in_gb": _VOLUME_GB}
    if not on_local_disk(kind):
        cluster["volume_kms_key_id"] = place.key_arns["data"]
    return {
        "data_quality_app_specification": {
            "image_uri": image,
            "environment": {"publish_cloudwatch_metrics": "Disabled"},
        },
        "data_quality_baseline_config": {
            "constraints_resource": {"s3_uri": f"{baseline}/constraints.json"},
            "statistics_resource": {"s3_uri": f"{baseline}/statistics.json"},
        },
        "data_quality_job_input": {
            "endpoint_input": {
                "endpoint_name": serving_names.endpoint(place.team.name, endpoint),
                "local_path": "/opt/ml/processing/input/endpoint",
            }
        },
        "data_quality_job_output_config": {
            "kms_key_id": place.key_arns["studio"],
            "monitoring_outputs": {
                "s3_output": {
                    "s3_uri": f"{reports}/",
                    "local_path": "/opt/ml/processing/output",
                    "s3_upload_mode": "EndOfJob",
                }
            },
        },
        "job_resources": {"cluster_config": cluster},
        "network_config": {
            "enable_inter_container_traffic_encryption": True,
            "enable_network_isolation": True,
            "vpc_config": {"subnets": place.subnet_ids, "security_group_ids": [place.security_group_id]},
        },
        "stopping_condition": {"max_runtime_in_seconds": _MOST_SECONDS},
    }

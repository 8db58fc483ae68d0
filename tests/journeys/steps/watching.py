"""Watching: logs, metrics, alarms, monitors, and what runs in the account."""

import contextlib
from datetime import UTC, datetime, timedelta

from tests.journeys.callers import OUTSIDE, Caller
from tests.journeys.job_requests import training
from tests.journeys.step import Stage, step
from tests.journeys.steps.guardrails import schedule

PART = "Watching"
CONTAINERS = "data-scientist, ml-engineer, processing, training, tuning, transform, endpoint, ingestion"
WATCHERS = "data-scientist, ml-engineer, reviewer, operator, pipeline"
GROUP = "/aws/sagemaker/TrainingJobs"


def write_log(who: Caller, stage: Stage, name: str) -> None:
    """Write a line as SageMaker does for a container."""
    logs = who.client("logs")
    if "log group" not in stage.made:
        with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):  # a job has made it
            logs.create_log_group(logGroupName=GROUP)
        stage.made["log group"] = True
    logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
    event = {"timestamp": int(datetime.now(UTC).timestamp() * 1000), "message": "loss=0.5"}
    logs.put_log_events(logGroupName=GROUP, logStreamName=name, logEvents=[event])


@step(PART, "write a log", CONTAINERS)
def log(who: Caller, stage: Stage):
    write_log(who, stage, f"of-{who.slug}")


@step(PART, "read the logs of jobs", f"{WATCHERS}, {OUTSIDE}", also=(OUTSIDE,))
def read_logs(who: Caller, stage: Stage):
    if "line" not in stage.made:
        write_log(stage.callers["training"], stage, "first")
        stage.made["line"] = True
    logs = who.client("logs")
    logs.get_log_events(logGroupName=GROUP, logStreamName="first")
    logs.filter_log_events(logGroupName=GROUP)
    logs.describe_log_groups(logGroupNamePrefix=GROUP)


@step(PART, "count a metric of the team's", CONTAINERS)
def count(who: Caller, _stage: Stage):
    who.client("cloudwatch").put_metric_data(Namespace="mlz/churn", MetricData=[{"MetricName": "rows", "Value": 1}])


@step(PART, "count a metric under another name space")
def count_elsewhere(who: Caller, _stage: Stage):
    who.client("cloudwatch").put_metric_data(Namespace="AWS/Billing", MetricData=[{"MetricName": "x", "Value": 1}])


@step(PART, "read metrics", WATCHERS)
def metrics(who: Caller, _stage: Stage):
    now = datetime.now(UTC)
    cloudwatch = who.client("cloudwatch")
    cloudwatch.list_metrics(Namespace="mlz/churn")
    cloudwatch.get_metric_statistics(
        Namespace="mlz/churn",
        MetricName="rows",
        StartTime=now - timedelta(hours=1),
        EndTime=now,
        Period=60,
        Statistics=["Sum"],
    )


@step(PART, "silence an alarm", "operator")
def silence(who: Caller, _stage: Stage):
    who.client("cloudwatch").disable_alarm_actions(AlarmNames=["any"])


@step(PART, "stop a monitor and start it again", "operator")
def monitor(who: Caller, stage: Stage):
    engineer = stage.callers["every right within the boundary"]
    if "monitor" not in stage.made:
        schedule(engineer)
        stage.made["monitor"] = f"m-{engineer.slug}"
    sagemaker = who.client("sagemaker")
    sagemaker.stop_monitoring_schedule(MonitoringScheduleName=stage.made["monitor"])
    sagemaker.start_monitoring_schedule(MonitoringScheduleName=stage.made["monitor"])


@step(PART, "see what runs", WATCHERS)
def look(who: Caller, stage: Stage):
    name = training(stage.callers["data-scientist"], stage)
    sagemaker = who.client("sagemaker")
    sagemaker.describe_training_job(TrainingJobName=name)
    for listing in ("training_jobs", "processing_jobs", "models", "endpoints", "pipelines", "feature_groups"):
        getattr(sagemaker, f"list_{listing}")()


@step(PART, "stop a training job", "data-scientist, ml-engineer, operator, pipeline")
def stop(who: Caller, stage: Stage):
    name = training(stage.callers["data-scientist"], stage)
    who.client("sagemaker").stop_training_job(TrainingJobName=name)

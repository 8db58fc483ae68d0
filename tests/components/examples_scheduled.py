"""An example of each component of what starts by schedule."""

from dataclasses import replace

import pulumi

from components.access.grants.place import Place
from components.access.grants.spark import Scored
from components.batches.arrivals import ArrivalGround, Arrivals, ArrivalsArgs
from components.batches.batch import Batch, BatchArgs
from components.batches.spark import Application, Spark, SparkArgs
from components.batches.spark_batch import SparkBatch, SparkBatchArgs
from components.batches.spark_request import SparkRun
from components.monitoring.monitor import Monitor, MonitorArgs
from components.schedules.schedules import Ground, Schedules, SchedulesArgs
from stacks.inputs import team_of
from tests.small_zone import REGION, TEAM
from zone import schedule_names
from zone.plan.zone import TeamPlan
from zone.specs.account import InstanceTypes

ACCOUNT = "111111111111"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-{{}}"
ARRIVALS = ArrivalGround(
    pipeline_role_arn=ROLE_ARN.format(schedule_names.ARRIVALS),
    events_role_arn=ROLE_ARN.format(schedule_names.ARRIVAL_EVENTS),
)
ANALYZER = f"468650794304.dkr.ecr.{REGION}.amazonaws.com/sagemaker-model-monitor-analyzer"
"""Model Monitor's own image in eu-west-1. Source: aws/sagemaker-python-sdk, image_uri_config/model-monitor.json, read
2026-11-30."""
APPLICATION = f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/00f1982r1uukb925"
SCORED = Scored(
    batch="monthly-scores",
    model="scorer",
    version_arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-scorer/3",
    input_prefix="datasets/transactions/all/",
    output_prefix="datasets/transactions/scores/",
)
WITH_BATCHES = replace(
    TEAM, instance_types=InstanceTypes(processing=("ml.m5.large", "ml.m5d.large"), transform=("ml.m5.large",))
)


def place(plan: TeamPlan = WITH_BATCHES) -> Place:
    return Place(
        team=team_of(plan),
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_id="sg-workloads",
        key_arns=dict.fromkeys(("data", "models", "studio", "schedules", "spark"), KEY_ARN),
    )


def ground() -> Ground:
    return Ground(
        group_name=pulumi.Output.from_input("mlz-dev-fraud"),
        role_arn=pulumi.Output.from_input(ROLE_ARN.format("schedules")),
        dead_letters_arn=pulumi.Output.from_input(f"arn:aws:sqs:{REGION}:{ACCOUNT}:mlz-dev-fraud-schedules"),
        key_arn=KEY_ARN,
    )


def schedules(
    opts: pulumi.ResourceOptions,
    *,
    monitors: bool = True,
    batches: bool = True,
    arrivals: bool = True,
    spark: bool = True,
) -> Schedules:
    args = SchedulesArgs(
        place=place(),
        monitors=monitors,
        batches=batches,
        spark_applications=[APPLICATION] if spark else [],
        arrivals=arrivals,
        email="owner@example.com",
        key_arn=KEY_ARN,
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/mlz/mlz-boundary",
    )
    return Schedules("fraud", args, opts)


def monitor(
    opts: pulumi.ResourceOptions,
    where: Place | None = None,
    *,
    model_monitor: tuple[str, ...] = (),
    own: bool = True,
) -> Monitor:
    checks = tuple(check for check in ("data", "model", "bias", "explain") if check not in model_monitor)
    args = MonitorArgs(
        place=where or place(),
        model="scorer",
        image=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/fraud/scorer:v3",
        endpoint="scorer",
        schedule="cron(0 4 ? * * *)" if model_monitor else "rate(1 day)",
        checks=checks if own else (),
        model_monitor=model_monitor,
        analyzer=ANALYZER if model_monitor else "",
        email="lead@example.com",
        limits={"bias": 0.2, "auc": 0.75} if model_monitor else {"drift": 0.2, "auc": 0.75},
        role_arn=ROLE_ARN.format("processing"),
        ground=ground(),
    )
    return Monitor("fraud-scorer", args, opts)


def watched(opts: pulumi.ResourceOptions, where: Place | None = None) -> Monitor:
    """A monitor whose check of the data is Model Monitor's."""
    return monitor(opts, where, model_monitor=("data",))


def arrivals(opts: pulumi.ResourceOptions) -> Arrivals:
    args = ArrivalsArgs(
        place=place(),
        bucket_name=f"dev-fraud-data-{ACCOUNT}",
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/mlz/mlz-boundary",
    )
    return Arrivals("fraud", args, opts)


def waiting(opts: pulumi.ResourceOptions) -> Batch:
    """A batch that waits for files."""
    return batch(opts, schedule="", arrivals=ARRIVALS)


def batch(
    opts: pulumi.ResourceOptions, *, schedule: str = "cron(0 4 ? * MON *)", arrivals: ArrivalGround | None = None
) -> Batch:
    args = BatchArgs(
        place=place(),
        batch="weekly-scores",
        version_arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-scorer/3",
        schedule=schedule,
        arrivals=arrivals,
        input_prefix="datasets/transactions/weekly/",
        output_prefix="datasets/transactions/scores/",
        role_arn=ROLE_ARN.format("transform"),
        topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:mlz-dev-fraud-schedules",
        ground=ground(),
    )
    return Batch("fraud-weekly-scores", args, opts)


def spark(opts: pulumi.ResourceOptions) -> Spark:
    args = SparkArgs(
        place=place(),
        applications=[Application(scored=SCORED, release="emr-spark-8.1.0", max_vcpus=32)],
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/mlz/mlz-boundary",
        log_key_arn=KEY_ARN,
        log_retention_days=365,
    )
    return Spark("fraud", args, opts)


def spark_batch(opts: pulumi.ResourceOptions) -> SparkBatch:
    args = SparkBatchArgs(
        place=place(),
        run=SparkRun(scored=SCORED, format="csv", most_rejected=0.05),
        schedule="cron(0 4 1 * ? *)",
        application_id="00f1982r1uukb925",
        role_arn=ROLE_ARN.format("spark"),
        topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:mlz-dev-fraud-schedules",
        ground=ground(),
    )
    return SparkBatch("fraud-monthly-scores", args, opts)

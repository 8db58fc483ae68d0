"""What starts by schedule or by event, where a team has any: what they share, its monitors and its batches."""

from collections.abc import Mapping

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
from zone import schedule_names
from zone.plan.scheduling import BatchPlan
from zone.plan.zone import TeamPlan


def team_schedules(
    plan: TeamPlan,
    place: Place,
    there: pulumi.ResourceOptions,
    *,
    role_arns: Mapping[str, pulumi.Output[str]],
    boundary_arn: pulumi.Input[str],
    log_key_arn: pulumi.Input[str],
    bucket_name: pulumi.Input[str],
    endpoints: Mapping[str, pulumi.Resource],
) -> None:
    """Register what starts by schedule or by event.

    Args:
        plan: what the team has.
        place: where its jobs run.
        there: the account's provider.
        role_arns: the team's roles.
        boundary_arn: its permission boundary.
        log_key_arn: key of its logs.
        bucket_name: its data bucket.
        endpoints: the endpoints that are deployed, by name.
    """
    if not plan.scheduled:
        return
    key_arn = place.key_arns[schedule_names.SCHEDULES]
    spark = _spark(plan, place, there, boundary_arn=boundary_arn, log_key_arn=log_key_arn)
    ground = Schedules(
        plan.team,
        SchedulesArgs(
            place=place,
            monitors=any(monitor.checks for monitor in plan.scheduled.monitors.values()),
            batches=any(batch.schedule and not batch.spark for batch in plan.scheduled.batches.values()),
            spark_applications=list(spark.application_arns.values()) if spark else [],
            arrivals=plan.scheduled.arrivals,
            email=plan.account.owner,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
        ),
        opts=there,
    )
    shared = Ground(
        group_name=ground.group_name,
        role_arn=ground.role_arn,
        dead_letters_arn=ground.dead_letters_arn,
        key_arn=key_arn,
    )
    arrivals = None
    if plan.scheduled.arrivals:
        made = Arrivals(
            plan.team, ArrivalsArgs(place=place, bucket_name=bucket_name, boundary_arn=boundary_arn), opts=there
        )
        arrivals = ArrivalGround(pipeline_role_arn=made.pipeline_role_arn, events_role_arn=made.events_role_arn)
    for model, monitor in plan.scheduled.monitors.items():
        Monitor(
            f"{plan.team}-{model}",
            MonitorArgs(
                place=place,
                model=model,
                image=monitor.image,
                endpoint=monitor.endpoint,
                schedule=monitor.schedule,
                checks=monitor.checks,
                model_monitor=monitor.model_monitor,
                analyzer=monitor.analyzer,
                email=monitor.alarm_to,
                limits=monitor.limits,
                role_arn=role_arns["processing"],
                ground=shared,
            ),
            # Model Monitor's schedules name an endpoint that is there, and go before it does.
            opts=there.merge(pulumi.ResourceOptions(depends_on=[endpoints[monitor.endpoint]]))
            if monitor.model_monitor
            else there,
        )
    for name, batch in plan.scheduled.batches.items():
        if batch.spark and spark:
            SparkBatch(
                f"{plan.team}-{name}",
                SparkBatchArgs(
                    place=place,
                    run=SparkRun(
                        scored=_scored(name, batch),
                        format=batch.spark.format,
                        most_rejected=batch.spark.most_rejected,
                    ),
                    schedule=batch.schedule,
                    application_id=spark.application_ids[name],
                    role_arn=spark.role_arn,
                    topic_arn=ground.topic_arn,
                    ground=shared,
                ),
                opts=there,
            )
            continue
        Batch(
            f"{plan.team}-{name}",
            BatchArgs(
                place=place,
                batch=name,
                version_arn=batch.version_arn,
                schedule=batch.schedule,
                input_prefix=batch.input_prefix,
                output_prefix=batch.output_prefix,
                role_arn=role_arns["transform"],
                topic_arn=ground.topic_arn,
                ground=shared,
                arrivals=None if batch.schedule else arrivals,
            ),
            opts=there,
        )


def _spark(
    plan: TeamPlan,
    place: Place,
    there: pulumi.ResourceOptions,
    *,
    boundary_arn: pulumi.Input[str],
    log_key_arn: pulumi.Input[str],
) -> Spark | None:
    """What batches by Spark run on; None where there are none."""
    batches = plan.scheduled.spark
    if not batches:
        return None
    return Spark(
        plan.team,
        SparkArgs(
            place=place,
            applications=[
                Application(scored=_scored(name, batch), release=how.release, max_vcpus=how.max_vcpus)
                for name, batch in batches.items()
                if (how := batch.spark)
            ],
            boundary_arn=boundary_arn,
            log_key_arn=log_key_arn,
            log_retention_days=plan.log_retention_days,
        ),
        opts=there,
    )


def _scored(name: str, batch: BatchPlan) -> Scored:
    return Scored(
        batch=name,
        model=batch.model,
        version_arn=batch.version_arn,
        input_prefix=batch.input_prefix,
        output_prefix=batch.output_prefix,
    )

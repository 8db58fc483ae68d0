"""A team's schedules, where it has any: the ground they share, its monitors and its batches."""

from collections.abc import Mapping

import pulumi

from components.access.grants.place import Place
from components.batches.batch import Batch, BatchArgs
from components.monitoring.monitor import Monitor, MonitorArgs
from components.schedules.schedules import Ground, Schedules, SchedulesArgs
from zone import schedule_names
from zone.plan.zone import TeamPlan


def team_schedules(
    plan: TeamPlan,
    place: Place,
    role_arns: Mapping[str, pulumi.Output[str]],
    boundary_arn: pulumi.Input[str],
    there: pulumi.ResourceOptions,
) -> None:
    """Register what starts by schedule.

    Args:
        plan: what the team has.
        place: where its jobs run.
        role_arns: the team's roles.
        boundary_arn: its permission boundary.
        there: the account's provider.
    """
    if not plan.scheduled:
        return
    key_arn = place.key_arns[schedule_names.SCHEDULES]
    ground = Schedules(
        plan.team,
        SchedulesArgs(
            place=place,
            monitors=bool(plan.scheduled.monitors),
            batches=bool(plan.scheduled.batches),
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
                email=monitor.alarm_to,
                limits=monitor.limits,
                role_arn=role_arns["processing"],
                ground=shared,
            ),
            opts=there,
        )
    for name, batch in plan.scheduled.batches.items():
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
            ),
            opts=there,
        )

"""What EventBridge Scheduler may do in a team's account: start the declared jobs, and say so when it could not."""

from collections.abc import Sequence

import pulumi

from components.access.grants import jobs
from components.access.grants.place import Place
from components.access.grants.runtime import volume
from components.access.grants.spark import start_spark
from components.access.grants.statement import Statement
from zone import schedule_names


def schedule(
    place: Place,
    dead_letters_arn: str,
    key_arn: pulumi.Input[str],
    *,
    monitors: bool,
    batches: bool,
    applications: Sequence[pulumi.Input[str]],
) -> tuple[Statement, ...]:
    """Start processing jobs of monitors under the processing role, transform jobs and Spark of batches, nothing else.

    Args:
        place: where; jobs run in its subnets, with its keys, on the declared types.
        dead_letters_arn: queue of runs that could not be started.
        key_arn: key of schedules and of that queue.
        monitors: whether there are any.
        batches: whether there are any that are transform jobs.
        applications: ARNs of the Spark applications of the others.

    Sources: EventBridge Scheduler User Guide, "Configuring a schedule's dead-letter queue" and "Encryption at rest",
    read 2026-11-30.
    """
    return (
        *(jobs.start_named(place, "processing", schedule_names.MONITORS) if monitors else ()),
        *(jobs.start_named(place, "transform", schedule_names.BATCHES) if batches else ()),
        *(start_spark(place, applications) if applications else ()),
        *volume(place),
        Statement(sid="KeepDeadLetters", actions=("sqs:SendMessage",), resources=(dead_letters_arn,)),
        Statement(
            # The schedule itself is encrypted too: it is read before it is started.
            sid="ReadSchedules",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": place.service("scheduler", "sqs")}},
        ),
    )

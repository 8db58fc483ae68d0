"""Pure: names of what starts by schedule, monitors and batches; all of them come from here."""

from typing import Final

SCHEDULES: Final = "schedules"
"""Purpose of a KMS key, stem of a role and end of names: all that EventBridge Scheduler does in an account."""

METRICS: Final = "mlz/monitors"
"""CloudWatch name space into which monitors count; a job's role may count in mlz/*."""

MODEL_DIMENSION: Final = "Model"
"""The one dimension of a monitor's metrics."""

EXECUTION: Final = "<aws.scheduler.execution-id>"
"""What EventBridge Scheduler replaces by an id of 16 characters that no two attempts share.

Source: EventBridge Scheduler User Guide, "Adding context attributes", read 2026-11-30.
"""

EXECUTION_CHARACTERS: Final = 16
"""How long that id is [characters]: the guide's example, d32c5kddcf5bb8c3; its length is promised nowhere."""


MONITORS: Final = "monitor-"
"""How names of monitors' schedules and jobs begin; Scheduler's role may start these."""

BATCHES: Final = "batch-"
"""How names of batches' schedules and jobs begin."""


PIPELINE_JOBS: Final = "pipelines-"
"""How names of jobs begin that SageMaker Pipelines starts; the rest are the run's id, the step and an id of its own.

From memory of jobs seen in consoles and logs: no page promises it.
"""

ARRIVALS: Final = "arrivals"
"""Stem of the role under which SageMaker Pipelines starts what an arriving file asks for."""

ARRIVAL_EVENTS: Final = "arrival-events"
"""Stem of the role under which EventBridge tells SageMaker Pipelines of a file."""


SPARK: Final = "spark"
"""Purpose of a KMS key, stem of a role and end of a log group's name: batches that run by Spark."""


def spark_files(batch: str) -> str:
    """Prefix in the work bucket of a Spark batch's program and environment; see SPARK_PROGRAM."""
    return f"batches/{batch}"


SPARK_PROGRAM: Final = ("entry.py", "batch.zip", "environment.tar.gz")
"""What a Spark batch needs below spark_files(): entry point, package, and the packed environment."""


def schedule_group(account_key: str) -> str:
    """Group of an account's schedules [≤ 64 characters, EventBridge Scheduler API CreateScheduleGroup]."""
    return f"mlz-{account_key}"


def schedule_group_arn(region: str, account_id: str, account_key: str) -> str:
    """ARN of schedule_group(): what Scheduler names as source when it takes a role."""
    return f"arn:aws:scheduler:{region}:{account_id}:schedule-group/{schedule_group(account_key)}"


def dead_letters(account_key: str) -> str:
    """SQS queue of runs that could not be started [≤ 80 characters, SQS API CreateQueue]."""
    return f"mlz-{account_key}-{SCHEDULES}"


def dead_letters_arn(region: str, account_id: str, account_key: str) -> str:
    """ARN of dead_letters()."""
    return f"arn:aws:sqs:{region}:{account_id}:{dead_letters(account_key)}"


def monitor(model: str) -> str:
    """What watches *model*, in the names of its topic and dashboard, and how its schedules' and jobs' names begin."""
    return f"{MONITORS}{model}"


def monitor_job(model: str, check: str) -> str:
    """Schedule of one check of a model [≤ 64 characters]; its jobs add a hyphen and the id of the run [≤ 63]."""
    return f"{monitor(model)}-{check}"


def batch_job(batch: str) -> str:
    """Schedule of a batch [≤ 64 characters]; its jobs add a hyphen and the id of the run [≤ 63].

    Of one that waits for files it is the rule's name [≤ 64] and the pipeline's [≤ 256].
    """
    return f"{BATCHES}{batch}"


def batches_arn(service: str, kind: str, region: str, account_id: str) -> str:
    """ARN of all of a service's resources of that kind that are named after batches."""
    return f"arn:aws:{service}:{region}:{account_id}:{kind}/{BATCHES}*"


def batch_model(batch: str, version: str) -> str:
    """SageMaker model of a batch's version [≤ 63 characters, SageMaker API CreateModel]."""
    return f"{batch_job(batch)}-v{version}"


def monitor_prefix(model: str) -> str:
    """Prefix of a model's monitor in the work bucket: below it baseline/, labels/ and reports/."""
    return f"monitors/{model}"

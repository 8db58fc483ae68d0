"""The request of StartJobRun, as EventBridge Scheduler takes it: members begin with a capital letter.

Sources, read 2026-11-30: EMR Serverless User Guide, "Using Spark configurations when you run EMR Serverless jobs",
"Using Python libraries with EMR Serverless", "Storing logs", "Disk Encryption with KMS CMK" and "Inter-worker
encryption"; EventBridge Scheduler User Guide, "Using universal targets", whose examples spell members so.
"""

from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.access.grants.place import Place
from components.access.grants.spark import Scored
from zone import names, schedule_names
from zone.schedule_names import EXECUTION

GB_PER_VCPU: Final = 4
"""Memory of a worker: 16 GB for 4 vCPUs."""

_PYTHON: Final = "./environment/bin/python"

_WORKER: Final = {"cores": "4", "memory": "14g"}
"""The guide's defaults; 10% more are taken beside the heap, so a worker has 16 GB. Said here, for the capacity is
reckoned in such workers."""


@dataclass(frozen=True, kw_only=True)
class SparkRun:
    """How a batch's runs work."""

    scored: Scored
    """What they read and write."""

    format: str
    """csv or parquet, of both."""

    most_rejected: float
    """Largest share of rejected rows with which a run succeeds [0 to 1]."""


def spark_run(
    place: Place, run: SparkRun, *, application_id: pulumi.Input[str], role_arn: pulumi.Input[str]
) -> dict[str, Any]:
    """Return the request.

    The disks' key is said for each run: pulumi-aws 7.21 cannot say it of the application. Spark's event log stays with
    nobody: EMR's own storage, where AWS keeps it by default for 30 days, is switched off.

    Args:
        place: where it runs.
        run: what.
        application_id: the application.
        role_arn: role of the run.
    """
    scored = run.scored
    data = f"s3://{place.bucket_name('data')}"
    program = f"s3://{place.bucket_name('studio')}/{schedule_names.spark_files(scored.batch)}"
    entry, package, environment = (f"{program}/{file}" for file in schedule_names.SPARK_PROGRAM)
    settings = {
        "spark.submit.pyFiles": package,
        "spark.archives": f"{environment}#environment",
        "spark.emr-serverless.driverEnv.PYSPARK_DRIVER_PYTHON": _PYTHON,
        "spark.emr-serverless.driverEnv.PYSPARK_PYTHON": _PYTHON,
        "spark.executorEnv.PYSPARK_PYTHON": _PYTHON,
        **{f"spark.{who}.{what}": size for who in ("driver", "executor") for what, size in _WORKER.items()},
        # Workers show each other certificates, and encrypt what they send.
        "spark.ssl.internode.enabled": "true",
    }
    job = schedule_names.batch_job(scored.batch)
    return {
        "ApplicationId": application_id,
        # Another for each attempt, as the id is: one that started in spite of an error may run twice, in two folders.
        "ClientToken": EXECUTION,
        "Name": f"{job}-{EXECUTION}",
        "ExecutionRoleArn": role_arn,
        "ExecutionTimeoutMinutes": place.team.max_runtime_hours * 60,
        "JobDriver": {
            "SparkSubmit": {
                "EntryPoint": entry,
                "EntryPointArguments": [
                    "score",
                    "--model-package",
                    scored.version_arn,
                    "--input",
                    f"{data}/{scored.input_prefix}",
                    "--input-format",
                    run.format,
                    "--output",
                    f"{data}/{scored.output_prefix}{EXECUTION}/",
                    "--format",
                    run.format,
                    "--most-rejected",
                    str(run.most_rejected),
                ],
                "SparkSubmitParameters": " ".join(f"--conf {key}={value}" for key, value in settings.items()),
            }
        },
        "ConfigurationOverrides": {
            "MonitoringConfiguration": {
                # The group is encrypted already, so no key is named for it.
                "CloudWatchLoggingConfiguration": {
                    "Enabled": True,
                    "LogGroupName": names.log_group(place.team.account_key, schedule_names.SPARK),
                    "LogStreamNamePrefix": scored.batch,
                    "LogTypes": {"SPARK_DRIVER": ["STDERR", "STDOUT"]},
                },
                "ManagedPersistenceMonitoringConfiguration": {"Enabled": False},
            },
            "DiskEncryptionConfiguration": {"EncryptionKeyArn": place.key_arns[schedule_names.SPARK]},
        },
    }

"""One job of SageMaker's: asked for once, waited for, and what it left or why it failed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.model.errors import StepFailedError
from operations.model.place import Clients
from operations.model.requests import OPERATIONS, Job, output, request
from operations.model.spec import MODEL, ProcessingStep

_DESCRIBE: Final = {
    "processing": ("describe_processing_job", "ProcessingJobName", "ProcessingJobStatus", "ProcessingJobs"),
    "training": ("describe_training_job", "TrainingJobName", "TrainingJobStatus", "TrainingJobs"),
    "tuning": (
        "describe_hyper_parameter_tuning_job",
        "HyperParameterTuningJobName",
        "HyperParameterTuningJobStatus",
        "TrainingJobs",
    ),
}
"""By kind of job: operation, name, status, and which log group."""

_ENDED: Final = {"Completed", "Failed", "Stopped"}
_LINES: Final = 15
"""A failed container's last lines that are shown [count]."""

_THERE: Final = "ResourceInUse"
"""SageMaker's code for a job of that name."""

Pause = Callable[[], None]
"""Waits a moment between two looks at a job."""


def pause(seconds: float) -> Pause:
    """Return a pause of so many *seconds*."""
    return lambda: time.sleep(seconds)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a job left."""

    outputs: Mapping[str, str]
    """Output → S3 address; `model`: of model.tar.gz itself."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """What a reader wants to know: hyperparameters, the metrics that it printed."""


def run(job: Job, clients: Clients, wait: Pause, say: Callable[[str], None]) -> Done:
    """Ask for *job*, unless it is there already, and wait for its end.

    Args:
        job: the job.
        clients: whose credentials start it.
        wait: called between two looks at it.
        say: gets its state whenever that changes.

    Raises:
        StepFailedError: it was refused, failed, or somebody stopped it.
    """
    sagemaker, kind = clients("sagemaker"), job.step.job
    look, named, _, _ = _DESCRIBE[kind]
    try:
        if _find(sagemaker, look, {named: job.name}) is None:
            getattr(sagemaker, OPERATIONS[kind])(**request(job))
    except ClientError as error:
        if error.response["Error"]["Code"] != _THERE:
            raise StepFailedError(f"{job.step.name}: SageMaker refused the job: {error}") from error
    return _left(job, sagemaker, ended(clients, kind, job.name, job.step.name, wait=wait, say=say))


def ended(
    clients: Clients, kind: str, job: str, step: str, *, wait: Pause, say: Callable[[str], None]
) -> Mapping[str, Any]:
    """Wait for the end of a job that was asked for; return how SageMaker describes it.

    Args:
        clients: who looks.
        kind: processing, training or tuning.
        job: its name.
        step: what it is for, in messages.
        wait: called between two looks at it.
        say: gets its state whenever that changes.

    Raises:
        StepFailedError: it failed, or somebody stopped it.
    """
    sagemaker = clients("sagemaker")
    look, named, state, _ = _DESCRIBE[kind]
    said = ""
    while True:
        found: Mapping[str, Any] = getattr(sagemaker, look)(**{named: job})
        if found[state] in _ENDED:
            break
        if (now := found.get("SecondaryStatus") or found[state]) != said:
            say(said := now)
        wait()
    if found[state] != "Completed":
        raise StepFailedError(_why(clients, kind, step, job, found))
    return found


def _find(sagemaker: Any, look: str, named: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The job, if there is one of that name."""
    try:
        found: Mapping[str, Any] = getattr(sagemaker, look)(**named)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"ResourceNotFound", "ValidationException"}:
            return None
        raise
    return found


def _left(job: Job, sagemaker: Any, found: Mapping[str, Any]) -> Done:
    if isinstance(job.step, ProcessingStep):
        return Done(outputs={name: output(job, name) for name in job.step.outputs})
    if job.step.job == "tuning":
        best = found.get("BestTrainingJob")
        if not best:
            raise StepFailedError(f"{job.step.name}: no training job of {job.name} gave its metric: see its log lines")
        found = sagemaker.describe_training_job(TrainingJobName=best["TrainingJobName"])
    metrics = {each["MetricName"]: each["Value"] for each in found.get("FinalMetricDataList", ())}
    facts = {"job": found["TrainingJobName"], "hyperparameters": found.get("HyperParameters", {}), "metrics": metrics}
    return Done(outputs={MODEL: found["ModelArtifacts"]["S3ModelArtifacts"]}, facts=facts)


def _why(clients: Clients, kind: str, step: str, job: str, found: Mapping[str, Any]) -> str:
    """Why a job ended badly, and its container's last lines."""
    _, _, state, logs = _DESCRIBE[kind]
    reason = found.get("FailureReason") or ("somebody stopped it" if found[state] == "Stopped" else "no reason given")
    lines = "".join(f"\n    {line}" for line in last_lines(clients, logs, job))
    said = (
        f"\n  its last lines (/aws/sagemaker/{logs}):{lines}"
        if lines
        else f"; it left no line in /aws/sagemaker/{logs}, as what is killed does, for want of memory mostly"
    )
    return f"{step}: the job {job} {found[state].lower()}: {reason.rstrip('.')}{said}"


def last_lines(clients: Clients, kind: str, job: str) -> list[str]:
    """Return the last lines that a job's containers printed; none where it printed nothing."""
    logs, group = clients("logs"), f"/aws/sagemaker/{kind}"
    try:
        streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=job)["logStreams"]
        name = sorted(each["logStreamName"] for each in streams)[-1:]
        events = [
            event
            for stream in name
            for event in logs.get_log_events(
                logGroupName=group, logStreamName=stream, limit=_LINES, startFromHead=False
            )["events"]
        ]
    except ClientError:
        return []
    return [each["message"].rstrip() for each in events]

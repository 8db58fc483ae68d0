"""SageMaker's jobs, where moto only starts them: stop a job; and schedules of monitors.

Source: SageMaker API reference, StopTrainingJob and its kind; read 2026-11-29.
"""

from typing import Any, Final

from moto.sagemaker.models import sagemaker_backends

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Kind, Record

_JOBS: Final = {
    "TrainingJob": ("training_jobs", "training_job_status"),
    "TransformJob": ("transform_jobs", "transform_job_status"),
    "HyperParameterTuningJob": ("hyper_parameter_tuning_jobs", "hyper_parameter_tuning_job_status"),
}
"""Kind → where moto keeps such jobs, and what it calls their status."""


@operation("sagemaker", *(f"Stop{kind}" for kind in _JOBS))
def stop(call: Call) -> Record:
    """Stop a job; one that has ended stays as it is."""
    kind = call.operation.removeprefix("Stop")
    store, status = _JOBS[kind]
    job = _kept(call, store, call.params[f"{kind}Name"])
    if getattr(job, status) not in {"Completed", "Failed"}:
        setattr(job, status, "Stopped")
    return {}


def _kept(call: Call, store: str, name: str) -> Any:  # noqa: ANN401 - moto's classes
    found = getattr(sagemaker_backends[call.account][call.region], store).get(name)
    if found is None:
        raise Refusal("ResourceNotFound", f'Could not find "{name}".')
    return found


SCHEDULES: Final = Kind(
    service="sagemaker",
    noun="MonitoringSchedule",
    keys=("MonitoringScheduleName",),
    arn="MonitoringScheduleArn",
    added=lambda call: {
        "MonitoringScheduleArn": call.arn(f"monitoring-schedule/{call.params['MonitoringScheduleName']}"),
        "MonitoringScheduleStatus": "Scheduled",
    },
    listed="MonitoringScheduleSummaries",
    not_found="ResourceNotFound",
    exists="ResourceInUse",
)


@operation("sagemaker", "StartMonitoringSchedule", "StopMonitoringSchedule")
def switch_monitor(call: Call) -> Record:
    """Start a monitor, or stop it until it is started again."""
    starts = call.operation.startswith("Start")
    SCHEDULES.find(call)["MonitoringScheduleStatus"] = "Scheduled" if starts else "Stopped"
    return {}

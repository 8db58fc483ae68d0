"""SageMaker's schedules of monitors, which moto does not know: start one, stop one.

Source: SageMaker API reference, StartMonitoringSchedule and StopMonitoringSchedule; read 2026-11-29.
"""

from typing import Final

from local.handlers.operation import Call, operation
from local.handlers.records import Kind, Record

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

"""SageMaker Model Monitor: its schedules, which moto does not know, and what AWS says of its definitions.

AWS takes no new customers for it, and no page read says in which words it refuses one: here any account is taken for an
old customer. Its image is AWS's own and runs nowhere else, so no schedule starts anything here and none has executions.

Sources, read 2026-11-29 and 2026-11-30: SageMaker API Reference, StartMonitoringSchedule, StopMonitoringSchedule,
CreateMonitoringSchedule, ScheduleConfig (the supported expressions), EndpointInput (an endpoint with capture),
CreateDataQualityJobDefinition (errors). The words are ours but those of an endpoint that is not there.
"""

import re
from typing import Final

from moto.sagemaker.models import sagemaker_backends

from local.handlers.operation import Call, Refusal, operation, requires
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

_HOUR: Final = "(0?[0-9]|1[0-9]|2[0-3])"
_EXPRESSIONS: Final = re.compile(rf"NOW|cron\(0 (\*|{_HOUR}(/(0?[1-9]|1[0-9]|2[0-4]))?) \? \* \* \*\)")
_INVALID: Final = "ValidationException"


@operation("sagemaker", "StartMonitoringSchedule", "StopMonitoringSchedule")
def switch_monitor(call: Call) -> Record:
    """Start a monitor, or stop it until it is started again."""
    starts = call.operation.startswith("Start")
    SCHEDULES.find(call)["MonitoringScheduleStatus"] = "Scheduled" if starts else "Stopped"
    return {}


@operation("sagemaker", "ListMonitoringExecutions")
def executions(_call: Call) -> Record:
    """None: nothing runs here."""
    return {"MonitoringExecutionSummaries": []}


@requires("sagemaker", "CreateMonitoringSchedule", "UpdateMonitoringSchedule")
def schedulable(call: Call) -> None:
    """Take expressions that Model Monitor supports, and a definition that is there."""
    config = call.params["MonitoringScheduleConfig"]
    expression = config.get("ScheduleConfig", {}).get("ScheduleExpression")
    if expression is not None and not _EXPRESSIONS.fullmatch(expression):
        raise Refusal(_INVALID, f"Unsupported schedule expression: {expression}")
    name = config.get("MonitoringJobDefinitionName")
    known = sagemaker_backends[call.account][call.region].data_quality_job_definitions
    if name is not None and config.get("MonitoringType") == "DataQuality" and name not in known:
        raise Refusal(_INVALID, f"Could not find job definition {name}")


@requires("sagemaker", "CreateDataQualityJobDefinition")
def definable(call: Call) -> None:
    """Take an endpoint that keeps its calls, and no name twice."""
    backend = sagemaker_backends[call.account][call.region]
    name = call.params["JobDefinitionName"]
    if name in backend.data_quality_job_definitions:
        raise Refusal("ResourceInUse", f"Job definition {name} already exists")
    wanted = call.params["DataQualityJobInput"].get("EndpointInput", {}).get("EndpointName")
    if wanted is None:
        return
    endpoint = backend.endpoints.get(wanted)
    if endpoint is None:
        raise Refusal(_INVALID, f'Could not find endpoint "{call.arn(f"endpoint/{wanted.lower()}")}".')
    capture = backend.endpoint_configs[endpoint.endpoint_config_name].data_capture_config or {}
    if not capture.get("EnableCapture"):
        raise Refusal(_INVALID, f"Data capture is not enabled for endpoint {wanted}")

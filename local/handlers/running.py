"""SageMaker's endpoints and monitors, where moto only starts them: point an endpoint to another configuration.

Source: SageMaker API reference, UpdateEndpoint; read 2026-11-29.
"""

from typing import Any, Final

from moto.sagemaker.models import sagemaker_backends

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Kind, Record


@operation("sagemaker", "UpdateEndpoint")
def update_endpoint(call: Call) -> Record:
    """Serve by another configuration; the variants are the new one's."""
    endpoint = _kept(call, "endpoints", call.params["EndpointName"])
    config = _kept(call, "endpoint_configs", call.params["EndpointConfigName"])
    endpoint.endpoint_config_name = config.endpoint_config_name
    endpoint.production_variants = endpoint._process_production_variants(config.production_variants)  # noqa: SLF001 - no other way in
    return {"EndpointArn": endpoint.arn}


def _kept(call: Call, store: str, name: str) -> Any:  # noqa: ANN401 - moto's classes
    found = getattr(sagemaker_backends[call.account][call.region], store).get(name)
    if found is None:
        code = "ValidationException" if store.startswith("endpoint") else "ResourceNotFound"
        raise Refusal(code, f'Could not find "{name}".')
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

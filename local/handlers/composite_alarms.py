"""CloudWatch: composite alarms, which moto stores but has no operation for.

A rule names alarms that exist, and none of them goes while a composite alarm names it. Source: botocore's service model
of CloudWatch, PutCompositeAlarm and DeleteAlarms (documentation of the operations), read 2026-11-30; what is said there
of a missing alarm has no error code, so the code is ours.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from moto.cloudwatch.models import cloudwatch_backends

from local.handlers.operation import Call, Refusal, operation, requires
from local.handlers.records import Record

_NAMED: Final = re.compile(r"(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*\"?([^\"()]+?)\"?\s*\)")
"""One alarm of a rule, by name or ARN."""


def _alarms(call: Call) -> dict[str, Any]:
    alarms: dict[str, Any] = cloudwatch_backends[call.account][call.region].alarms
    return alarms


def _named(rule: str) -> Iterator[str]:
    return (name.rpartition(":alarm:")[2] for name in _NAMED.findall(rule))


@operation("cloudwatch", "PutCompositeAlarm")
def put(call: Call) -> Record:
    """Keep a composite alarm whose rule names alarms that are there."""
    missing = [name for name in _named(call.params["AlarmRule"]) if name not in _alarms(call)]
    if missing:
        raise Refusal("ValidationError", f"AlarmRule names alarms that do not exist: {', '.join(missing)}")
    cloudwatch_backends[call.account][call.region].put_metric_alarm(
        name=call.params["AlarmName"],
        rule=call.params["AlarmRule"],
        description=call.params.get("AlarmDescription", ""),
        alarm_actions=list(call.params.get("AlarmActions", [])),
        ok_actions=list(call.params.get("OKActions", [])),
        insufficient_data_actions=list(call.params.get("InsufficientDataActions", [])),
        actions_enabled=call.params.get("ActionsEnabled", True),
        tags=list(call.params.get("Tags", [])),
        namespace="",
        metric_name="",
        comparison_operator="",
        statistic="",
        evaluation_periods=0,
        period=0,
        threshold=0,
        dimensions=[],
    )
    return {}


@requires("cloudwatch", "DeleteAlarms")
def delete(call: Call) -> None:
    """Refuse an alarm that a composite alarm still names, unless both go."""
    going = set(call.params["AlarmNames"])
    for name, alarm in _alarms(call).items():
        needed = going & set(_named(alarm.rule or "")) if name not in going else set()
        if needed:
            raise Refusal("ValidationError", f"Alarm {min(needed)} is a part of composite alarm {name}")

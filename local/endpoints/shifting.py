"""How calls move from the old fleet to the new one: at once, a canary first, or in steps, watched by alarms.

Sources: SageMaker API Reference, DeploymentConfig, TrafficRoutingConfig, RollingUpdatePolicy; SageMaker Developer
Guide, "Deployment guardrails for updating models in production"; read 2026-11-30. The pauses between steps are cut to
LONGEST_PAUSE_SECONDS: a rehearsal does not watch for minutes.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto.cloudwatch.models import cloudwatch_backends

from local.handlers.dispatch import LOCK
from local.handlers.operation import Call

LONGEST_PAUSE_SECONDS: Final = 5.0
_BETWEEN_LOOKS_SECONDS: Final = 0.1
_MOST_STEPS: Final = 10


@dataclass(frozen=True, kw_only=True)
class Shift:
    """The way from one fleet to the next."""

    shares: tuple[float, ...] = (1.0,)
    """Parts of the calls that the new fleet gets, one after the other."""

    pause: float = 0.0
    """Between two of them, and after the last [s]."""

    alarms: tuple[str, ...] = ()
    """Names of the alarms that send everything back."""


def shift_of(config: Mapping[str, Any], instances: int) -> Shift:
    """Return what a DeploymentConfig asks for, of a fleet with so many *instances*; an empty one: all at once."""
    blue_green = config.get("BlueGreenUpdatePolicy") or {}
    routing = blue_green.get("TrafficRoutingConfiguration") or {}
    rolling = config.get("RollingUpdatePolicy") or {}
    kind = routing.get("Type", "ALL_AT_ONCE")
    if rolling:
        shares = _steps(_part(rolling.get("MaximumBatchSize"), instances))
    elif kind == "LINEAR":
        shares = _steps(_part(routing.get("LinearStepSize"), instances))
    else:
        shares = (_part(routing.get("CanarySize"), instances), 1.0) if kind == "CANARY" else (1.0,)
    rollback = config.get("AutoRollbackConfiguration") or {}
    return Shift(
        shares=shares,
        pause=min(float((rolling or routing).get("WaitIntervalInSeconds") or 0), LONGEST_PAUSE_SECONDS),
        alarms=tuple(str(each["AlarmName"]) for each in rollback.get("Alarms") or ()),
    )


def _part(size: Mapping[str, Any] | None, instances: int) -> float:
    if not size:
        return 1.0
    whole = 100 if size["Type"] == "CAPACITY_PERCENT" else max(instances, 1)
    return min(float(size["Value"]) / whole, 1.0)


def _steps(size: float) -> tuple[float, ...]:
    step = max(size, 1 / _MOST_STEPS)
    count = round(1 / step)
    return (*(step * number for number in range(1, count)), 1.0)


def tripped(call: Call, shift: Shift) -> str | None:
    """Pause, and return the name of an alarm that goes off meanwhile; None: all is quiet."""
    end = time.monotonic() + shift.pause
    while True:
        with LOCK:
            kept = cloudwatch_backends[call.account][call.region].alarms
            for name in shift.alarms:
                if name in kept and kept[name].state_value == "ALARM":
                    return name
        if time.monotonic() >= end:
            return None
        time.sleep(min(_BETWEEN_LOOKS_SECONDS, shift.pause))

"""What must hold where SageMaker Model Monitor runs a check, and no type can say."""

import re
from collections.abc import Iterator
from typing import Final

from zone.facts import analyzer_registry
from zone.specs.account import TeamAccount
from zone.specs.problems import Problem
from zone.specs.scheduling import COUNTED_BY, Check, Monitor
from zone.specs.tree import Specs

_HOUR: Final = "(0?[0-9]|1[0-9]|2[0-3])"
_SCHEDULES: Final = re.compile(rf"cron\(0 (\*|{_HOUR}(/(0?[1-9]|1[0-9]|2[0-4]))?) \? \* \* \*\)")
"""Every hour, daily, or every so many hours. Source: SageMaker API Reference, ScheduleConfig, and Developer Guide, "The
cron expression for monitoring schedule", read 2026-11-30 in stored copies."""


def model_monitor_problems(key: str, spec: TeamAccount, specs: Specs) -> Iterator[Problem]:
    """Yield all problems of what Model Monitor runs in account *key*.

    Args:
        key: the account that declares it.
        spec: what its file says.
        specs: all files.
    """
    environment = specs.environments.get(specs.folder(key))
    for model, monitor in spec.monitors.items():
        found = list(_monitor(monitor))
        if monitor.model_monitor and environment and not analyzer_registry(environment.region):
            text = f"AWS keeps no image of Model Monitor in {environment.region}; allowed: leave it out"
            found.append((("model_monitor",), text))
        for at, text in found:
            yield specs.sources[key].problem(("monitors", model, *at), text)


def _monitor(monitor: Monitor) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for place, check in enumerate(monitor.model_monitor):
        if check not in monitor.checks:
            text = f"not among checks, got {check}; allowed: add {check} to checks, or leave it out here"
            yield ("model_monitor", place), text
        elif check is not Check.DATA:
            # The provider has a type for data quality only; bias and attribution are Clarify's besides.
            text = (
                f"Model Monitor's {check} is not made here, got {check}; allowed: data; without {check} here, the "
                "model's own image checks it"
            )
            yield ("model_monitor", place), text
    if not monitor.model_monitor:
        return
    if not _SCHEDULES.fullmatch(monitor.schedule):
        text = (
            f"Model Monitor starts every hour, daily or every so many hours, got {monitor.schedule}; allowed: "
            "cron(0 * ? * * *), cron(0 4 ? * * *) or cron(0 0/6 ? * * *)"
        )
        yield ("schedule",), text
    for limit in monitor.limits:
        if COUNTED_BY[limit] in monitor.model_monitor:
            text = (
                f"Model Monitor counts no {limit}, so its alarm would never ring; allowed: leave it out, its limits "
                "stand in the baseline's constraints.json (docs/monitors.md)"
            )
            yield ("limits", limit.value), text

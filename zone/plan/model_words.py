"""What answers, is watched and is scored for a team, as plain data, and each of them as one line for people."""

from collections.abc import Mapping
from typing import Any

from zone.plan.scheduling import BatchPlan, MonitorPlan
from zone.plan.serving import ServingPlan
from zone.plan.zone import TeamPlan


def describe_models(team: TeamPlan) -> dict[str, Any]:
    """Return the declared `serving`, `monitors` and `batches`; `promotedBy` is the stack of an earlier environment."""
    owners = {each.owner_account_id: each.owner for each in team.promotions_in}
    return {
        "serving": [_serving(name, each, owners) for name, each in team.serving.items()],
        "monitors": [_monitor(model, each) for model, each in team.scheduled.monitors.items()],
        "batches": [_batch(name, each, owners) for name, each in team.scheduled.batches.items()],
    }


def serving_line(each: dict[str, Any]) -> str:
    """Say which version answers, on what, and how."""
    how = ["answers later" if each["asynchronous"] else "answers at once"]
    how += [f"{each['capturePercent']} % of calls kept"] if each["capturePercent"] else []
    how += ["over HTTP too"] if each["api"] else []
    fleet = f"{each['least']} to {each['most']}" if each["least"] < each["most"] else str(each["most"])
    return f"{each['name']}: {_version(each)}, {fleet} × {each['instanceType']}, {', '.join(how)}"


def monitor_line(each: dict[str, Any]) -> str:
    """Say what is checked, of which endpoint, when, and who is told."""
    by_service = [f"{check} by Model Monitor" for check in each["modelMonitor"]]
    checks = ", ".join([*each["checks"], *by_service])
    return f"{each['model']}: {checks} of {each['endpoint']}, {each['schedule']}, tells {each['alarmTo']}"


def batch_line(each: dict[str, Any]) -> str:
    """Say what scores which rows, where answers go, and when."""
    when = each["schedule"] or "for each file that arrives"
    how = f", Spark up to {each['sparkMaxVcpus']} vCPU" if each["sparkMaxVcpus"] else ""
    return f"{each['name']}: {_version(each)}, {each['input']} → {each['output']}, {when}{how}"


def _version(each: dict[str, Any]) -> str:
    which = f"version {each['version']}" if each["version"] else "no version yet"
    return f"{each['model']} {which}{' of ' + each['promotedBy'] if each['promotedBy'] else ''}"


def _serving(name: str, plan: ServingPlan, owners: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "model": plan.model,
        "version": plan.version,
        "promotedBy": owners.get(plan.registry_account_id),
        "instanceType": plan.instance_type,
        "least": plan.least,
        "most": plan.most,
        "capturePercent": plan.capture_percent,
        "asynchronous": plan.asynchronous is not None,
        "api": plan.api is not None,
    }


def _monitor(model: str, plan: MonitorPlan) -> dict[str, Any]:
    return {
        "model": model,
        "endpoint": plan.endpoint,
        "schedule": plan.schedule,
        "checks": list(plan.checks),
        "modelMonitor": list(plan.model_monitor),
        "alarmTo": plan.alarm_to,
    }


def _batch(name: str, plan: BatchPlan, owners: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "model": plan.model,
        "version": int(plan.version_arn.rpartition("/")[2]),
        "promotedBy": owners.get(plan.version_arn.split(":")[4]),
        "schedule": plan.schedule,
        "input": plan.input_prefix,
        "output": plan.output_prefix,
        "sparkMaxVcpus": plan.spark.max_vcpus if plan.spark else None,
    }

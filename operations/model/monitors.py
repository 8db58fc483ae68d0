"""A model's monitor: what it reads besides captured calls, a run of its checks now, and what they found."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from operations.model.deploy import load
from operations.model.errors import ModelError, RefusedError
from operations.model.jobs import Pause, ended
from operations.model.place import Clients, Place
from operations.model.stored import get, keep, lies, put
from operations.model.versions import Version
from zone import schedule_names, serving_names
from zone.plan.scheduling import MonitorPlan
from zone.specs.scheduling import Check, Limit

_WORK: Final = "studio"
"""Purpose of the work bucket."""

WITH_LABELS: Final = (Check.MODEL, Check.BIAS)
"""Checks that hold answers against what became known."""

_FALLS: Final = frozenset({Limit.AUC})
"""Limits that a figure must not fall below; the others it must not exceed."""

Start = Callable[[str], Mapping[str, Any]]
"""Fires a schedule by its ARN; the answer is that of local.schedules.fire."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of a check."""

    check: str
    name: str
    found: float | None
    limit: float | None
    """None: nobody set one."""

    over: bool
    """Whether it is past the limit."""

    why: str = ""
    """What that means."""


def monitor_of(place: Place, file: Path, model: str) -> MonitorPlan:
    """Return the model's monitor.

    Raises:
        ModelError: the team's file declares none, or one that cannot run.
    """
    if model in place.team.scheduled.monitors:
        return place.team.scheduled.monitors[model]
    said = load(file)
    declared = (said.get("monitors") or {}).get(model)
    if declared is None:
        raise ModelError(
            f"{file} declares no monitor of {model}: add one under monitors, "
            f"{model}: {{endpoint: …, schedule: rate(1 day), checks: [data], alarm_to: …}}"
        )
    endpoint = declared.get("endpoint")
    if endpoint not in (known := said.get("endpoints") or {}):
        there = ", ".join(known) or "none"
        raise ModelError(
            f"{file}: monitors.{model}.endpoint: {endpoint} is not declared; under endpoints there is {there}"
        )
    raise ModelError(
        f"{file}: monitors.{model}.image_version is absent, so nothing runs: ./mlz model deploy {model} VERSION sets it"
    )


def give_baseline(place: Place, clients: Clients, model: str, version: Version) -> str:
    """Put what *version* learnt from where the model's monitor reads its baseline; return that address.

    Raises:
        ModelError: the version does not say what it learnt from.
    """
    if not version.baseline:
        raise ModelError(
            f"version {version.number} of {model} has no baseline, as its gate's step reads no `train`: put one at "
            f"{_own(place, model)}/baseline/data.csv"
        )
    address = f"{_own(place, model)}/baseline/data.csv"
    put(clients, address, get(clients, version.baseline))
    return address


def give_labels(place: Place, clients: Clients, model: str, file: Path) -> str:
    """Put *file*, what became known, where the model's monitor reads it; return that address.

    Raises:
        ModelError: it cannot be read.
    """
    address = f"{_own(place, model)}/labels/labels.csv"
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelError(f"the labels {file} can't be read: {error.strerror}") from error
    put(clients, address, content)
    return address


def able(place: Place, clients: Clients, model: str, monitor: MonitorPlan, asked: Sequence[str]) -> dict[str, str]:
    """Return the checks to run, each with why it can't; empty: it can.

    Args:
        place: the account.
        clients: who looks.
        model: the model.
        monitor: its monitor.
        asked: checks that are wanted; empty: all that the monitor has.

    Raises:
        ModelError: a check is not the monitor's, or there is nothing that any check could look at.
    """
    if not monitor.checks:
        raise ModelError(f"{model}: all checks of the monitor are Model Monitor's, whose image runs at AWS only")
    for check in asked:
        if check in monitor.model_monitor:
            raise ModelError(f"{check} is Model Monitor's, whose image runs at AWS only: leave it out here")
        if check not in monitor.checks:
            source, has = place.team.account.source, ", ".join(monitor.checks)
            raise ModelError(f"{source}: monitors.{model}.checks has no {check}; it has {has}: add it, and deploy")
    calls = f"s3://{place.bucket('data')}/{serving_names.capture_prefix(monitor.endpoint)}"
    if not lies(clients, f"{calls}/"):
        raise ModelError(
            f"no calls are captured yet, {calls}/ is empty: the endpoint {monitor.endpoint} must be deployed "
            f"(endpoints.{monitor.endpoint}.version) and asked; then run the same command again"
        )
    own = _own(place, model)
    if not lies(clients, f"{own}/baseline/data.csv"):
        raise ModelError(f"{own}/baseline/data.csv is not there: ./mlz model deploy {model} VERSION puts it there")
    known = lies(clients, f"{own}/labels/")
    missing = f"{own}/labels/labels.csv is not there: give what became known by --labels FILE"
    return {check: "" if known or check not in WITH_LABELS else missing for check in asked or monitor.checks}


def start(place: Place, model: str, check: str, fire: Start) -> str:
    """Fire the schedule of one check; return the name of its job.

    Raises:
        RefusedError: nothing was started.
    """
    account = place.team.account
    group, name = schedule_names.schedule_group(account.key), schedule_names.monitor_job(model, check)
    said = fire(f"arn:aws:scheduler:{account.region}:{account.account_id}:schedule/{group}/{name}")
    if "answer" not in said:
        raise RefusedError(f"{check}: the schedule {name} started nothing: {said.get('lost') or said.get('error')}")
    return str(said["answer"]["ProcessingJobArn"]).rpartition("/")[2]


def report(
    clients: Clients, check: str, job: str, folder: Path, *, wait: Pause, say: Callable[[str], None]
) -> tuple[Mapping[str, Any], list[Path]]:
    """Wait for a check's job, keep its report in *folder*; return what it found, and the files.

    Raises:
        StepFailedError: the job failed.
        ModelError: it left no report.
    """
    found = ended(clients, "processing", job, check, wait=wait, say=say)
    (output,) = found["ProcessingOutputConfig"]["Outputs"]
    uri = output["S3Output"]["S3Uri"].rstrip("/")
    files = keep(clients, uri, folder)
    try:
        content: Mapping[str, Any] = json.loads((folder / "report.json").read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"{check}: {uri}/report.json can't be read: {error}") from error
    return content, files


def figures(check: str, said: Mapping[str, Any], limits: Mapping[str, float]) -> Iterator[Figure]:
    """Yield a check's figures against the team's *limits*, and what the model's own limits do not let pass."""
    for name, found in said.get("metrics", {}).items():
        limit = limits.get(name.lower())
        falls = name.lower() in _FALLS
        over = limit is not None and (found < limit if falls else found > limit)
        yield Figure(check=check, name=name, found=found, limit=limit, over=over, why="the alarm rings" if over else "")
    for own in said.get("checks", ()):
        if not own["passed"]:
            yield Figure(
                check=check, name=own["name"], found=own["value"], limit=own["limit"], over=True, why=own.get("why", "")
            )


def _own(place: Place, model: str) -> str:
    return f"s3://{place.bucket(_WORK)}/{schedule_names.monitor_prefix(model)}"

"""EMR Serverless: applications as they were given, and runs that work here.

moto's applications are STARTED at once, which the provider does not wait for; it forgets most of what it is given, and
its runs have succeeded before they began. An application here is CREATED, STARTED while a run works, and STOPPED once
it was idle for as long as it says.

Sources: botocore's service model of EMR Serverless (members, states, errors); EMR Serverless User Guide, "Application
states", "Understanding application behavior" and "Encrypting logs" (who submits must be able to use the keys: the table
of dependent rights), read 2026-11-30. Texts of refusals: moto 5.2.5, emrserverless, which has AWS's.
"""

import re
import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Final

from local.authority.signer import signer
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp
from local.handlers.tags import forget_tags, tags_of
from local.spark.run import ENDED, Run
from local.spark.submit import in_background

EMR: Final = "emr-serverless"
_RELEASE: Final = re.compile(r"emr-([67]\.\d{1,2}|spark-\d+\.\d{1,2})\.\d+$")
_SETTLED: Final = frozenset({"CREATED", "STOPPED"})
_TIMEOUT_MINUTES: Final = 720
_LEAST_MINUTES: Final = 5


@dataclass
class Application:
    """An application, and since when it does nothing."""

    record: Record
    idle_since: float = field(default_factory=time.monotonic)


_APPLICATIONS: Final[dict[tuple[str, str], dict[str, Application]]] = {}
"""(account, region) → id → application."""

_RUNS: Final[dict[str, dict[str, Run]]] = {}
"""Id of the application → id → run, the last one last."""

_DEFAULTS: Final[Record] = {
    "architecture": "X86_64",
    "autoStartConfiguration": {"enabled": True},
    "autoStopConfiguration": {"enabled": True, "idleTimeoutMinutes": 15},
}


def _found(call: Call) -> Application:
    """The application that *call* names, in the state it is in by now."""
    name = str(call.params["applicationId"])
    found = _APPLICATIONS.get((call.account, call.region), {}).get(name)
    if found is None:
        raise Refusal("ResourceNotFoundException", f"Application {name} does not exist")
    record, stop = found.record, found.record["autoStopConfiguration"]
    if any(not run.ended.is_set() for run in _RUNS[name].values()):
        found.idle_since = time.monotonic()
    idle_minutes = (time.monotonic() - found.idle_since) / 60
    if record["state"] == "STARTED" and stop.get("enabled", True) and idle_minutes > stop.get("idleTimeoutMinutes", 15):
        record["state"] = "STOPPED"
    return found


def _settled(found: Application) -> None:
    """Refuse what only an application at rest takes."""
    record = found.record
    if record["state"] not in _SETTLED:
        raise Refusal(
            "ValidationException",
            f"Application {record['applicationId']} must be in one of the following statuses [CREATED, STOPPED]. "
            f"Current status: {record['state']}",
        )


def _shown(found: Application) -> Record:
    return {**found.record, "tags": dict(tags_of(EMR, found.record["arn"]))}


@operation(EMR, "CreateApplication")
def create(call: Call) -> Record:
    """Keep an application."""
    kind, release = str(call.params["type"]).capitalize(), str(call.params["releaseLabel"])
    if kind not in {"Spark", "Hive"}:
        raise Refusal("ValidationException", f"Unsupported engine {call.params['type']}")
    if not _RELEASE.match(release):
        raise Refusal(
            "ValidationException",
            f"Type '{kind}' is not supported for release label '{release}' or release label does not exist",
        )
    name, now = f"00{secrets.token_hex(7)}", stamp()
    given = {key: value for key, value in call.params.items() if key not in {"clientToken", "tags"}}
    record = {
        **_DEFAULTS,
        **given,
        "applicationId": name,
        "arn": call.arn(f"/applications/{name}"),
        "type": kind,
        "state": "CREATED",
        "stateDetails": "",
        "createdAt": now,
        "updatedAt": now,
    }
    _APPLICATIONS.setdefault((call.account, call.region), {})[name] = Application(record)
    _RUNS[name] = {}
    tags_of(EMR, record["arn"]).update(call.params.get("tags"))
    return {key: record[key] for key in ("applicationId", "name", "arn") if key in record}


@operation(EMR, "GetApplication")
def get(call: Call) -> Record:
    """Show an application."""
    return {"application": _shown(_found(call))}


@operation(EMR, "ListApplications")
def all_of_them(call: Call) -> Record:
    """Show all applications, or those in some states."""
    names = [*_APPLICATIONS.get((call.account, call.region), {})]
    found = [_found(replace(call, params={"applicationId": name})).record for name in names]
    wanted = call.params.get("states")
    shown = [each for each in found if not wanted or each["state"] in wanted]
    return {"applications": [{**each, "id": each["applicationId"]} for each in shown]}


@operation(EMR, "UpdateApplication")
def update(call: Call) -> Record:
    """Change an application at rest."""
    found = _found(call)
    _settled(found)
    given = {key: value for key, value in call.params.items() if key not in {"clientToken", "applicationId"}}
    found.record |= {**given, "updatedAt": stamp()}
    return {"application": _shown(found)}


@operation(EMR, "StartApplication", "StopApplication")
def start_or_stop(call: Call) -> Record:
    """Start an application, or stop one that does nothing."""
    found = _found(call)
    if call.operation == "StopApplication" and any(not run.ended.is_set() for run in _runs(call)):
        raise Refusal("ValidationException", f"Application {call.params['applicationId']} has running jobs")
    found.record["state"] = "STOPPED" if call.operation == "StopApplication" else "STARTED"
    found.idle_since = time.monotonic()
    return {}


@operation(EMR, "DeleteApplication")
def delete(call: Call) -> Record:
    """Forget an application at rest."""
    found = _found(call)
    _settled(found)
    del _APPLICATIONS[call.account, call.region][found.record["applicationId"]]
    forget_tags(EMR, found.record["arn"])
    return {}


@operation(EMR, "StartJobRun")
def start(call: Call) -> Record:
    """Start a run; the same token once more is the same run."""
    found, asked = _found(call), call.params
    role = str(asked["executionRoleArn"])
    if role.split(":")[4] != call.account:
        raise Refusal("AccessDeniedException", "Cross-account pass role is not allowed.")
    minutes = asked.get("executionTimeoutMinutes", _TIMEOUT_MINUTES)
    if 0 < minutes < _LEAST_MINUTES:
        raise Refusal("ValidationException", f"RunTimeout must be at least {_LEAST_MINUTES} minutes.")
    runs = _RUNS[found.record["applicationId"]]
    run = next((each for each in runs.values() if each.asked["clientToken"] == asked["clientToken"]), None)
    if run is None:
        if found.record["state"] != "STARTED" and not found.record["autoStartConfiguration"].get("enabled", True):
            raise Refusal("ValidationException", f"Application {asked['applicationId']} is not started")
        found.record["state"] = "STARTED"
        who = signer(call.key)
        run = Run(call.account, call.region, found.record, asked, who.arn if who else "")
        runs[str(run.record["jobRunId"])] = run
        in_background(run)
    return {key: run.record[key] for key in ("applicationId", "jobRunId", "arn")}


@operation(EMR, "GetJobRun")
def get_run(call: Call) -> Record:
    """Show a run."""
    return {"jobRun": dict(_run(call).record)}


@operation(EMR, "CancelJobRun")
def cancel(call: Call) -> Record:
    """Let a run end."""
    run = _run(call)
    if run.record["state"] in ENDED:
        text = f"JobRun {call.params['jobRunId']} is in state {run.record['state']} and cannot be cancelled"
        raise Refusal("ValidationException", text)
    run.cancelled.set()
    return {"applicationId": call.params["applicationId"], "jobRunId": call.params["jobRunId"]}


@operation(EMR, "ListJobRuns")
def list_runs(call: Call) -> Record:
    """Show the runs of an application, the last one first."""
    _found(call)
    wanted = call.params.get("states")
    shown = [run.record for run in reversed(_runs(call)) if not wanted or run.record["state"] in wanted]
    return {"jobRuns": [{**each, "id": each["jobRunId"]} for each in shown]}


@operation(EMR, "TagResource", "UntagResource", "ListTagsForResource")
def tags(call: Call) -> Record:
    """Tags of an application."""
    kept = tags_of(EMR, call.params["resourceArn"])
    kept.update(call.params.get("tags"))
    kept.drop(call.params.get("tagKeys", []))
    return {"tags": dict(kept)}


def _runs(call: Call) -> list[Run]:
    return [*_RUNS[str(call.params["applicationId"])].values()]


def _run(call: Call) -> Run:
    found = _RUNS[_found(call).record["applicationId"]].get(str(call.params["jobRunId"]))
    if found is None:
        raise Refusal("ResourceNotFoundException", f"JobRun {call.params['jobRunId']} does not exist")
    return found

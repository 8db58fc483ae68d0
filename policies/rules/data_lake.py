"""Glue, Athena and Lake Formation beyond the core."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from policies.rules._documents import credentials_in, document, password_in
from policies.rules._reach import public_statements, unnamed_actions
from policies.rules._secrets import secret_in
from policies.rules.hardening import TRUE
from policies.rules.instances import allowed, number
from policies.rules.plain import UNKNOWN, Reader, is_set, shown_value
from policies.rules.registry import rule

_FACTS: Final[Mapping[str, Any]] = json.loads((Path(__file__).parent / "glue_versions.json").read_text())

_SPARK: Final = ("glueetl", "gluestreaming")
_CONTINUOUS_LOG: Final = "--enable-continuous-cloudwatch-log"
_EVERYBODY: Final = "IAM_ALLOWED_PRINCIPALS"


def _is_spark(r: Reader) -> bool:
    return r.get("command.name", "glueetl") in _SPARK


@rule("glue-job-logging", f"set {_CONTINUOUS_LOG} in defaultArguments to true, or use Glue 5.0 or later")
def job_logs(r: Reader) -> Iterator[str]:
    """A job without a version gets the newest."""
    first = _FACTS["always_logs_from"]
    if not _is_spark(r) or number(r.get("glueVersion"), default=first) >= first:
        return
    for shown, arguments in r.each("defaultArguments"):
        value = arguments.get(_CONTINUOUS_LOG) if isinstance(arguments, Mapping) else None
        if value is UNKNOWN:
            r.waits_for.append(f"{shown}.{_CONTINUOUS_LOG}")
        elif value not in TRUE:
            yield f"{shown} does not set {_CONTINUOUS_LOG}"


@rule("glue-job-no-secrets", "name a secret of Secrets Manager (SECRET_ID in a connection), and read it in the job")
def no_secrets(r: Reader) -> Iterator[str]:
    """Whoever may see the job sees its arguments. A value that is not known yet was not written here."""
    for path in ("defaultArguments", "nonOverridableArguments", "arguments", "actions[].arguments"):
        yield from _secrets(r, path, credentials_in)  # a job's arguments may well say max_token=4096
    yield from _secrets(r, "connectionProperties", password_in)  # its URL may hold password=…


def _secrets(r: Reader, path: str, look: Callable[[str], str | None]) -> Iterator[str]:
    for shown, entries in r.each(path):
        for name, value in entries.items() if isinstance(entries, Mapping) else ():
            if isinstance(value, str) and (found := secret_in(str(name), value) or look(value)):
                yield f"{shown}: {name} holds {found}"


@rule(
    "glue-job-guardrail",
    "use a supported glueVersion, fewer or smaller workers, and set timeout [minutes]",
    settings={"allowedWorkerTypes": ("Standard", "G.025X", "G.1X", "G.2X"), "maxWorkers": 10},
)
def job_size(r: Reader) -> Iterator[str]:
    """AWS ends a job without a timeout after hours or days; a streaming job is meant to go on."""
    for shown, value in r.each("glueVersion"):
        ended = _FACTS["spark_end_of_support"].get(str(value))
        if ended and _is_spark(r):
            yield f"{shown} {value} is without support since {ended}"
    for shown, value in r.each("workerType"):
        if is_set(value) and not allowed(value, r.settings["allowedWorkerTypes"]):
            yield f"{shown} {value} is not in allowedWorkerTypes"
    limit = r.settings["maxWorkers"]
    for shown, value in r.each("numberOfWorkers"):
        if number(value) > limit:
            yield f"{shown} {shown_value(value)} is above maxWorkers {shown_value(limit)}"
    if r.get("command.name") != "gluestreaming":
        yield from r.missing("timeout")


@rule("glue-resource-policy-not-public", "name the accounts and the actions")
def catalogue_policy(r: Reader) -> Iterator[str]:
    """Also no glue:*, nor all but some: who reads tables must not be able to drop them."""
    policy = document(r, "policy")
    yield from public_statements(policy)
    yield from unnamed_actions(policy, "glue")


@rule("athena-workgroup-logging", "leave publishCloudwatchMetricsEnabled out, and set bytesScannedCutoffPerQuery")
def workgroup_watched(r: Reader) -> Iterator[str]:
    """Athena bills what a query scans; an absent cutoff is none. Spark is billed by the hour and has none."""
    yield from r.unless("configuration.publishCloudwatchMetricsEnabled", True, default=True)
    if "Spark" not in str(r.get("configuration.engineVersion.selectedEngineVersion")):
        yield from r.missing("configuration.bytesScannedCutoffPerQuery")


@rule("lakeformation-no-iam-allowed-principals", "grant to roles by name, and set admins")
def no_iam_allowed(r: Reader) -> Iterator[str]:
    """What is granted to that group is decided by IAM alone, past Lake Formation."""
    settings = r.resource.type.endswith(":DataLakeSettings")
    defaults = ("createDatabaseDefaultPermissions[].principal", "createTableDefaultPermissions[].principal")
    for path in defaults if settings else ("principal",):
        for shown, principal in r.each(path):
            if principal == _EVERYBODY:
                yield f"{shown} is {_EVERYBODY}"
    if settings:
        yield from r.missing("admins")


@rule("lakeformation-no-all-grant", "name the permissions, and let the lake's admins alone pass them on")
def no_all_grant(r: Reader) -> Iterator[str]:
    """ALL holds DROP; who may grant hands the data on unseen."""
    for shown, permission in r.each("permissions[]"):
        if permission == "ALL":
            yield f"{shown} is ALL"
    for shown, permission in r.each("permissionsWithGrantOptions[]"):
        yield f"{shown} passes on {permission}"

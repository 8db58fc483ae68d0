"""RDS beyond the core: keys, availability, logs, upgrades, snapshots."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from policies.rules.hardening import TRUE, never, only
from policies.rules.instances import number
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set, shown_value
from policies.rules.registry import rule

CLUSTER: Final = "aws:rds/cluster:Cluster"

_FACTS: Final[Mapping[str, Any]] = json.loads((Path(__file__).parent / "rds_versions.json").read_text())

# Whether MariaDB has it depends on version and region. Source: Amazon RDS and Aurora User Guides, "Supported Regions
# and DB engines for IAM database authentication", read 2026-11-21
_IAM_ENGINES: Final = ("mysql", "postgres", "aurora-mysql", "aurora-postgresql")

_LOGGED_STATEMENTS: Final = ("ddl", "mod", "all")
_NEVER_LOGGED: Final = -1
"""log_min_duration_statement [ms] that logs nothing: PostgreSQL's default."""

rule("rds-log-exports", "name the engine's logs in enabledCloudwatchLogsExports")(
    present("enabledCloudwatchLogsExports")
)
rule("rds-minor-upgrades", "leave autoMinorVersionUpgrade out, or set it to true")(
    never("autoMinorVersionUpgrade", False, "false")
)
rule("rds-copy-tags", "set copyTagsToSnapshot to true")(only("copyTagsToSnapshot", True, default=False))
rule("rds-ca-cert", "leave caCertIdentifier out, or set it to rds-ca-rsa2048-g1 or a stronger one")(
    never("caCertIdentifier", *_FACTS["expired_authorities"])
)
rule("rds-proxy-tls", "set requireTls to true")(only("requireTls", True, default=False))


def _is_copy(r: Reader) -> bool:
    """Whether the database follows another, which decides such things for it."""
    return is_set(r.get("replicateSourceDb")) or is_set(r.get("replicationSourceIdentifier"))


@rule("rds-cmk", "set kmsKeyId to the account's data key; it cannot be changed later")
def own_key(r: Reader) -> Iterator[str]:
    """Nobody can be kept from AWS's own key."""
    if not _is_copy(r):
        yield from r.missing("kmsKeyId")


@rule("rds-multi-az", "set multiAz to true, or leave availabilityZones out", settings={"environment": "prod"})
def several_zones(r: Reader) -> Iterator[str]:
    """Production only. A cluster that names no zones gets three; a replica is the second copy itself."""
    if r.settings["environment"] != "prod" or _is_copy(r):
        return
    if r.resource.type == CLUSTER:
        zones = r.each("availabilityZones[]")
        if len(zones) == 1 and not r.waits_for:
            yield f"availabilityZones is {zones[0][1]} alone"
    else:
        yield from r.unless("multiAz", True, default=False)


@rule("rds-iam-auth", "set iamDatabaseAuthenticationEnabled to true")
def iam_authentication(r: Reader) -> Iterator[str]:
    """A role instead of a password that someone keeps. Serverless v1 has none."""
    if r.get("engine") in _IAM_ENGINES and r.get("engineMode") != "serverless":
        yield from r.unless("iamDatabaseAuthenticationEnabled", True, default=False)


@rule("rds-enhanced-monitoring", "set monitoringInterval to 60 and a monitoringRoleArn")
def monitored(r: Reader) -> Iterator[str]:
    """An absent value is 0, which is off."""
    for shown, seconds in r.each("monitoringInterval"):
        if number(seconds) <= 0:
            yield f"{shown} is {shown_value(seconds, 0)}"


@rule("rds-performance-insights", "set performanceInsightsEnabled to true and performanceInsightsKmsKeyId")
def insights(r: Reader) -> Iterator[str]:
    """Its samples hold queries, so they take the account's key."""
    yield from r.unless("performanceInsightsEnabled", True, default=False)
    if r.get("performanceInsightsEnabled") in TRUE:
        yield from r.missing("performanceInsightsKmsKeyId")


@rule("rds-query-logging", "set log_statement to ddl, or log_min_duration_statement to a number of milliseconds")
def queries_logged(r: Reader) -> Iterator[str]:
    """PostgreSQL logs no query unless one of the two says so."""
    if "postgres" not in str(r.get("family")):
        return
    logged = any(
        (p.get("name") == "log_statement" and str(p.get("value")).lower() in _LOGGED_STATEMENTS)
        or (p.get("name") == "log_min_duration_statement" and number(p.get("value"), _NEVER_LOGGED) > _NEVER_LOGGED)
        for p in r.elements("parameters[]")
    )
    if not logged and not r.waits_for:
        yield "parameters sets neither log_statement nor log_min_duration_statement"


@rule("rds-default-admin", "choose another name")
def admin_name(r: Reader) -> Iterator[str]:
    """The names an attacker tries first."""
    path = "masterUsername" if r.resource.type == CLUSTER else "username"
    for shown, name in r.each(path):
        if name in ("admin", "postgres", "root"):
            yield f"{shown} is {name}"


@rule("rds-default-port", "set port to another one")
def port(r: Reader) -> Iterator[str]:
    """An absent port is the engine's; without an engine (a replica, a restored copy) nobody can say which that is."""
    engine = str(r.get("engine", ""))
    for name, default in _FACTS["default_ports"].items():
        if name in engine:
            for shown, value in r.each("port"):
                if number(value, default) == default:
                    yield f"{shown} is {shown_value(value, default)}"


@rule("rds-snapshot-private-encrypted", "name the accounts in sharedAccounts, and set kmsKeyId on a copy")
def snapshot(r: Reader) -> Iterator[str]:
    """A public snapshot is a public database. A copy of an unencrypted one is encrypted only by a key of its own."""
    for shown, account in r.each("sharedAccounts[]"):
        if account == "all":
            yield f"{shown} is all"
    if r.resource.type.endswith(":SnapshotCopy"):
        yield from r.missing("kmsKeyId")


@rule("rds-aurora-extras", "set backtrackWindow to 86400 [seconds]")
def backtrack(r: Reader) -> Iterator[str]:
    """Aurora MySQL alone can be wound back. An absent value is 0, which is off."""
    if r.get("engine") == "aurora-mysql":
        for shown, seconds in r.each("backtrackWindow"):
            if number(seconds) <= 0:
                yield f"{shown} is {shown_value(seconds, 0)}"


@rule("rds-global-encrypted", "set storageEncrypted to true, or kmsKeyId to a key of the target region")
def copies_encrypted(r: Reader) -> Iterator[str]:
    """A global cluster made from another has that one's encryption."""
    if not r.resource.type.endswith(":GlobalCluster"):
        yield from r.missing("kmsKeyId")
    elif not is_set(r.get("sourceDbClusterIdentifier")):
        yield from r.unless("storageEncrypted", True, default=False)


@rule("rds-vulnerable-version", "use a later minor version")
def version(r: Reader) -> Iterator[str]:
    """Security bulletin AWS-2022-004. A major version alone gets the newest minor one."""
    last_bad = _FACTS["log_fdw"].get(str(r.get("engine")), {})
    for shown, value in r.each("engineVersion"):
        found = re.match(r"(9\.\d+|\d+)\.(\d+)", str(value))
        if found and int(found[2]) <= last_bad.get(found[1], -1):
            yield f"{shown} {value} reads local files by log_fdw"

"""RDS."""

from collections.abc import Iterator, Mapping
from typing import Final

from policies.rules._documents import as_list
from policies.rules.instances import allowed, number
from policies.rules.plain import Reader, Resource, is_set, shown_value
from policies.rules.registry import Stack, rule, stack_rule

GROUPS: Final = ("aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup")

DEFAULT_CLASSES: Final = tuple(
    f"db.{family}.{size}"
    for family in ("t3", "t4g", "m[5-8]*", "r[5-8]*")
    for size in ("micro", "small", "medium", "large", "xlarge", "2xlarge")
)
"""What a stack that declares no list may use."""


@rule("rds-instance-encrypted", "set storageEncrypted to true; it cannot be changed later")
@rule("rds-cluster-encrypted", "set storageEncrypted to true; it cannot be changed later")
def encrypted(r: Reader) -> Iterator[str]:
    """An absent value is false; a replica or member has its source's encryption."""
    if not is_set(r.get("replicateSourceDb")) and not is_set(r.get("replicationSourceIdentifier")):
        yield from r.unless("storageEncrypted", True, default=False)


@rule("rds-backup-retention", "set backupRetentionPeriod to 7")
def backups(r: Reader) -> Iterator[str]:
    """An absent value is none for an instance and one day for a cluster; a read replica has its source's backups."""
    if is_set(r.get("replicateSourceDb")):
        return
    default = 1 if r.resource.type.endswith(":Cluster") else 0
    for shown, days in r.each("backupRetentionPeriod"):
        if number(days, default=default) < 1:
            yield f"{shown} is {shown_value(days, default)}"


@rule("rds-deletion-protection", "set deletionProtection to true")
def deletion_protection(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("deletionProtection", True, default=False)


@stack_rule(
    "rds-tls-enforced", "set rds.force_ssl (PostgreSQL, SQL Server) or require_secure_transport (MySQL, MariaDB) to 1"
)
def tls_enforced(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """The family says which of the two; others have neither."""
    for group in stack.of(*GROUPS):
        reader = Reader(group, {})
        family = "".join(map(str, stack.known(group, group, "family")))
        name = "rds.force_ssl" if "postgres" in family or "sqlserver" in family else "require_secure_transport"
        if "oracle" in family or "db2" in family:
            continue
        values = [
            str(entry.get("value")).lower()
            for _, entry in reader.each("parameters[]")
            if isinstance(entry, Mapping) and entry.get("name") == name
        ]
        # From PostgreSQL 15 on, AWS's own default is 1.
        if reader.waits_for:
            stack.waits_for.append((group, "parameters"))
        elif not family:
            continue
        elif not any(value in ("1", "1.0", "on", "true") for value in values):
            yield group, f"{name} is {values[0] if values else 'not set'}"


@rule("rds-no-plaintext-password", "set manageMasterUserPassword to true: Secrets Manager then holds it and rotates it")
def no_password(r: Reader) -> Iterator[str]:
    """A replica, a member of a cluster and a restored copy have none of their own."""
    if any(
        is_set(r.get(name)) for name in ("replicateSourceDb", "replicationSourceIdentifier", "globalClusterIdentifier")
    ):
        return
    yield from r.unless("manageMasterUserPassword", True, default=False)


@rule(
    "rds-instance-class-allowed",
    "use an instance class of allowedInstanceClasses",
    settings={"allowedInstanceClasses": DEFAULT_CLASSES},
)
def instance_class(r: Reader) -> Iterator[str]:
    """Instances and members of clusters."""
    for shown, value in r.each("instanceClass"):
        if is_set(value) and not allowed(
            value, (*as_list(list(r.settings["allowedInstanceClasses"])), "db.serverless")
        ):
            yield f"{shown} {shown_value(value)} is not in allowedInstanceClasses"

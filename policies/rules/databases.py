"""RDS."""

from collections.abc import Iterator
from typing import Final

from policies.rules._documents import as_list
from policies.rules.instances import allowed, number
from policies.rules.plain import Reader, is_set, is_true, shown_value
from policies.rules.registry import rule

COPIES: Final = ("replicateSourceDb", "replicationSourceIdentifier")
"""What names the source of an instance or of a cluster that is a copy."""

DEFAULT_CLASSES: Final = tuple(
    f"db.{family}.{size}"
    for family in ("t3", "t4g", "m[5-8]*", "r[5-8]*")
    for size in ("micro", "small", "medium", "large", "xlarge", "2xlarge")
)
"""What a stack that declares no list may use."""


@rule("rds-instance-encrypted", "set storageEncrypted to true; it cannot be changed later")
@rule("rds-cluster-encrypted", "set storageEncrypted to true; it cannot be changed later")
def encrypted(r: Reader) -> Iterator[str]:
    """An absent value is false, but true for engineMode serverless; a replica or member has its source's encryption."""
    if r.none_of(("storageEncrypted", is_true), *((name, is_set) for name in COPIES)):
        default = r.resource.type.endswith(":Cluster") and r.get("engineMode") == "serverless"
        yield from r.unless("storageEncrypted", True, default=default)


@rule("rds-backup-retention", "set backupRetentionPeriod to 7")
def backups(r: Reader) -> Iterator[str]:
    """An absent value is none for an instance and one day for a cluster; a read replica has its source's backups."""
    path = "backupRetentionPeriod"
    default = 1 if r.resource.type.endswith(":Cluster") else 0
    if r.none_of((path, lambda days: number(days, default=default) >= 1), *((name, is_set) for name in COPIES)):
        yield f"{path} is {shown_value(r.get(path), default)}"


@rule("rds-deletion-protection", "set deletionProtection to true")
def deletion_protection(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("deletionProtection", True, default=False)


@rule("rds-no-plaintext-password", "set manageMasterUserPassword to true: Secrets Manager then holds it and rotates it")
def no_password(r: Reader) -> Iterator[str]:
    """A replica, a member of a cluster and a restored copy have none of their own."""
    sources = (*COPIES, "globalClusterIdentifier")
    if r.none_of(("manageMasterUserPassword", is_true), *((name, is_set) for name in sources)):
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

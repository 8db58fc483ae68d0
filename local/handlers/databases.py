"""RDS: what moto lets go or come although AWS does not, and what it forgets.

Sources: botocore's service model of RDS (CreateDBInstance, DeleteDBInstance, DeleteDBSubnetGroup,
DeleteDBParameterGroup and their errors), read 2026-11-30; the words: what `aws rds` prints, as pastebin xtDZjvPp quotes
it for the snapshot, the others not documented.
"""

import secrets
from base64 import b32encode
from typing import Any, Final

from moto.ec2.models import ec2_backends
from moto.rds.models import DBInstance, rds_backends

from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record

_AUTHORITY: Final = "rds-ca-rsa2048-g1"
"""What an instance gets whose request names none: an enum value of long standing; page not read."""

_ZONES: Final = 2
"""A subnet group covers at least so many zones [count] (botocore: DBSubnetGroupDoesNotCoverEnoughAZs)."""


def _rds(call: Call) -> Any:  # noqa: ANN401 - moto's backend
    return rds_backends[call.account][call.region]


def install() -> None:
    """Give a new instance AWS's certificate authority and an id of its own.

    moto's authority is its own invention: the provider changes an instance whose authority is not the one it was told,
    and waits 80 s more for that. All of moto's instances have one id, by which the provider then finds none or two, and
    by which IAM lets roles log in (IAM's rds-db:connect names it).
    """
    make = DBInstance.__init__

    def make_as_aws(self: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401 - moto's own signature
        make(self, *given, **{"ca_certificate_identifier": _AUTHORITY, **named})
        self.dbi_resource_id = f"db-{b32encode(secrets.token_bytes(16)).decode().rstrip('=')}"

    DBInstance.__init__ = make_as_aws  # type: ignore[method-assign] # mends moto


@requires("rds", "CreateDBInstance")
def create(call: Call) -> None:
    """A managed password leaves no room for one's own."""
    if call.params.get("ManageMasterUserPassword") and call.params.get("MasterUserPassword"):
        text = "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."
        raise Refusal("InvalidParameterCombination", text)


@requires("rds", "DeleteDBInstance")
def delete(call: Call) -> None:
    """An instance goes with a last snapshot, unless the caller says without; the snapshot's name must be free."""
    snapshot = call.params.get("FinalDBSnapshotIdentifier")
    if not call.params.get("SkipFinalSnapshot"):
        if not snapshot:
            text = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            raise Refusal("InvalidParameterCombination", text)
        if snapshot in _rds(call).database_snapshots:
            text = f"Cannot create the snapshot because a snapshot with the identifier {snapshot} already exists."
            raise Refusal("DBSnapshotAlreadyExists", text)


@requires("rds", "CreateDBSubnetGroup", "ModifyDBSubnetGroup")
def subnet_group(call: Call) -> None:
    """A subnet group reaches over two zones."""
    ec2 = ec2_backends[call.account][call.region]
    subnets = [ec2.get_subnet(subnet) for subnet in call.params["SubnetIds"]]
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len(zones) < _ZONES:
        text = (
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            f"Current AZ coverage: {', '.join(zones)}. Add subnets to cover at least {_ZONES} AZs."
        )
        raise Refusal("DBSubnetGroupDoesNotCoverEnoughAZs", text)


@requires("rds", "DeleteDBSubnetGroup")
def delete_subnet_group(call: Call) -> None:
    """A subnet group goes when no instance is in it."""
    name = call.params["DBSubnetGroupName"]
    for instance in _rds(call).databases.values():
        group = getattr(instance, "db_subnet_group", None)
        if group and group.name == name:
            text = (
                f"Cannot delete the subnet group '{name}' because at least one database instance: "
                f"{instance.db_instance_identifier} is still using it."
            )
            raise Refusal("InvalidDBSubnetGroupStateFault", text)


@requires("rds", "DeleteDBParameterGroup")
def delete_parameter_group(call: Call) -> None:
    """A parameter group goes when no instance has it."""
    name = call.params["DBParameterGroupName"]
    for instance in _rds(call).databases.values():
        if any(group.name == name for group in instance.db_parameter_groups()):
            text = (
                f"One or more database instances are still members of this parameter group {name}, "
                "so the group cannot be deleted"
            )
            raise Refusal("InvalidDBParameterGroupState", text)


@operation("rds", "DescribeDBParameters")
def parameters(call: Call) -> Record | None:
    """Say of a parameter that somebody has set it: moto keeps no others, and does not say so."""
    group = _rds(call).db_parameter_groups.get(call.params["DBParameterGroupName"])
    if group is None:
        return None
    shown = [{**each, "Source": "user", "IsModifiable": True} for each in group.parameters.values()]
    return {"Parameters": shown if call.params.get("Source", "user") == "user" else []}


_DROPPED: Final = {
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "PerformanceInsightsRetentionPeriod": "performance_insights_retention_period",
}
"""What moto forgets of an instance, and where its answer looks for it."""


@completes("rds", "CreateDBInstance", "ModifyDBInstance")
def keep(call: Call) -> None:
    """Keep it."""
    instance = _rds(call).databases[call.params["DBInstanceIdentifier"]]
    for member, place in _DROPPED.items():
        if member in call.params:
            setattr(instance, place, call.params[member])
    if getattr(instance, "performance_insights_enabled", False):
        instance.performance_insights_retention_period = getattr(instance, "performance_insights_retention_period", 7)

"""The MySQL database of one MLflow server: private, encrypted with one key, its password known to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.network.groups import connect
from zone import platform_names

PORT: Final = 3306
"""Port of MySQL. Another would hide nothing: who may connect is decided by group, TLS and IAM."""

ADMIN: Final = "mlzadmin"
"""Master user: migrations use it and nobody else does; its password is RDS's own secret, rotated every week."""

SERVER_USER: Final = "mlflow"
"""User of the server: logs in by IAM and has no password at all."""

_FAMILY, _ENGINE_VERSION = "mysql8.4", "8.4"
"""Long-term support of MySQL; RDS takes the minor versions by itself."""

_EXPORTS: Final = ("error", "slowquery")


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """Inputs of Database."""

    identifier: str
    """Its name in RDS, and in the names of what belongs to it [≤ 63 characters, RDS API CreateDBInstance]."""

    vpc_id: pulumi.Input[str]
    """Network it is in."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets in two zones or more."""

    client_group_id: pulumi.Input[str]
    """Security group of those who may connect."""

    key_arn: pulumi.Input[str]
    """Key of its storage, backups and password."""

    log_key_arn: pulumi.Input[str]
    """Key of its logs."""

    log_retention_days: int
    """Retention of its logs [days, one CloudWatch Logs knows]."""

    instance_class: str
    """Size, e.g. db.t4g.medium."""

    storage_gb: int
    """Storage at first [GB]."""

    most_storage_gb: int
    """Storage it grows to [GB]."""

    multi_az: bool
    """Whether a second instance stands by in another zone."""

    backup_days: int
    """Days whose every second can be restored [1 to 35]."""

    disposable: bool
    """Whether destroying the stack deletes it, backups and all; else AWS itself refuses until somebody says so."""


class Database(pulumi.ComponentResource):
    """RDS for MySQL, with TLS for everybody, logs that are kept and a login by IAM."""

    host: pulumi.Output[str]
    """Name to connect to."""

    resource_id: pulumi.Output[str]
    """What IAM calls it in rds-db:connect."""

    secret_arn: pulumi.Output[str]
    """RDS's secret of the master user."""

    identifier: pulumi.Output[str]
    """Its name in RDS, for metrics."""

    group_id: pulumi.Output[str]
    """Its security group."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Database", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = child.merge(
            pulumi.ResourceOptions(
                protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
            )
        )
        group = _group(name, args, child)
        # RDS would make the groups itself, without a key and for ever.
        logs = [
            aws.cloudwatch.LogGroup(
                f"{name}-{kind}",
                name=platform_names.database_log_group(args.identifier, kind),
                kms_key_id=args.log_key_arn,
                retention_in_days=args.log_retention_days,
                opts=kept,
            )
            for kind in _EXPORTS
        ]
        subnets = aws.rds.SubnetGroup(
            name,
            name=args.identifier,
            description="Private subnets",
            subnet_ids=args.subnet_ids,
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        instance = aws.rds.Instance(
            name,
            identifier=args.identifier,
            engine="mysql",
            engine_version=_ENGINE_VERSION,
            auto_minor_version_upgrade=True,
            allow_major_version_upgrade=False,
            instance_class=args.instance_class,
            allocated_storage=args.storage_gb,
            max_allocated_storage=args.most_storage_gb,
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            username=ADMIN,
            # RDS makes the password, keeps it in a secret of its own and rotates it: it never passes through here.
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args.key_arn,
            iam_database_authentication_enabled=True,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[group.id],
            publicly_accessible=False,
            port=PORT,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            parameter_group_name=_parameters(name, args, child).name,
            multi_az=args.multi_az,
            backup_retention_period=args.backup_days,
            backup_window="01:00-02:00",
            maintenance_window="sun:02:30-sun:03:30",
            copy_tags_to_snapshot=True,
            delete_automated_backups=args.disposable,
            skip_final_snapshot=args.disposable,
            final_snapshot_identifier=f"{args.identifier}-final",
            deletion_protection=not args.disposable,
            enabled_cloudwatch_logs_exports=list(_EXPORTS),
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=7,
            opts=kept.merge(pulumi.ResourceOptions(depends_on=logs)),
        )

        self.host = instance.address
        self.resource_id = instance.resource_id
        self.secret_arn = instance.master_user_secrets.apply(lambda secrets: str(secrets[0].secret_arn))
        self.identifier = instance.identifier
        self.group_id = group.id
        self.register_outputs(
            {
                "host": self.host,
                "resource_id": self.resource_id,
                "secret_arn": self.secret_arn,
                "identifier": self.identifier,
                "group_id": self.group_id,
            }
        )


def _group(name: str, args: DatabaseArgs, child: pulumi.ResourceOptions) -> aws.ec2.SecurityGroup:
    """In from the clients' group, and nowhere out."""
    group = aws.ec2.SecurityGroup(
        name,
        description="MySQL: in from the MLflow server",
        vpc_id=args.vpc_id,
        tags={"Name": args.identifier},
        opts=child,
    )
    connect(name, "MySQL", PORT, source=args.client_group_id, target=group.id, child=child)
    return group


def _parameters(name: str, args: DatabaseArgs, child: pulumi.ResourceOptions) -> aws.rds.ParameterGroup:
    """TLS or no connection; letters of every language; what is slow is written down."""
    settings = {
        "require_secure_transport": "1",
        "tls_version": "TLSv1.2,TLSv1.3",
        "character_set_server": "utf8mb4",
        "collation_server": "utf8mb4_0900_ai_ci",
        "slow_query_log": "1",
        "long_query_time": "2",
        "log_output": "FILE",
    }
    return aws.rds.ParameterGroup(
        name,
        name=args.identifier,
        family=_FAMILY,
        description="TLS only, utf8mb4",
        parameters=[
            aws.rds.ParameterGroupParameterArgs(
                # A static parameter takes effect with the next start of the instance, which is its first.
                name=key,
                value=value,
                apply_method="pending-reboot" if key == "tls_version" else "immediate",
            )
            for key, value in settings.items()
        ],
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )

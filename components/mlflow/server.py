"""One MLflow server: its tasks on Fargate, the rule by which the balancer knows it, its scaling and its migrations."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.account.home import Home
from components.mlflow.database import ADMIN, PORT, SERVER_USER
from components.mlflow.migration import migrate
from components.mlflow.scaling import scale
from components.mlflow.tasks import CONTAINER, container, task_definition
from zone import platform_names

WEB_PORT: Final = 5000
"""Port of a task; plain HTTP between the balancer and the task, in one network."""

_GRACE_SECONDS: Final = 120
"""A task may take that long to answer its first health check."""


@dataclass(frozen=True, kw_only=True)
class ServerArgs:
    """Inputs of Server."""

    account_id: str
    """Account of the server [12 digits]."""

    region: str
    """Its region."""

    provisioning_role: str
    """Name of the role by which a hook runs a migration."""

    server: str
    """Its name in AWS: service, families, database."""

    host: str
    """Name by which it is called."""

    place: int
    """Place of its rule among the balancer's [1 to 98]. Plain."""

    settings: Mapping[str, Any]
    """Whom its gate lets in, and as whom; see docs/mlflow.md. Plain; no secrets."""

    image: pulumi.Input[str]
    """Its image, with a tag or digest that is never given to another."""

    cluster_arn: pulumi.Input[str]
    """ECS cluster."""

    vpc_id: pulumi.Input[str]
    """Network."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets in two zones or more."""

    group_id: pulumi.Input[str]
    """Security group of its tasks."""

    listener_arn: pulumi.Input[str]
    """The balancer's listener."""

    balancer_arn_suffix: pulumi.Input[str]
    """What CloudWatch calls the balancer."""

    database_host: pulumi.Input[str]
    """Its database."""

    secret_arn: pulumi.Input[str]
    """Secret of the database's master user, which a migration reads."""

    bucket_name: pulumi.Input[str]
    """Bucket of its artifacts."""

    artifact_prefix: str
    """Prefix of its artifacts there, ending in a slash."""

    key_arn: pulumi.Input[str]
    """Key of its artifacts."""

    task_role_arn: pulumi.Input[str]
    """Role its code works under."""

    start_role_arn: pulumi.Input[str]
    """Role by which ECS starts it."""

    migrate_role_arn: pulumi.Input[str]
    """Role by which ECS starts a migration."""

    log_group: pulumi.Input[str]
    """Where its log goes."""

    cpu: int
    """CPU of a task [units]."""

    memory_mb: int
    """Memory of a task [MiB]."""

    least: int
    """Tasks that always run [count]."""

    most: int
    """Tasks at the highest load [count]."""


class Server(pulumi.ComponentResource):
    """An ECS service over all zones, rolled only after its database was migrated, rolled back if it does not start."""

    target_group_suffix: pulumi.Output[str]
    """What CloudWatch calls its targets."""

    service_name: pulumi.Output[str]
    """Name of the service."""

    def __init__(self, name: str, args: ServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Server", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        target = aws.lb.TargetGroup(
            name,
            # A new one stands beside the old one while the rule moves over.
            name_prefix="mlz-",
            target_type="ip",
            port=WEB_PORT,
            protocol="HTTP",
            protocol_version="HTTP1",
            vpc_id=args.vpc_id,
            deregistration_delay=30,
            health_check={"path": "/health", "matcher": "200", "interval": 15, "timeout": 5, "healthy_threshold": 2},
            opts=child,
        )
        rule = aws.lb.ListenerRule(
            name,
            listener_arn=args.listener_arn,
            priority=args.place + 1,
            conditions=[{"host_header": {"values": [args.host]}}],
            actions=[{"type": "forward", "target_group_arn": target.arn}],
            opts=child,
        )
        web = task_definition(
            name,
            args,
            family=args.server,
            role_arn=args.start_role_arn,
            containers=[container(args, "serve", environment(args, user=SERVER_USER), port=WEB_PORT)],
            child=child,
        )
        family = platform_names.migration_family(args.server)
        migration = task_definition(
            f"{name}-migrate",
            args,
            family=family,
            role_arn=args.migrate_role_arn,
            containers=[
                container(
                    args,
                    "migrate",
                    environment(args, user=ADMIN) | {"MLZ_DB_SERVER_USER": SERVER_USER},
                    secrets={"MLZ_DB_PASSWORD": pulumi.Output.concat(args.secret_arn, ":password::")},
                )
            ],
            child=child,
        )
        service = aws.ecs.Service(
            name,
            name=args.server,
            cluster=args.cluster_arn,
            task_definition=web.arn,
            launch_type="FARGATE",
            platform_version="LATEST",
            desired_count=args.least,
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            availability_zone_rebalancing="ENABLED",
            health_check_grace_period_seconds=_GRACE_SECONDS,
            # Nobody gets a shell in a task: it would have the rights of the server.
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            network_configuration={
                "subnets": args.subnet_ids,
                "security_groups": [args.group_id],
                "assign_public_ip": False,
            },
            load_balancers=[{"target_group_arn": target.arn, "container_name": CONTAINER, "container_port": WEB_PORT}],
            wait_for_steady_state=True,
            opts=child.merge(
                pulumi.ResourceOptions(
                    # ECS takes no service whose targets no balancer knows.
                    depends_on=[rule, migration],
                    # Scaling decides how many run.
                    ignore_changes=["desiredCount"],
                    delete_before_replace=True,
                    hooks=_migrated_first(name, args, family),
                )
            ),
        )
        scale(name, args, target.arn_suffix, service, child)

        self.target_group_suffix = target.arn_suffix
        self.service_name = service.name
        self.register_outputs({"target_group_suffix": self.target_group_suffix, "service_name": self.service_name})


def environment(args: ServerArgs, *, user: str) -> dict[str, pulumi.Input[str]]:
    """Return what a task must know; secrets are not among it."""
    return {
        "AWS_REGION": args.region,
        "MLZ_MLFLOW_SETTINGS": json.dumps(args.settings, separators=(",", ":")),
        "MLZ_HOST_NAMES": args.host,
        "MLZ_ARTIFACTS": pulumi.Output.concat("s3://", args.bucket_name, f"/{args.artifact_prefix}".rstrip("/")),
        "MLZ_KMS_KEY_ARN": args.key_arn,
        "MLZ_DB_HOST": args.database_host,
        "MLZ_DB_PORT": str(PORT),
        "MLZ_DB_USER": user,
    }


def _migrated_first(name: str, args: ServerArgs, family: str) -> pulumi.ResourceHookBinding:
    """Migrate before the service gets a task definition."""
    where = Home(account_id=args.account_id, region=args.region, role=args.provisioning_role)

    async def run(made: pulumi.ResourceHookArgs) -> None:
        new, old = made.new_inputs or {}, made.old_inputs or {}
        if new.get("taskDefinition") != old.get("taskDefinition"):
            await asyncio.to_thread(lambda: migrate(where.client("ecs"), new, family))

    hook = pulumi.ResourceHook(f"{name}-migrate", run)
    return pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])

"""Task definitions of an MLflow server: no root, nothing to write but /tmp, no capability of the kernel."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pulumi_aws as aws

if TYPE_CHECKING:
    from components.mlflow.server import ServerArgs

CONTAINER: Final = "mlflow"
"""The one container of a task."""

USER: Final = "10001:10001"
"""User and group of the image (workloads/mlflow/Containerfile)."""

MOST_BYTES: Final = 64 * 1024
"""Size of a task definition (64 KB, from memory: the quota page read gives no number)."""

_TMP: Final = "tmp"


def container(
    args: "ServerArgs",
    command: str,
    environment: Mapping[str, pulumi.Input[str]],
    *,
    secrets: Mapping[str, pulumi.Input[str]] | None = None,
    port: int | None = None,
) -> dict[str, Any]:
    """Return the container that runs *command* of the image.

    Args:
        args: the server.
        command: serve or migrate.
        environment: what it is told.
        secrets: ARN of what ECS reads for it, by variable.
        port: where it listens; None: nowhere.
    """
    return {
        "name": CONTAINER,
        "image": args.image,
        "command": [command],
        "essential": True,
        # All of the task's: a container that takes more is ended alone, and says why.
        "memory": args.memory_mb,
        "user": USER,
        "privileged": False,
        "readonlyRootFilesystem": True,
        "mountPoints": [{"sourceVolume": _TMP, "containerPath": "/tmp", "readOnly": False}],  # noqa: S108 -- in the task
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "stopTimeout": 30,
        "environment": [{"name": key, "value": value} for key, value in sorted(environment.items())],
        "secrets": [{"name": key, "valueFrom": arn} for key, arn in sorted((secrets or {}).items())],
        "portMappings": [{"containerPort": port, "hostPort": port, "protocol": "tcp"}] if port else [],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": args.log_group,
                "awslogs-region": args.region,
                "awslogs-stream-prefix": command,
                "mode": "non-blocking",
            },
        },
    }


def task_definition(
    name: str,
    args: "ServerArgs",
    *,
    family: str,
    role_arn: pulumi.Input[str],
    containers: Sequence[Mapping[str, Any]],
    child: pulumi.ResourceOptions,
) -> aws.ecs.TaskDefinition:
    """Register a revision of *family*."""
    return aws.ecs.TaskDefinition(
        name,
        family=family,
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu=str(args.cpu),
        memory=str(args.memory_mb),
        runtime_platform={"operating_system_family": "LINUX", "cpu_architecture": "X86_64"},
        execution_role_arn=role_arn,
        task_role_arn=args.task_role_arn,
        container_definitions=pulumi.Output.json_dumps(containers, separators=(",", ":")),
        volumes=[{"name": _TMP}],
        opts=child,
    )

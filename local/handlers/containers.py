"""ECS: what a service's deployment came to, and what does not go or come; moto starts everything and says nothing.

A service waits for its tasks: they start when task_start.py finds nothing in their way, and the deployment then is over
at once. What a task would do is not run: one of RunTask has ended well when somebody looks, or never began, and says
why.

Sources: botocore's service model of ECS (CreateService, DeleteCluster, ListServiceDeployments, read 2026-11-30); the
words: terraform-provider-aws, ecs/service.go, read 2026-11-30.
"""

import secrets
from datetime import UTC
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends
from moto.elbv2.models import elbv2_backends

from local.handlers.operation import Call, Refusal, completes, operation, requires
from local.handlers.records import Record, stamp
from local.handlers.task_start import not_started

if TYPE_CHECKING:
    from datetime import datetime

_DROPPED: Final = {
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "deploymentConfiguration": "deployment_configuration",
    "propagateTags": "propagate_tags",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
}
"""What moto forgets of a service, and where its answer looks for it."""

_DEPLOYED: Final[dict[str, list[Record]]] = {}
"""Service's ARN → its deployments, the last one first."""


def _ecs(call: Call) -> Any:  # noqa: ANN401 - moto's backend
    return ecs_backends[call.account][call.region]


def _short(name: str | None) -> str:
    return str(name or "default").rpartition("/")[2]


def install() -> None:
    """Let moto sum up what Fargate's containers need: they may leave their memory to the task."""
    total: Any = EC2ContainerServiceBackend._calculate_task_resource_requirements  # noqa: SLF001 - mends moto

    def with_none(definition: Any) -> Any:  # noqa: ANN401 - moto's own signature
        containers = [{"memoryReservation": 0, **each} for each in definition.container_definitions]
        return total(SimpleNamespace(container_definitions=containers))

    setattr(EC2ContainerServiceBackend, total.__name__, staticmethod(with_none))
    NetworkInterface.private_dns_name = None  # type: ignore[assignment]  # absent where a VPC gives out no names


@requires("ecs", "CreateService")
def create_service(call: Call) -> None:
    """A service's target groups hang on a load balancer already, else it cannot be made."""
    balancers = elbv2_backends[call.account][call.region]
    for each in call.params.get("loadBalancers", []):
        arn = each.get("targetGroupArn")
        group = balancers.target_groups.get(arn)
        if arn and (group is None or not group.load_balancer_arns):
            text = f"The target group with targetGroupArn {arn} does not have an associated load balancer."
            raise Refusal("InvalidParameterException", text)
        if group is not None and group.target_type != "ip":
            text = (
                f"The provided target group {arn} has target type {group.target_type}, which is incompatible with the "
                "awsvpc network mode specified in the task definition."
            )
            raise Refusal("InvalidParameterException", text)


def _deploy(call: Call, service: Any) -> None:  # noqa: ANN401 - moto's class
    """Start a service's tasks, or say why they do not start; the provider looks for the revision's id."""
    network = (getattr(service, "network_configuration", None) or {}).get("awsvpcConfiguration", {})
    why = not_started(call, str(service.task_definition), network.get("subnets", []))
    key, now = f"{secrets.randbits(60):019d}", stamp()
    where = f"{service.cluster_name}/{service.name}"
    primary = {**service.deployments[0], "id": f"ecs-svc/{key}", "status": "PRIMARY", "createdAt": now}
    service.deployments = [{**primary, "taskDefinition": service.task_definition, "updatedAt": now}]
    _count(service, 0 if why else service.desired_count)
    deployment: Record = {
        "serviceDeploymentArn": call.arn(f"service-deployment/{where}/{key}"),
        "targetServiceRevisionArn": call.arn(f"service-revision/{where}/{key}"),
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        **dict.fromkeys(("createdAt", "startedAt", "finishedAt", "updatedAt"), now),
        "status": "ROLLBACK_FAILED" if why else "SUCCESSFUL",
        **({"statusReason": why} if why else {}),
    }
    _DEPLOYED.setdefault(service.arn, []).insert(0, deployment)


def _count(service: Any, running: int) -> None:  # noqa: ANN401 - moto's class
    """Say how many of its tasks run."""
    wanted = service.desired_count
    service.running_count, service.pending_count = running, wanted - running
    state = "COMPLETED" if running == wanted else "FAILED"
    counts = {"desiredCount": wanted, "runningCount": running, "pendingCount": wanted - running}
    service.deployments[0] |= {**counts, "rolloutState": state}


@operation("ecs", "ListServiceDeployments")
def list_deployments(call: Call) -> Record:
    """A service's deployments, the last one first."""
    service = call.params["service"]
    arn = service if service.startswith("arn:") else call.arn(f"service/{_short(call.params.get('cluster'))}/{service}")
    after: datetime | None = call.params.get("createdAt", {}).get("after")
    after = after.replace(tzinfo=UTC) if after and after.tzinfo is None else after
    kept = [each for each in _DEPLOYED.get(arn, []) if after is None or each["createdAt"] >= after]
    return {"serviceDeployments": kept or _DEPLOYED.get(arn, [])[:1]}


@operation("ecs", "DescribeServiceDeployments")
def describe_deployments(call: Call) -> Record:
    """Deployments by their ARNs."""
    wanted = call.params["serviceDeploymentArns"]
    every = [each for kept in _DEPLOYED.values() for each in kept]
    return {"serviceDeployments": [each for each in every if each["serviceDeploymentArn"] in wanted], "failures": []}


@completes("ecs", "CreateService", "UpdateService")
def keep(call: Call) -> None:
    """Keep what moto drops of a service, and deploy it."""
    name = _short(call.params.get("serviceName") or call.params.get("service"))
    service = _ecs(call).services[f"{_short(call.params.get('cluster'))}:{name}"]
    for member, place in _DROPPED.items():
        if member in call.params:
            setattr(service, place, call.params[member])
    starts = ("taskDefinition", "forceNewDeployment", "networkConfiguration")
    if call.operation == "CreateService" or any(call.params.get(name) for name in starts):
        _deploy(call, service)
    elif service.running_count:
        _count(service, service.desired_count)


@requires("ecs", "DescribeTasks")
def end(call: Call) -> None:
    """Let the tasks that somebody looks at have ended."""
    kept = _ecs(call).tasks.get(_short(call.params.get("cluster")), {})
    wanted = {_short(each) for each in call.params["tasks"]}
    for task in (each for each in kept.values() if _short(each.task_arn) in wanted):
        if task.desired_status == "STOPPED":
            continue
        network = (getattr(task, "network_configuration", None) or {}).get("awsvpcConfiguration", {})
        why = not_started(call, task.task_definition_arn, network.get("subnets", []))
        task.desired_status = task.last_status = "STOPPED"
        task.stop_code = "TaskFailedToStart" if why else "EssentialContainerExited"
        task.stopped_reason = why or "Essential container in task exited"
        for container in task.containers:
            container.last_status = "STOPPED"
            container.exitCode = None if why else 0
        _leave(call, task)


def _leave(call: Call, task: Any) -> None:  # noqa: ANN401 - moto's class
    """Take the task's network interface out of its network: it goes with the task."""
    interfaces = ec2_backends[call.account][call.region].enis
    for attachment in task.attachments:
        for detail in attachment["details"]:
            if detail["name"] == "networkInterfaceId":
                interfaces.pop(detail["value"], None)


@requires("ecs", "DeleteCluster")
def delete_cluster(call: Call) -> None:
    """A cluster goes when no service and no task is left in it."""
    name, ecs = _short(call.params["cluster"]), _ecs(call)
    if any(each.cluster_name == name and each.status == "ACTIVE" for each in ecs.services.values()):
        raise Refusal("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
    if any(each.last_status != "STOPPED" for each in ecs.tasks.get(name, {}).values()):
        raise Refusal("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")

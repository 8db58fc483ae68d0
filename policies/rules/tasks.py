"""ECS tasks and services beyond the core: sizes, deployments, sessions."""

import re
from collections.abc import Iterator
from typing import Any, Final

from policies.rules.containers import containers
from policies.rules.instances import number
from policies.rules.plain import Reader, is_set, shown_value
from policies.rules.registry import rule

# Source: Amazon ECS Developer Guide, "AWS Fargate Linux platform version deprecation": the last before 1.4.0 ended on
# 2026-03-31; read 2026-11-21
_CURRENT_PLATFORMS: Final = ("LATEST", "1.4.0")


@rule("ecs-cluster-exec-logging", "set logging to DEFAULT or OVERRIDE, and kmsKeyId")
def sessions_logged(r: Reader) -> Iterator[str]:
    """Only where the cluster configures sessions. An absent logging is DEFAULT: the task's own log."""
    for session in r.elements("configuration.executeCommandConfiguration"):
        for shown, logging in session.each("logging"):
            if logging == "NONE":
                yield f"{shown} is NONE"
        yield from session.missing("kmsKeyId")


@rule("ecs-fargate-latest-platform", "leave platformVersion out")
def platform_version(r: Reader) -> Iterator[str]:
    """Only Fargate takes one, and a service that names a cluster's capacity provider has no launch type."""
    if r.get("launchType") not in ("EC2", "EXTERNAL"):
        yield from r.unless("platformVersion", *_CURRENT_PLATFORMS, default="LATEST")


@rule("ecs-host-mode-user", "set user to one that is not root, or networkMode to awsvpc")
def host_mode_user(r: Reader) -> Iterator[str]:
    """On the host's network root of the container may listen where the host does."""
    if r.get("networkMode") == "host":
        for name, container in containers(r):
            user = str(container.get("user") or "")
            if user.split(":", maxsplit=1)[0] in ("", "root", "0"):
                yield f"{name} runs as {user or 'the image says (root unless it names one)'} on the host's network"


@rule("ecs-task-role-differs", "give the task a role of its own, with what its code needs")
def roles_differ(r: Reader) -> Iterator[str]:
    """Code must not read the secrets and images that the agent fetches for it. Without a task role it has no rights."""
    execution = r.get("executionRoleArn")
    if is_set(execution) and execution == r.get("taskRoleArn"):
        yield "taskRoleArn is executionRoleArn"


@rule("ecs-service-circuit-breaker", "set deploymentCircuitBreaker.enable to true and propagateTags to SERVICE")
def circuit_breaker(r: Reader) -> Iterator[str]:
    """Without it a deployment that cannot start retries for ever. Other controllers roll back by themselves."""
    if r.get("deploymentController.type", "ECS") == "ECS":
        yield from r.unless("deploymentCircuitBreaker.enable", True, default=False)
    yield from r.unless("propagateTags", "SERVICE", "TASK_DEFINITION", default="NONE")


@rule("ecs-service-exec-off-in-prod", "leave enableExecuteCommand out in production", settings={"environment": "prod"})
def no_shell(r: Reader) -> Iterator[str]:
    """A shell in a task that holds production data."""
    if r.settings["environment"] == "prod":
        yield from r.unless("enableExecuteCommand", False, "false", default=False)


@rule(
    "ecs-fargate-size-guardrail",
    "make the task smaller",
    settings={"maxCpuUnits": 4096, "maxMemoryMib": 30720},  # 4 vCPU, and the most memory Fargate gives to those
)
def task_size(r: Reader) -> Iterator[str]:
    """Fargate bills what the task asks for."""
    for path, setting, unit in (("cpu", "maxCpuUnits", "vcpu"), ("memory", "maxMemoryMib", "gb")):
        limit = r.settings[setting]
        for shown, value in r.each(path):
            if _in_units(value, unit) > limit:
                yield f"{shown} {value} is above {setting} {shown_value(limit)}"


def _in_units(value: Any, unit: str) -> float:
    """Return "2 vCPU" as 2048, "4 GB" as 4096, and a bare number as it is."""
    text = re.sub(r"\s", "", str(value)).lower()
    return number(text.removesuffix(unit)) * (1024 if text.endswith(unit) else 1)


@rule("ecs-memory-hard-limit", "set memory")
def memory_limited(r: Reader) -> Iterator[str]:
    """A container without a limit takes its host's memory from the others; a task's own memory is a limit too."""
    if not is_set(r.get("memory")):
        for name, container in containers(r):
            if not is_set(container.get("memory")):
                yield f"{name} has no memory"

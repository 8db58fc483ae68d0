"""ECS on Fargate: whether a task of a definition could start, by what its roles may do and what its network reaches.

AWS takes the service or the task, and the task then stops with such a reason; a deployment with circuit breaker fails.
Whether the image is in its repository is not asked: a rehearsal pushes none.

Sources: which services a task in a private subnet must reach, S3 for the layers among them: re:Post knowledge center,
"ecs-fargate-docker-timeout-error", read 2026-11-30. Which rights the execution role needs: Amazon ECS Developer Guide,
"Amazon ECS task execution IAM role", its beginning read 2026-11-30; the list is the house's table of facts. That the
service names an ARN of ECS as source: the same guide, "Amazon ECS task IAM role", read 2026-11-30.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from moto.ecs.models import ecs_backends
from moto.logs.models import logs_backends
from moto.secretsmanager.models import secretsmanager_backends

from local.authority.network import endpoint_of, vpc_of
from local.authority.paths import FORMS
from local.authority.role_rights import inside, not_trusted, refused
from local.handlers.operation import Call

_TASKS: Final = "ecs-tasks.amazonaws.com"
_SECRET_SUFFIX: Final = re.compile(r"^(arn:aws:secretsmanager:[^:]+:\d+:secret:[^:]+)")
_PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def not_started(call: Call, definition: str, subnets: Sequence[str]) -> str:
    """Return why no task of *definition* would start in *subnets*; empty: nothing is known to be in the way."""
    found = _definition(call, definition)
    if found is None:
        return ""
    execution, own = (getattr(found, name, None) for name in ("execution_role_arn", "task_role_arn"))
    for role in filter(None, (execution, own)):
        if why := not_trusted(call, role, _TASKS, call.arn("task/emulated")):
            return f"ECS was unable to assume the role '{role}': {why}"
    for action, resource, via in _needed(call, found) if execution else ():
        for subnet in subnets or ("",):
            if why := refused(call, str(execution), action, resource, via=via, subnet=subnet):
                return f"ResourceInitializationError: {why}"
    return next(_unreachable(call, found, subnets), "") or next(_missing(call, found), "")


def _unreachable(call: Call, found: Any, subnets: Sequence[str]) -> Iterator[str]:  # noqa: ANN401 - moto's class
    """What an image is fetched from besides ECR's own calls, where the subnet has no way out."""
    images = (FORMS["repository"](call, str(each.get("image")), _PULL[0]) for each in found.container_definitions)
    if any(images):
        for subnet in filter(inside, subnets):
            for name in ("ecr.dkr", "s3"):
                if endpoint_of(vpc_of(subnet), f"com.amazonaws.{call.region}.{name}") is None:
                    yield f"CannotPullContainerError: {subnet} has no endpoint for {name}"


def _definition(call: Call, name: str) -> Any:  # noqa: ANN401 - moto's class
    revisions = ecs_backends[call.account][call.region].task_definitions
    family, _, revision = name.rpartition("/")[2].partition(":")
    kept = revisions.get(family, {})
    return kept.get(int(revision)) if revision else kept[max(kept)] if kept else None


def _needed(call: Call, found: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - moto's class
    """What the execution role must be able to do: action, resource, by which service."""
    for container in found.container_definitions:
        repository = FORMS["repository"](call, str(container.get("image")), _PULL[0])
        if repository:
            yield "ecr:GetAuthorizationToken", "*", ""
            yield from ((action, repository.arn, "") for action in _PULL)
        if group := _log_group(container):
            where = call.arn(f"log-group:{group}", service="logs")
            yield from (
                (action, f"{where}:log-stream:*", "") for action in ("logs:CreateLogStream", "logs:PutLogEvents")
            )
        for secret in container.get("secrets", []):
            yield from _secret(call, str(secret["valueFrom"]))


def _secret(call: Call, named: str) -> Iterator[tuple[str, str, str]]:
    if not (secret := _SECRET_SUFFIX.match(named)):
        arn = named if named.startswith("arn:") else call.arn(f"parameter/{named.lstrip('/')}", service="ssm")
        yield "ssm:GetParameters", arn, ""
        return
    arn = secret[1]
    yield "secretsmanager:GetSecretValue", arn, ""
    kept = secretsmanager_backends[arn.split(":")[4]][arn.split(":")[3]].secrets
    key = getattr(kept[arn], "kms_key_id", None) if arn in kept else None
    if key and "alias/aws/" not in key and (found := FORMS["thing"](call, key, "kms:Decrypt")):
        yield "kms:Decrypt", found.arn, "secretsmanager"


def _missing(call: Call, found: Any) -> Iterator[str]:  # noqa: ANN401 - moto's class
    """What the task would look for and not find."""
    for container in found.container_definitions:
        group = _log_group(container)
        options = (container.get("logConfiguration") or {}).get("options") or {}
        makes = options.get("awslogs-create-group") == "true"
        if group and not makes and group not in logs_backends[call.account][call.region].groups:
            yield f"ResourceInitializationError: The specified log group does not exist: {group}"
        for secret in container.get("secrets", []):
            arn = _SECRET_SUFFIX.match(str(secret["valueFrom"]))
            if arn and arn[1] not in secretsmanager_backends[arn[1].split(":")[4]][arn[1].split(":")[3]].secrets:
                yield f"ResourceInitializationError: Secrets Manager can't find the specified secret {arn[1]}"


def _log_group(container: Mapping[str, Any]) -> str:
    settings = container.get("logConfiguration") or {}
    wanted = (settings.get("options") or {}).get("awslogs-group", "") if settings.get("logDriver") == "awslogs" else ""
    return str(wanted)

"""ECS and ECR."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.rules._documents import as_list, document
from policies.rules._reach import public_statements, unnamed_actions
from policies.rules._secrets import secret_in
from policies.rules.plain import Reader, is_set, is_true, shown_value
from policies.rules.registry import rule


@rule("ecs-cluster-container-insights", "add the setting containerInsights with value enabled or enhanced")
def insights(r: Reader) -> Iterator[str]:
    """One of the cluster's settings."""
    values = [s.get("value") for s in r.elements("settings[]") if s.get("name") == "containerInsights"]
    if not any(value in ("enabled", "enhanced") for value in values) and not r.waits_for:
        yield f"containerInsights is {shown_value(values[0] if values else None, 'disabled')}"


def containers(r: Reader) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Walk the containers of a task definition as (name, definition)."""
    for number, container in enumerate(as_list(document(r, "containerDefinitions"))):
        if isinstance(container, Mapping):
            yield f"container {container.get('name', number)}", container


@rule("ecs-no-privileged", "leave privileged out")
def not_privileged(r: Reader) -> Iterator[str]:
    """A privileged container is root on its host."""
    for name, container in containers(r):
        if is_true(container.get("privileged")):
            yield f"{name} is privileged"


@rule("ecs-readonly-rootfs", "set readonlyRootFilesystem to true, and mount what is written to")
def read_only(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    for name, container in containers(r):
        if not is_true(container.get("readonlyRootFilesystem")):
            yield f"{name} may write to its root file system"


@rule("ecs-network-mode-awsvpc", "set networkMode to awsvpc")
def network_mode(r: Reader) -> Iterator[str]:
    """A task then has security groups of its own. An absent value is bridge."""
    yield from r.unless("networkMode", "awsvpc", default="bridge")


@rule("ecs-nonroot-user", "set user to one that is not root")
def not_root(r: Reader) -> Iterator[str]:
    """An absent user is the image's, root more often than not."""
    for name, container in containers(r):
        user = str(container.get("user") or "")
        if user.split(":", maxsplit=1)[0] in ("", "root", "0"):
            yield f"{name} runs as {user or 'the image says (root unless it names one)'}"


@rule("ecs-logging", "set logConfiguration with a logDriver")
def logs(r: Reader) -> Iterator[str]:
    """Each container."""
    for name, container in containers(r):
        configuration = container.get("logConfiguration")
        if not (isinstance(configuration, Mapping) and is_set(configuration.get("logDriver"))):
            yield f"{name} has no logDriver"


@rule("ecs-no-env-secrets", "use secrets with the ARN of a secret")
def no_secrets(r: Reader) -> Iterator[str]:
    """By the variable's name, or by what is in it."""
    for name, container in containers(r):
        for variable in as_list(container.get("environment")):
            if isinstance(variable, Mapping) and (found := secret_in(str(variable.get("name")), variable.get("value"))):
                yield f"{name}: environment variable {variable.get('name')} holds {found}"
    for variable in r.elements("primaryContainer.environments[]"):
        yield from variable_secret(variable)


def variable_secret(variable: Reader) -> Iterator[str]:
    """Complain that *variable*, a name and a value, holds a secret."""
    for _, name in variable.each("name"):
        for _, value in variable.each("value"):
            if found := secret_in(str(name), value):
                yield f"environment variable {name} holds {found}"


@rule("ecs-efs-transit-encryption", "set efsVolumeConfiguration.transitEncryption to ENABLED")
def efs_in_transit(r: Reader) -> Iterator[str]:
    """An absent value is DISABLED."""
    for volume in r.elements("volumes[]"):
        if is_set(volume.get("efsVolumeConfiguration")):
            yield from volume.unless("efsVolumeConfiguration.transitEncryption", "ENABLED", default="DISABLED")


@rule("ecr-scan-on-push", "set imageScanningConfiguration.scanOnPush to true")
def scanned(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("imageScanningConfiguration.scanOnPush", True, default=False)


@rule("ecr-immutable-tags", "set imageTagMutability to IMMUTABLE")
def immutable(r: Reader) -> Iterator[str]:
    """A tag that was approved must stay what it was."""
    yield from r.unless("imageTagMutability", "IMMUTABLE", default="MUTABLE")


@rule("ecr-kms", "set encryptionConfigurations with type KMS and the account's key")
def encrypted(r: Reader) -> Iterator[str]:
    """An absent configuration is AES256."""
    found = list(r.elements("encryptionConfigurations[]"))
    for configuration in found:
        yield from configuration.unless("encryptionType", "KMS", "KMS_DSSE", default="AES256")
        yield from configuration.missing("kmsKey")
    if not found and not r.waits_for:
        yield "encryptionConfigurations is absent (then AES256)"


@rule("ecr-policy-not-public", "name the accounts, or add aws:PrincipalOrgID")
def repository_policy(r: Reader) -> Iterator[str]:
    """Images hold models and code."""
    policy = document(r, "policy")
    yield from public_statements(policy)
    yield from unnamed_actions(policy)

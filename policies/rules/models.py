"""SageMaker models, endpoints, registry and pipelines."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import as_list, document
from policies.rules._reach import public_statements, unnamed_actions
from policies.rules.instances import LOCAL_STORAGE
from policies.rules.plain import Reader, Resource, is_set, is_true, shown_value
from policies.rules.registry import Stack, rule, stack_rule

_ECR_IMAGE: Final = re.compile(
    r"^(\d{12})\.dkr(?:\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|-ecr(?:-fips)?\.[a-z0-9-]+\.on\.(?:aws|amazonwebservices\.com\.cn))/(.+)$"
)
"""An image in a private registry, by the IPv4 or the dual-stack name.

Source: Amazon ECR User Guide, "Making requests to Amazon ECR registries", read 2026-11-21.
"""

_PROCESSING: Final = frozenset({"Processing", "QualityCheck", "ClarifyCheck"})
"""Pipeline steps whose arguments are those of a processing job."""


@rule("sm-model-network-isolation", "set enableNetworkIsolation to true")
def isolated(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("enableNetworkIsolation", True, default=False)


@rule("sm-model-in-vpc", "set vpcConfig to the account's subnets and security group")
def in_vpc(r: Reader) -> Iterator[str]:
    """Both lists."""
    yield from r.missing("vpcConfig.subnets", "vpcConfig.securityGroupIds")


@rule("sm-model-private-registry", "set primaryContainer.imageConfig.repositoryAccessMode to Vpc")
def private_registry(r: Reader) -> Iterator[str]:
    """A model of several containers has the next rule."""
    if is_set(r.get("primaryContainer")) or not is_set(r.get("containers")):
        yield from r.unless("primaryContainer.imageConfig.repositoryAccessMode", "Vpc", default="Platform")


@rule("sm-model-multicontainer-private-registry", "set imageConfig.repositoryAccessMode of every container to Vpc")
def private_registries(r: Reader) -> Iterator[str]:
    """Each container by itself."""
    for container in r.elements("containers[]"):
        yield from container.unless("imageConfig.repositoryAccessMode", "Vpc", default="Platform")


@rule(
    "sm-model-trusted-image",
    "use an image of a private ECR registry, of an account in allowedRegistryAccounts, by digest or by a fixed tag",
    settings={"allowedRegistryAccounts": ()},
)
def trusted_image(r: Reader) -> Iterator[str]:
    """Without a list every ECR registry is trusted, but nothing outside ECR."""
    trusted = r.settings["allowedRegistryAccounts"]
    for path in ("primaryContainer.image", "containers[].image"):
        for shown, image in r.each(path):
            if not is_set(image):
                continue  # a model package names the image
            match = _ECR_IMAGE.match(str(image))
            if not match:
                yield f"{shown} {image} is not in a private ECR registry"
            elif trusted and match[1] not in trusted:
                yield f"{shown} is from account {match[1]}, which is not in allowedRegistryAccounts"
            elif "@sha256:" not in match[2] and match[2].rpartition(":")[2] in {"latest", match[2]}:
                yield f"{shown} {image} has no fixed tag"


@rule("sm-endpointconfig-kms", "set kmsKeyArn to the account's model key")
def endpoint_encrypted(r: Reader) -> Iterator[str]:
    """Where all variants are serverless or have local disks, AWS takes no key."""
    for fault in r.missing("kmsKeyArn"):
        variants = [*r.elements("productionVariants[]"), *r.elements("shadowProductionVariants[]")]
        if any(_needs_a_key(variant) for variant in variants) or not (variants or r.waits_for):
            yield fault


def _needs_a_key(variant: Reader) -> bool:
    return variant.none_of(
        ("serverlessConfig", is_set), ("instanceType", lambda kind: str(kind).startswith(LOCAL_STORAGE))
    )


@rule("sm-endpointconfig-data-capture", "enable data capture with kmsKeyId: monitoring needs it")
def data_capture(r: Reader) -> Iterator[str]:
    """Captured data is data."""
    yield from r.unless("dataCaptureConfig.enableCapture", True, default=False)
    yield from r.missing("dataCaptureConfig.kmsKeyId")


@rule("sm-endpointconfig-async-output-kms", "set asyncInferenceConfig.outputConfig.kmsKeyId")
def async_output(r: Reader) -> Iterator[str]:
    """Only for asynchronous endpoints."""
    if is_set(r.get("asyncInferenceConfig")):
        yield from r.missing("asyncInferenceConfig.outputConfig.kmsKeyId")


@rule("sm-endpointconfig-no-ssm-access", "leave enableSsmAccess out: nobody logs in to a serving container")
def no_ssm_access(r: Reader) -> Iterator[str]:
    """A stack where it is needed lowers the rule's level in its account's file."""
    for variants in ("productionVariants[]", "shadowProductionVariants[]"):
        yield from r.unless(f"{variants}.enableSsmAccess", False, "false", default=False)


@rule("sm-endpointconfig-coredump-kms", "set coreDumpConfig.kmsKeyId")
def core_dump(r: Reader) -> Iterator[str]:
    """A core dump holds the model and its requests."""
    for variants in ("productionVariants[]", "shadowProductionVariants[]"):
        for variant in r.elements(variants):
            if is_set(variant.get("coreDumpConfig")):
                yield from variant.missing("coreDumpConfig.kmsKeyId")


@rule("sm-endpoint-auto-rollback", "name alarms in deploymentConfig.autoRollbackConfiguration")
def auto_rollback(r: Reader) -> Iterator[str]:
    """A bad model must not need a person to go away."""
    yield from r.missing("deploymentConfig.autoRollbackConfiguration.alarms")


@rule("sm-modelpackagegroup-policy-not-public", "name the principals, or add aws:PrincipalOrgID")
def group_policy(r: Reader) -> Iterator[str]:
    """Everyone on AWS is more than our organisation."""
    policy = document(r, "resourcePolicy")
    yield from public_statements(policy)
    yield from unnamed_actions(policy)


@rule("sm-modelcard-kms", "set securityConfig.kmsKeyId")
def card_encrypted(r: Reader) -> Iterator[str]:
    """A card tells how a model decides."""
    yield from r.missing("securityConfig.kmsKeyId")


@stack_rule("sm-registry-used", "add a ModelPackageGroup and deploy models from it")
def registry_used(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Models that are in no registry were approved by nobody."""
    if any(stack.of("aws:sagemaker/modelPackageGroup:ModelPackageGroup")):
        return
    for model in stack.of("aws:sagemaker/model:Model", "aws:sagemaker/endpoint:Endpoint"):
        yield model, "the stack has no ModelPackageGroup"


@rule("sm-pipeline-role", "set roleArn, and network isolation, VpcConfig and keys in each step of the definition")
def pipeline(r: Reader) -> Iterator[str]:
    """The steps are inside pipelineDefinition, JSON as a string."""
    yield from r.missing("roleArn")
    definition = document(r, "pipelineDefinition")
    for step in _steps(definition.get("Steps") if isinstance(definition, Mapping) else None):
        for fault in _step_faults(str(step.get("Type")), _arguments(step)):
            yield f"step {step.get('Name')}: {fault}"


def _steps(steps: Any) -> Iterator[Mapping[str, Any]]:
    """Walk the steps, and those on both branches of a condition."""
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, Mapping):
            yield step
            for branch in ("IfSteps", "ElseSteps"):
                yield from _steps(_arguments(step).get(branch))


def _arguments(step: Mapping[str, Any]) -> Mapping[str, Any]:
    arguments = step.get("Arguments")
    return arguments if isinstance(arguments, Mapping) else {}


def _step_faults(kind: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    """Say what a step lacks that starts a job or makes a model."""
    if kind == "Tuning":
        jobs = [arguments.get("TrainingJobDefinition"), *as_list(arguments.get("TrainingJobDefinitions"))]
        for job in [job for job in jobs if isinstance(job, Mapping)] or [{}]:
            yield from _step_faults("Training", job)
    if kind in {"Training", "Model"}:
        yield from _network_faults(arguments)
    elif kind in _PROCESSING:
        network = arguments.get("NetworkConfig")
        yield from _network_faults(network if isinstance(network, Mapping) else {})
    if (kind in {"Training", "Transform"} or kind in _PROCESSING) and not _has_key(arguments):
        yield "no KmsKeyId is set"


def _network_faults(where: Mapping[str, Any]) -> Iterator[str]:
    isolated = where.get("EnableNetworkIsolation")
    if not is_true(isolated) and not isinstance(isolated, Mapping):  # {"Get": "Parameters.X"}: each run says it
        yield f"EnableNetworkIsolation is {shown_value(isolated)}"
    if not is_set(where.get("VpcConfig")):
        yield "VpcConfig is not set"


def _has_key(value: Any) -> bool:
    """Whether a key for results is named anywhere inside *value*; types with local disks take none for volumes."""
    if isinstance(value, Mapping):
        return any((name == "KmsKeyId" and is_set(inner)) or _has_key(inner) for name, inner in value.items())
    return isinstance(value, list) and any(_has_key(inner) for inner in value)

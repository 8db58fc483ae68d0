"""SageMaker models, endpoints, registry and pipelines."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import document, public_statements
from policies.rules.plain import Reader, Resource, is_set, is_true, shown_value
from policies.rules.registry import Stack, rule, stack_rule

_ECR_IMAGE: Final = re.compile(r"^(\d{12})\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/(.+)$")

NVME_ONLY: Final = re.compile(
    r"^ml\.(p3dn|p4d|p4de|p5|p5e|p5en|g4dn|g5|g6|g6e|trn1|trn1n|trn2|inf2|m5d|m5dn|c5d|r5d|r5dn|m6id|c6id|r6id)\."
)
"""Families whose volume is local NVMe, encrypted in hardware: AWS refuses a key for them.

Source: SageMaker API reference, CreateEndpointConfig, KmsKeyId, read 2026-11-21.
"""


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
    if is_set(r.get("primaryContainer")):
        yield from r.unless("primaryContainer.imageConfig.repositoryAccessMode", "Vpc", default="Platform")


@rule("sm-model-multicontainer-private-registry", "set imageConfig.repositoryAccessMode of every container to Vpc")
def private_registries(r: Reader) -> Iterator[str]:
    """Each container by itself."""
    for container in r.elements("containers[]"):
        yield from container.unless("imageConfig.repositoryAccessMode", "Vpc", default="Platform")


@rule(
    "sm-model-trusted-image",
    "use an image of the account's or AWS's own registry, by digest or by a fixed tag",
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
    """Serverless variants and families with NVMe disks alone take no key."""
    variants = [*r.elements("productionVariants[]"), *r.elements("shadowProductionVariants[]")]
    if r.waits_for or (variants and all(_takes_no_key(variant) for variant in variants)):
        return
    yield from r.missing("kmsKeyArn")


def _takes_no_key(variant: Reader) -> bool:
    instance_type = variant.get("instanceType")
    return is_set(variant.get("serverlessConfig")) or NVME_ONLY.match(str(instance_type)) is not None


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
    yield from public_statements(document(r, "resourcePolicy"))


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
    steps = definition.get("Steps") if isinstance(definition, Mapping) else None
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, Mapping) and isinstance(step.get("Arguments"), Mapping):
            for fault in _step_faults(str(step.get("Type")), step["Arguments"]):
                yield f"step {step.get('Name')}: {fault}"


def _step_faults(kind: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    """Say what a training, processing, tuning or transform step lacks."""
    where: Mapping[str, Any] = arguments
    if kind == "Processing":
        network = arguments.get("NetworkConfig")
        where = network if isinstance(network, Mapping) else {}
    elif kind == "Tuning":
        job = arguments.get("TrainingJobDefinition")
        where = job if isinstance(job, Mapping) else {}
    if kind in {"Training", "Processing", "Tuning"}:
        if not is_true(where.get("EnableNetworkIsolation")):
            yield f"EnableNetworkIsolation is {shown_value(where.get('EnableNetworkIsolation'))}"
        if not is_set(where.get("VpcConfig")):
            yield "VpcConfig is not set"
    if kind in {"Training", "Processing", "Tuning", "Transform"} and not _has_key(arguments):
        yield "no KmsKeyId is set"


def _has_key(value: Any) -> bool:
    """Whether a key is named anywhere inside *value*."""
    if isinstance(value, Mapping):
        return any(
            (name in {"KmsKeyId", "VolumeKmsKeyId"} and is_set(inner)) or _has_key(inner)
            for name, inner in value.items()
        )
    return isinstance(value, list) and any(_has_key(inner) for inner in value)

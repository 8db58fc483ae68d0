"""EC2 instances, templates and volumes; EFS; EKS."""

from collections.abc import Iterator
from typing import Final

from policies.rules.instances import types_outside
from policies.rules.plain import Reader, is_set, is_true, shown_value
from policies.rules.registry import rule

ENCRYPT: Final = "set encrypted to true with the account's key"

_CURRENT: Final = ("[tmcr][5-9]*", "t3*", "t4g*", "g[4-6]*", "inf2*", "trn1*", "hpc[67]*", "i[34]*", "x2*")
DEFAULT_INSTANCE_TYPES: Final = tuple(
    f"{family}.{size}"
    for family in _CURRENT
    for size in ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge")
)
"""What a stack that declares no list may start: families of the current generations, up to 4xlarge."""

PREVIOUS_GENERATION: Final = frozenset(
    {"t1", "m1", "m2", "m3", "c1", "c3", "cc2", "cg1", "cr1", "r3", "i2", "g2", "hs1"}
)
"""Families AWS keeps only for those who have them. Source: aws.amazon.com/ec2/previous-generation, read 2026-11-21."""


@rule("ec2-imdsv2", "set metadataOptions.httpTokens to required")
def metadata_tokens(r: Reader) -> Iterator[str]:
    """Without tokens, one forged request inside the machine hands out its role."""
    if r.none_of(
        ("metadataOptions.httpTokens", lambda value: value == "required"),
        ("metadataOptions.httpEndpoint", lambda value: value == "disabled"),
    ):
        yield from r.unless("metadataOptions.httpTokens", "required", default="optional")


@rule("ec2-ebs-encrypted-inline", ENCRYPT)
def disks_encrypted(r: Reader) -> Iterator[str]:
    """The root disk and every other."""
    yield from r.unless("rootBlockDevice.encrypted", True, default=False)
    for device in r.elements("ebsBlockDevices[]"):
        if not is_true(device.get("noDevice")):
            yield from device.unless("encrypted", True, default=False)


@rule("ec2-launchtemplate-ebs-encrypted", ENCRYPT)
def template_disks_encrypted(r: Reader) -> Iterator[str]:
    """A mapping without ebs is an instance store, or none at all."""
    for mapping in r.elements("blockDeviceMappings[]"):
        if mapping.get("ebs") is not None:
            yield from mapping.unless("ebs.encrypted", True, default=False)


@rule("ebs-volume-encrypted", ENCRYPT)
def volume_encrypted(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("encrypted", True, default=False)


@rule("ebs-default-encryption", "leave enabled out, or set it to true")
def default_encryption(r: Reader) -> Iterator[str]:
    """An absent value is true."""
    yield from r.unless("enabled", True, default=True)


@rule(
    "ec2-instance-type-allowed",
    "use an instance type of allowedInstanceTypes, of a current generation",
    settings={"allowedInstanceTypes": DEFAULT_INSTANCE_TYPES},
)
def instance_type(r: Reader) -> Iterator[str]:
    """Instances and launch templates; a pattern such as m* allows no previous generation."""
    yield from types_outside(r, ("instanceType",))
    for shown, value in r.each("instanceType"):
        if str(value).partition(".")[0] in PREVIOUS_GENERATION:
            yield f"{shown} {value} is of a previous generation"


@rule("efs-encrypted", "set encrypted to true; it cannot be changed later")
def file_system_encrypted(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("encrypted", True, default=False)


@rule("efs-accesspoint-root", "set rootDirectory.path to a directory of its own")
def access_point_root(r: Reader) -> Iterator[str]:
    """An absent path is /."""
    for shown, path in r.each("rootDirectory.path"):
        if not is_set(path) or str(path).strip("/") == "":
            yield f"{shown} is {shown_value(path, '/')}"


@rule("eks-secrets-encrypted", "set encryptionConfig with the account's key for secrets")
def cluster_secrets(r: Reader) -> Iterator[str]:
    """Kubernetes secrets."""
    yield from r.missing("encryptionConfig.provider.keyArn")
    encrypted = [value for _, value in r.each("encryptionConfig.resources[]")]
    if "secrets" not in encrypted and not r.waits_for:
        yield "encryptionConfig.resources lacks secrets"


@rule("eks-logging-all", "enable api, audit, authenticator, controllerManager and scheduler")
def cluster_logs(r: Reader) -> Iterator[str]:
    """All five."""
    wanted = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    have = [value for _, value in r.each("enabledClusterLogTypes[]")]
    lacking = [name for name in wanted if name not in have]
    if lacking and not r.waits_for:
        yield f"enabledClusterLogTypes lacks {', '.join(lacking)}"

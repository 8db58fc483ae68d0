"""Machines beyond the core: metadata, roles, images, groups of them, Kubernetes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from policies.rules.hardening import TRUE, only
from policies.rules.instances import above, number, types_outside
from policies.rules.jobs import present
from policies.rules.machines import DEFAULT_INSTANCE_TYPES
from policies.rules.plain import Reader, is_set, shown_value
from policies.rules.registry import rule

ENDED: Final[Mapping[str, str]] = json.loads((Path(__file__).parent / "eks_versions.json").read_text())[
    "standard_support_ended"
]
"""Kubernetes version → day on which EKS's standard support of it ended; older ones ended before."""

rule("ec2-instance-profile", "set iamInstanceProfile: a machine without a role is given keys")(
    present("iamInstanceProfile")
)
rule("ec2-detailed-monitoring", "set monitoring to true")(only("monitoring", *TRUE, default=False))


@rule("ec2-hop-limit", "leave httpPutResponseHopLimit out, or set it to 1")
def hops(r: Reader) -> Iterator[str]:
    """At one hop no container and no proxy on the machine reaches its role. Nodes of EKS need 2: an exception."""
    if r.get("metadataOptions.httpEndpoint") != "disabled":
        for shown, limit in r.each("metadataOptions.httpPutResponseHopLimit"):
            if number(limit) > 1:
                yield f"{shown} is {shown_value(limit)}"


@rule(
    "ami-encrypted", "encrypt each device, copy with encrypted and kmsKeyId, and name the accounts that may launch it"
)
def image(r: Reader) -> Iterator[str]:
    """An image, a copy, or a launch permission. A device from a snapshot is as encrypted as the snapshot."""
    kind = r.resource.type.rpartition(":")[2]
    if kind == "AmiCopy":
        yield from r.unless("encrypted", True, default=False)
        yield from r.missing("kmsKeyId")
    elif kind == "AmiLaunchPermission":
        yield from (f"{shown} is all: everyone" for shown, group in r.each("group") if group == "all")
    else:
        for device in r.elements("ebsBlockDevices[]"):
            if not is_set(device.get("snapshotId")):
                yield from device.unless("encrypted", True, default=False)


@rule(
    "asg-launch-template-tags",
    "use a launch template, set propagateAtLaunch on each tag, and healthCheckType to ELB behind a load balancer",
)
def scaling_group(r: Reader) -> Iterator[str]:
    """Launch configurations take no new instance types; EC2's own check takes a hung server for a healthy one."""
    if is_set(r.get("launchConfiguration")):
        yield "launchConfiguration is set"
    for tag in r.elements("tags[]"):
        yield from tag.unless("propagateAtLaunch", True, default=False)
    if is_set(r.get("targetGroupArns")) or is_set(r.get("loadBalancers")):
        yield from r.unless("healthCheckType", "ELB", default="EC2")


def _release(version: object) -> tuple[int, ...]:
    return tuple(int(part) for part in str(version).split(".") if part.isdecimal())


_ENDED: Final = max(map(_release, ENDED))


@rule("eks-supported-version", "use a version in standard support, or leave version out for the newest")
def kubernetes_version(r: Reader) -> Iterator[str]:
    """In extended support a cluster costs more, and in the end AWS upgrades it on a day of its own."""
    for shown, version in r.each("version"):
        if version is not None and () < _release(version) <= _ENDED:
            day = ENDED.get(str(version), "long ago")
            yield f"{shown} {version} left standard support {day}"


@rule(
    "eks-nodegroup-instance-types",
    "use instance types of allowedInstanceTypes and at most maxNodes nodes",
    settings={"allowedInstanceTypes": DEFAULT_INSTANCE_TYPES, "maxNodes": 10},
)
def node_group(r: Reader) -> Iterator[str]:
    """Types that come from a launch template are ec2-instance-type-allowed's."""
    yield from types_outside(r, ("instanceTypes[]",))
    yield from above(r, ("scalingConfig.maxSize",), "maxNodes")

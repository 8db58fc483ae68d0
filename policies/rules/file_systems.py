"""EFS beyond the core: who may mount a file system, and from where."""

from collections.abc import Iterator

from policies.rules._documents import conditions, document, statements
from policies.rules._reach import public_statements, unnamed_actions
from policies.rules.plain import Reader, Resource, is_set, is_true
from policies.rules.registry import Stack, rule, stack_rule
from policies.rules.transport import denies_plain_transport


@rule("efs-multi-az", "leave availabilityZoneName out")
def all_zones(r: Reader) -> Iterator[str]:
    """One Zone storage goes down, or is lost, with its zone."""
    for shown, zone in r.each("availabilityZoneName"):
        if is_set(zone):
            yield f"{shown} is {zone}"


@rule("efs-policy-not-public", "name the principals or ask for a mount target, and deny requests without TLS")
def mounted_by_ours(r: Reader) -> Iterator[str]:
    """Who comes through a mount target is in the VPC.

    Source: Amazon EFS User Guide, "Blocking public access", and prowler's pull request 3872, read 2026-11-21.
    """
    policy = document(r, "policy")
    inside = [each for each in statements(policy) if not _by_mount_target(each)]
    yield from public_statements({"Statement": inside})
    yield from unnamed_actions(policy)
    if not denies_plain_transport(policy, "elasticfilesystem:ClientMount") and not r.waits_for:
        yield "policy does not deny requests without TLS"


def _by_mount_target(statement: object) -> bool:
    return isinstance(statement, dict) and any(
        (operator.lower(), key) == ("bool", "elasticfilesystem:accessedviamounttarget")
        and [str(value).lower() for value in values] == ["true"]
        for operator, key, values in conditions(statement)
    )


@stack_rule("efs-mounttarget-private-subnet", "mount in a subnet without mapPublicIpOnLaunch")
def mounted_in_private(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """What starts beside the mount target would be on the internet."""
    for subnet in stack.of("aws:ec2/subnet:Subnet"):
        if any(is_true(value) for value in stack.known(subnet, subnet, "mapPublicIpOnLaunch")):
            for target in stack.about(subnet, ["aws:efs/mountTarget:MountTarget"], "subnetId") or ():
                yield target, f"its subnet {subnet.name} gives out public addresses"

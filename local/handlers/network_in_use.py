"""EC2: what of a network does not go while something needs it; moto lets most of it go.

Sources: EC2 API Reference, DeleteSubnet, DeleteVpc, DeleteSecurityGroup, DeleteNetworkInterface; the refusals' words:
gruntwork-io/cloud-nuke issue 285 (subnet) and cloudformation-coverage-roadmap issue 1327 (group), moto's for a VPC.
All read 2026-11-29.
"""

from itertools import chain
from typing import Any

from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends

from local.handlers.operation import Call, Refusal, operation


def _ec2(call: Call) -> Any:  # noqa: ANN401 - moto's backend
    return ec2_backends[call.account][call.region]


def _endpoints(call: Call, vpc_id: str) -> list[Any]:
    endpoints = _ec2(call).vpc_end_points.values()
    return [each for each in endpoints if each.vpc_id == vpc_id and each.state != "deleted"]


@operation("ec2", "DeleteSubnet")
def delete_subnet(call: Call) -> None:
    """A subnet goes when no interface is in it: of an instance, an endpoint, a mount target, an app."""
    subnet_id = call.params["SubnetId"]
    ec2 = _ec2(call)
    instances = (each for each in ec2.all_instances() if each.state != "terminated")
    if any(each.subnet.id == subnet_id for each in ec2.enis.values()) or any(
        each.subnet_id == subnet_id for each in instances
    ):
        raise Refusal("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


@operation("ec2", "DeleteVpc")
def delete_vpc(call: Call) -> None:
    """A VPC takes its default group, list and table along; any other group, list, gateway or endpoint keeps it."""
    vpc_id = call.params["VpcId"]
    ec2 = _ec2(call)
    groups = (each for each in ec2.groups.get(vpc_id, {}).values() if each.name != "default")
    lists = (each for each in ec2.network_acls.values() if each.vpc_id == vpc_id and not each.default)
    gateways = (each for each in ec2.internet_gateways.values() if each.vpc and each.vpc.id == vpc_id)
    if any(chain(groups, lists, gateways, _endpoints(call, vpc_id))):
        raise Refusal("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")


@operation("ec2", "DeleteSecurityGroup")
def delete_security_group(call: Call) -> None:
    """A group goes when no interface carries it and no other group's rule names it."""
    ec2 = _ec2(call)
    group_id = call.params.get("GroupId", "")
    group = ec2.get_security_group_from_id(group_id)
    if group is None:
        return
    if group.name == "default":
        raise Refusal("CannotDelete", f'the specified group: "{group_id}" name: "default" cannot be deleted by a user')
    others = (each for each in ec2.groups.get(group.vpc_id, {}).values() if each.id != group_id)
    rules = chain.from_iterable((*each.ingress_rules, *each.egress_rules) for each in others)
    named = any((rule.source_group or {}).get("GroupId") == group_id for rule in rules)
    carried = any(group_id in {each.id for each in interface.group_set} for interface in ec2.enis.values())
    if named or carried or any(group_id in each.security_group_ids for each in _endpoints(call, group.vpc_id)):
        raise Refusal("DependencyViolation", f"resource {group_id} has a dependent object")


@operation("ec2", "DeleteNetworkInterface")
def delete_network_interface(call: Call) -> None:
    """An interface in use is let go by who uses it; EFS deletes a mount target's, EC2 an endpoint's."""
    interface_id = call.params["NetworkInterfaceId"]
    interface = _ec2(call).enis.get(interface_id)
    if interface is None:
        return
    targets = efs_backends[call.account][call.region].mount_targets_by_id.values()
    used = {target.network_interface_id for target in targets}
    used.update(*(each.network_interface_ids for each in _endpoints(call, interface.subnet.vpc_id)))
    if interface.status == "in-use" or interface_id in used:
        text = f"Network interface '{interface_id}' is currently in use."
        raise Refusal("InvalidNetworkInterface.InUse", text)

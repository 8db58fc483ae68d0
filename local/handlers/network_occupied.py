"""EC2: subnets, groups and VPCs that hold what moto gives no interface: load balancers, databases, tasks, attachments.

On AWS each of them has interfaces in its subnets, which carry its groups. Sources: the same as network_in_use.py's.
"""

from collections.abc import Iterator
from typing import NamedTuple

from moto.ecs.models import ecs_backends
from moto.elbv2.models import elbv2_backends
from moto.rds.models import rds_backends

from local.handlers.firewall_rules import STORE
from local.handlers.operation import Call, Refusal, requires
from local.handlers.transit_gateways import ATTACHMENTS, living


class Occupant(NamedTuple):
    """Something that stands in subnets."""

    name: str
    subnets: frozenset[str]
    groups: frozenset[str]


def _occupants(call: Call) -> Iterator[Occupant]:
    """What stands in the caller's networks."""
    home = call.account, call.region
    for balancer in elbv2_backends[home[0]][home[1]].load_balancers.values():
        subnets = frozenset(subnet.id for subnet in balancer.subnets)
        yield Occupant(balancer.arn, subnets, frozenset(balancer.security_groups or ()))
    for instance in rds_backends[home[0]][home[1]].databases.values():
        group = getattr(instance, "db_subnet_group", None)
        subnets = frozenset(each["SubnetIdentifier"] for each in group.subnets) if group else frozenset()
        yield Occupant(instance.db_instance_arn, subnets, frozenset(instance.vpc_security_group_ids or ()))
    for service in ecs_backends[home[0]][home[1]].services.values():
        network = (getattr(service, "network_configuration", None) or {}).get("awsvpcConfiguration", {})
        if service.status == "ACTIVE" and service.desired_count:
            groups = frozenset(network.get("securityGroups", ()))
            yield Occupant(service.arn, frozenset(network.get("subnets", ())), groups)
    for attachment in living(ATTACHMENTS):
        if attachment["VpcOwnerId"] == call.account:
            yield Occupant(attachment["TransitGatewayAttachmentId"], frozenset(attachment["SubnetIds"]), frozenset())
    for arn, record in STORE.items():
        if arn.split(":")[4] == call.account and record.get("endpoints"):
            yield Occupant(arn, frozenset(record["endpoints"]), frozenset())


@requires("ec2", "DeleteSubnet")
def delete_subnet(call: Call) -> None:
    """Refuse a subnet that something stands in."""
    subnet_id = call.params["SubnetId"]
    if any(subnet_id in each.subnets for each in _occupants(call)):
        raise Refusal("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


@requires("ec2", "DeleteSecurityGroup")
def delete_group(call: Call) -> None:
    """Refuse a group that something carries."""
    group_id = call.params.get("GroupId", "")
    if any(group_id in each.groups for each in _occupants(call)):
        raise Refusal("DependencyViolation", f"resource {group_id} has a dependent object")

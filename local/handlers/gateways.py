"""EC2: routes to transit gateways, and addresses and gateways that are in use; moto lets them go.

Sources: botocore's service model of EC2 (ReleaseAddress: InvalidIPAddress.InUse; DetachInternetGateway,
DeleteInternetGateway; CreateTransitGatewayVpcAttachment: attach first, then add routes), read 2026-11-30. The words are
not documented there.
"""

from types import SimpleNamespace
from typing import Any

from moto.ec2.models import ec2_backends

from local.handlers.operation import Call, Refusal, completes, requires
from local.handlers.transit_gateways import ATTACHMENTS, usable_gateway, wrong_id


def _ec2(call: Call) -> Any:  # noqa: ANN401 - moto's backend
    return ec2_backends[call.account][call.region]


@requires("ec2", "CreateRoute", "ReplaceRoute")
def route(call: Call) -> None:
    """A route leads to a transit gateway that the VPC is attached to."""
    gateway_id = call.params.get("TransitGatewayId")
    if not gateway_id:
        return
    usable_gateway(call, gateway_id)
    vpc_id = _ec2(call).get_route_table(call.params["RouteTableId"]).vpc_id
    attached = (a for a in ATTACHMENTS.values() if (a["TransitGatewayId"], a["VpcId"]) == (gateway_id, vpc_id))
    if not any(attachment["State"] == "available" for attachment in attached):
        raise wrong_id("TransitGateway", gateway_id)
    _ec2(call).transit_gateways.setdefault(gateway_id, SimpleNamespace(id=gateway_id))  # for moto's route


@requires("ec2", "ReleaseAddress")
def release(call: Call) -> None:
    """An address goes when no NAT gateway has it."""
    allocation = call.params.get("AllocationId")
    for nat in _ec2(call).nat_gateways.values():
        mine = {each.get("AllocationId", each.get("allocationId")) for each in nat.address_set}
        if nat.state != "deleted" and allocation in mine:
            raise Refusal("InvalidIPAddress.InUse", f"Address {allocation} is in use.")


@completes("ec2", "DeleteNatGateway")
def leave(call: Call) -> None:
    """A NAT gateway takes its interface along."""
    nat = _ec2(call).nat_gateways[call.params["NatGatewayId"]]
    _ec2(call).enis.pop(nat._eni.id, None)  # noqa: SLF001 - no other way in


@requires("ec2", "DetachInternetGateway")
def detach(call: Call) -> None:
    """A gateway stays while the VPC has mapped public addresses: those of its NAT gateways."""
    vpc_id = call.params["VpcId"]
    public = (n for n in _ec2(call).nat_gateways.values() if n.vpc_id == vpc_id and n.connectivity_type != "private")
    if any(nat.state != "deleted" for nat in public):
        text = (
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )
        raise Refusal("DependencyViolation", text)

"""A NAT gateway that is deleted leaves no interface: moto keeps it, and the subnet could never go.

Source: Amazon VPC User Guide, "NAT gateways" says it has an interface in its subnet; that it goes with the gateway is
what EC2 does (the provider deletes subnets right after). The page is unread this session.
"""

from moto.ec2.models import ec2_backends

from local.handlers.operation import Call, completes


@completes("ec2", "DeleteNatGateway")
def without_interface(call: Call) -> None:
    """Take the gateway's interface away, and its address off it."""
    backend = ec2_backends[call.account][call.region]
    gateway = backend.nat_gateways.get(call.params["NatGatewayId"])
    interface = gateway and gateway._eni  # noqa: SLF001 - moto shows it nowhere else
    if interface and interface.id in backend.enis:
        for address in backend.addresses:
            if address.eni is interface:
                address.eni = None
                address.association_id = None
        del backend.enis[interface.id]

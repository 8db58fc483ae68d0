"""The way to the internet: an address translation in each zone of the hub, from the inside only."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class EgressArgs:
    """Inputs of Egress."""

    account_key: str
    """Account of the hub; for the Name tags."""

    vpc_id: pulumi.Input[str]
    """The hub's VPC."""

    public_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Public subnet by zone letter. Plain keys."""

    public_tables: Mapping[str, pulumi.Input[str]]
    """Route table of the public subnet by zone letter."""

    senders: Mapping[str, pulumi.Input[str]]
    """Route table by zone letter whose subnets send to the translation: those behind the firewall, or the gateway's."""


class Egress(pulumi.ComponentResource):
    """An internet gateway and NAT gateways. Nothing comes in: a NAT gateway answers only what was asked through it."""

    nat_ids: Mapping[str, pulumi.Output[str]]
    """NAT gateway by zone letter."""

    public_addresses: Mapping[str, pulumi.Output[str]]
    """Address by zone letter as the internet sees it: partners may let it in."""

    def __init__(self, name: str, args: EgressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Egress", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        def tags(what: str) -> dict[str, str]:
            return {"Name": f"{args.account_key}-hub-{what}"}

        gateway = aws.ec2.InternetGateway(f"{name}-internet", vpc_id=args.vpc_id, tags=tags("internet"), opts=child)
        # A public NAT gateway, and an address of a VPC, need the internet gateway (Amazon VPC User Guide, "NAT
        # gateways": unread this session; the provider's page recommends the dependency).
        behind = child.merge(pulumi.ResourceOptions(depends_on=[gateway]))
        nats: dict[str, aws.ec2.NatGateway] = {}
        addresses: dict[str, aws.ec2.Eip] = {}
        for zone, subnet_id in args.public_subnet_ids.items():
            addresses[zone] = aws.ec2.Eip(f"{name}-{zone}", domain="vpc", tags=tags(f"nat-{zone}"), opts=behind)
            nats[zone] = aws.ec2.NatGateway(
                f"{name}-{zone}",
                allocation_id=addresses[zone].allocation_id,
                subnet_id=subnet_id,
                tags=tags(f"nat-{zone}"),
                opts=behind,
            )
            aws.ec2.Route(
                f"{name}-public-{zone}",
                route_table_id=args.public_tables[zone],
                destination_cidr_block="0.0.0.0/0",
                gateway_id=gateway.id,
                opts=child,
            )
            aws.ec2.Route(
                f"{name}-out-{zone}",
                route_table_id=args.senders[zone],
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=nats[zone].id,
                opts=child,
            )

        self.nat_ids = {zone: nat.id for zone, nat in nats.items()}
        self.public_addresses = {zone: address.public_ip for zone, address in addresses.items()}
        self.register_outputs({"nat_ids": self.nat_ids, "public_addresses": self.public_addresses})

"""The hub's own VPC: subnets of each kind with their route tables, and nothing routed yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

PER_ZONE: Final = ("attachment", "public", "firewall")
"""Kinds of subnets whose routes differ by zone, so that traffic stays in the zone it came from."""


@dataclass(frozen=True, kw_only=True)
class HubNetworkArgs:
    """Inputs of HubNetwork."""

    account_key: str
    """Account of the network; for the Name tags."""

    region: str
    """Region; zones are its name and a letter."""

    cidr: str
    """The VPC's block [IPv4 prefix, /16 to /23]."""

    tiers: Mapping[str, Mapping[str, str]]
    """Block of a subnet by kind (endpoints, attachment, public, firewall) and zone letter. Plain."""

    pool: str
    """Block that all networks are cut from whose workloads come to the endpoints [IPv4]."""

    others: Mapping[str, str]
    """Further blocks that come to the endpoints, by name: the company's own networks."""


class HubNetwork(pulumi.ComponentResource):
    """A VPC for what is shared: the endpoints' group lets TLS in from the environment's networks."""

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""

    subnet_ids: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Subnet id by kind and zone letter."""

    route_table_ids: Mapping[str, pulumi.Output[str]]
    """Route table by kind and, where routes differ by zone, zone letter: endpoints, attachment-a."""

    endpoint_security_group_id: pulumi.Output[str]
    """Security group of the endpoints."""

    def __init__(self, name: str, args: HubNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:HubNetwork", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        single = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        def tags(what: str) -> dict[str, str]:
            # The rules of the packs know by Tier that a subnet, or a table, is public on purpose.
            return {"Name": f"{args.account_key}-hub-{what}"} | (
                {"Tier": "public"} if what.startswith("public") else {}
            )

        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=tags("vpc"),
            opts=child,
        )
        aws.ec2.DefaultSecurityGroup(f"{name}-default", vpc_id=vpc.id, tags=tags("default-empty"), opts=child)
        tables: dict[str, aws.ec2.RouteTable] = {}
        subnets: dict[str, dict[str, pulumi.Output[str]]] = {}
        for tier, blocks in args.tiers.items():
            subnets[tier] = {}
            for zone, block in blocks.items():
                table = f"{tier}-{zone}" if tier in PER_ZONE else tier
                if table not in tables:
                    tables[table] = aws.ec2.RouteTable(f"{name}-{table}", vpc_id=vpc.id, tags=tags(table), opts=child)
                subnet = aws.ec2.Subnet(
                    f"{name}-{tier}-{zone}",
                    vpc_id=vpc.id,
                    cidr_block=block,
                    availability_zone=f"{args.region}{zone}",
                    map_public_ip_on_launch=False,
                    tags=tags(f"{tier}-{zone}"),
                    opts=single,
                )
                aws.ec2.RouteTableAssociation(
                    f"{name}-{tier}-{zone}", subnet_id=subnet.id, route_table_id=tables[table].id, opts=child
                )
                subnets[tier][zone] = subnet.id

        group = aws.ec2.SecurityGroup(
            f"{name}-endpoints",
            description="Central VPC endpoints: TLS from the environment's networks",
            vpc_id=vpc.id,
            tags=tags("endpoints"),
            opts=child,
        )
        # Blocks and not groups: an outbound rule knows no group of another VPC, and endpoints take none through a
        # transit gateway (Amazon VPC Transit Gateways, "Amazon VPC attachments", read 2026-11-30).
        for what, block in {"pool": args.pool, **args.others}.items():
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-endpoints-{what}",
                security_group_id=group.id,
                description=f"TLS from {what}",
                cidr_ipv4=block,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            )

        self.vpc_id = vpc.id
        self.subnet_ids = subnets
        self.route_table_ids = {key: table.id for key, table in tables.items()}
        self.endpoint_security_group_id = group.id
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "subnet_ids": self.subnet_ids,
                "route_table_ids": self.route_table_ids,
                "endpoint_security_group_id": self.endpoint_security_group_id,
            }
        )

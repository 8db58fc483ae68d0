"""The transit gateway: teams reach what is shared and the way out, and never each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class OutsideArgs:
    """A network of the company that somebody attached to the gateway."""

    attachment_id: str
    """Its attachment, tgw-attach-…"""

    cidrs: Mapping[str, str]
    """What is behind it by name [IPv4]. Plain: they decide which routes exist."""


@dataclass(frozen=True, kw_only=True)
class SharedVpcArgs:
    """A VPC of the gateway's own account that teams come to."""

    vpc_id: pulumi.Input[str]
    """The VPC."""

    cidr: str
    """Its block."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """A subnet a zone, in which the attachment has its interfaces."""

    return_tables: Mapping[str, pulumi.Input[str]]
    """Route tables by name whose subnets answer the teams."""

    appliance: bool
    """Whether connections must keep to one zone in both directions: a firewall in it keeps their state."""


@dataclass(frozen=True, kw_only=True)
class TransitGatewayArgs:
    """Inputs of TransitGateway."""

    account_key: str
    """Account of the gateway; for the Name tags."""

    pool: str
    """Block that all the teams' networks are cut from [IPv4]."""

    shared: Mapping[str, SharedVpcArgs]
    """What teams come to by name: hub, and the platform's own network. Plain keys."""

    outside: Mapping[str, OutsideArgs]
    """The company's own networks by name."""

    exit: str | None
    """Name of the one in `shared` that leads to the internet; None: nothing does."""

    unreachable: Mapping[str, str]
    """Blocks by name that the exit must never lead to: the teams' own, which it knows the way back to."""


class TransitGateway(pulumi.ComponentResource):
    """A transit gateway with two route tables.

    What a team sends is looked up in `spokes`, which knows what is shared, the company's networks and the exit. What
    is sent to a team is looked up in `shared`, which knows every team. No attachment is accepted, associated or
    propagated by itself: one that nobody admitted has no table, and nothing it sends arrives.
    """

    transit_gateway_id: pulumi.Output[str]
    """The gateway."""

    transit_gateway_arn: pulumi.Output[str]
    """Its ARN: what is shared."""

    spokes_table_id: pulumi.Output[str]
    """Route table of what teams send."""

    shared_table_id: pulumi.Output[str]
    """Route table of what is sent to teams."""

    attached: Mapping[str, pulumi.Output[str]]
    """Attachment by name of what is shared: a route to the gateway must wait for one."""

    def __init__(self, name: str, args: TransitGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:TransitGateway", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        def tags(what: str) -> dict[str, str]:
            return {"Name": f"{args.account_key}-{what}"}

        gateway = aws.ec2transitgateway.TransitGateway(
            name,
            description="Teams to what they share",
            auto_accept_shared_attachments="disable",
            default_route_table_association="disable",
            default_route_table_propagation="disable",
            dns_support="enable",
            tags=tags("hub"),
            opts=child,
        )
        tables = {
            what: aws.ec2transitgateway.RouteTable(
                f"{name}-{what}", transit_gateway_id=gateway.id, tags=tags(what), opts=child
            )
            for what in ("spokes", "shared")
        }
        attachments = {}
        returns = {"teams": args.pool}
        for what, vpc in args.shared.items():
            attachments[what] = aws.ec2transitgateway.VpcAttachment(
                f"{name}-{what}",
                transit_gateway_id=gateway.id,
                vpc_id=vpc.vpc_id,
                subnet_ids=list(vpc.subnet_ids),
                appliance_mode_support="enable" if vpc.appliance else "disable",
                transit_gateway_default_route_table_association=False,
                transit_gateway_default_route_table_propagation=False,
                tags=tags(what),
                opts=child,
            )
            aws.ec2transitgateway.RouteTableAssociation(
                f"{name}-{what}",
                transit_gateway_attachment_id=attachments[what].id,
                transit_gateway_route_table_id=tables["shared"].id,
                opts=child,
            )
            _route(f"{name}-spokes-{what}", tables["spokes"], vpc.cidr, attachments[what].id, child)
        for what, network in args.outside.items():
            aws.ec2transitgateway.RouteTableAssociation(
                f"{name}-{what}",
                transit_gateway_attachment_id=network.attachment_id,
                transit_gateway_route_table_id=tables["shared"].id,
                opts=child,
            )
            for key, block in network.cidrs.items():
                for table in ("spokes", "shared"):
                    _route(f"{name}-{table}-{key}", tables[table], block, network.attachment_id, child)
                returns |= {key: block}
        for what, vpc in args.shared.items():
            for table_name, table_id in vpc.return_tables.items():
                for key, block in returns.items():
                    aws.ec2.Route(
                        f"{name}-{what}-{table_name}-{key}",
                        route_table_id=table_id,
                        destination_cidr_block=block,
                        transit_gateway_id=gateway.id,
                        opts=_after(child, attachments[what]),
                    )
        if args.exit:
            _exit(f"{name}-spokes", tables["spokes"], attachments[args.exit].id, args.unreachable, child)

        self.transit_gateway_id = gateway.id
        self.transit_gateway_arn = gateway.arn
        self.spokes_table_id = tables["spokes"].id
        self.shared_table_id = tables["shared"].id
        self.attached = {what: attachment.id for what, attachment in attachments.items()}
        self.register_outputs(
            {
                "transit_gateway_id": self.transit_gateway_id,
                "transit_gateway_arn": self.transit_gateway_arn,
                "spokes_table_id": self.spokes_table_id,
                "shared_table_id": self.shared_table_id,
                "attached": self.attached,
            }
        )


def _exit(
    name: str,
    spokes: aws.ec2transitgateway.RouteTable,
    attachment_id: pulumi.Input[str],
    unreachable: Mapping[str, str],
    child: pulumi.ResourceOptions,
) -> None:
    """Send what is nobody's to the exit, and what is another team's nowhere.

    The exit knows the way back to each team: without the second, one team's packet to another would go there and be
    sent on. A longer prefix, that of what is shared, is looked at first.
    """
    _route(f"{name}-internet", spokes, "0.0.0.0/0", attachment_id, child)
    for what, block in unreachable.items():
        aws.ec2transitgateway.Route(
            f"{name}-no-{what}",
            transit_gateway_route_table_id=spokes.id,
            destination_cidr_block=block,
            blackhole=True,
            opts=child,
        )


def _route(
    name: str,
    table: aws.ec2transitgateway.RouteTable,
    block: str,
    attachment_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    aws.ec2transitgateway.Route(
        name,
        transit_gateway_route_table_id=table.id,
        destination_cidr_block=block,
        transit_gateway_attachment_id=attachment_id,
        opts=opts,
    )


def _after(child: pulumi.ResourceOptions, attachment: pulumi.Resource) -> pulumi.ResourceOptions:
    """A transit gateway needs an attachment before a VPC's route table may name it.

    Source: Amazon VPC Transit Gateways, "Amazon VPC attachments", read 2026-11-30.
    """
    return child.merge(pulumi.ResourceOptions(depends_on=[attachment]))

"""A team's network on its way to the hub: three steps, the first and the last in the team's account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import pulumi
import pulumi_aws as aws

RULE_PRIORITY: Final = 200
"""Place of our rule group among those of a network [100 to 9900]; others find room before and after.

Source: Route 53 Resolver API, AssociateFirewallRuleGroup, Priority (botocore's model, read 2026-11-30).
"""


@dataclass(frozen=True, kw_only=True)
class HubAttachmentArgs:
    """Inputs of HubAttachment."""

    account_key: str
    """Account of the network; for the Name tags."""

    transit_gateway_id: str
    """The hub's transit gateway, which is shared with the account."""

    vpc_id: pulumi.Input[str]
    """The network."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """A subnet a zone: only from these zones the gateway is reached."""


class HubAttachment(pulumi.ComponentResource):
    """The request to be attached. It leads nowhere until the hub's account admits it."""

    attachment_id: pulumi.Output[str]
    """The attachment."""

    def __init__(self, name: str, args: HubAttachmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:HubAttachment", name, {}, opts)

        attachment = aws.ec2transitgateway.VpcAttachment(
            f"{name}-hub",
            transit_gateway_id=args.transit_gateway_id,
            vpc_id=args.vpc_id,
            subnet_ids=list(args.subnet_ids),
            tags={"Name": f"{args.account_key}-hub"},
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.attachment_id = attachment.id
        self.register_outputs({"attachment_id": self.attachment_id})


@dataclass(frozen=True, kw_only=True)
class HubAdmissionArgs:
    """Inputs of HubAdmission."""

    account_key: str
    """Account of the team's network; for the Name tags."""

    region: str
    """Region of the network."""

    attachment_id: pulumi.Input[str]
    """What is admitted."""

    vpc_id: pulumi.Input[str]
    """The team's network."""

    spokes_table_id: str
    """Route table of the transit gateway for what teams send."""

    shared_table_id: str
    """Route table for what is sent to teams."""

    zone_ids: Mapping[str, str]
    """Hosted zones by service that the network may be associated with. Plain."""

    tags: Mapping[str, str]
    """The team's tags: the attachment is its own, in whichever account it is looked at."""


class HubAdmission(pulumi.ComponentResource):
    """What the hub's account says to one attachment: accepted, where its packets go, which names it may use."""

    accepted_id: pulumi.Output[str]
    """The attachment, once its packets are routed."""

    zone_ids: Mapping[str, pulumi.Output[str]]
    """Hosted zones by service, once the network may be associated with them."""

    def __init__(self, name: str, args: HubAdmissionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:HubAdmission", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        accepted = aws.ec2transitgateway.VpcAttachmentAccepter(
            f"{name}-hub",
            transit_gateway_attachment_id=args.attachment_id,
            transit_gateway_default_route_table_association=False,
            transit_gateway_default_route_table_propagation=False,
            tags={**args.tags, "Name": args.account_key},
            opts=child,
        )
        association = aws.ec2transitgateway.RouteTableAssociation(
            f"{name}-hub",
            transit_gateway_attachment_id=accepted.id,
            transit_gateway_route_table_id=args.spokes_table_id,
            opts=child,
        )
        aws.ec2transitgateway.RouteTablePropagation(
            f"{name}-hub",
            transit_gateway_attachment_id=accepted.id,
            transit_gateway_route_table_id=args.shared_table_id,
            opts=child,
        )
        authorized = {
            service: aws.route53.VpcAssociationAuthorization(
                f"{name}-{service}", zone_id=zone_id, vpc_id=args.vpc_id, vpc_region=args.region, opts=child
            )
            for service, zone_id in args.zone_ids.items()
        }

        self.accepted_id = association.transit_gateway_attachment_id
        # As they were given, and not as the authorisation shows them: that may be /hostedzone/Z…, which no list has.
        self.zone_ids = {
            service: pulumi.Output.all(each.id, args.zone_ids[service]).apply(itemgetter(1))
            for service, each in authorized.items()
        }
        self.register_outputs({"accepted_id": self.accepted_id, "zone_ids": self.zone_ids})


@dataclass(frozen=True, kw_only=True)
class HubReachArgs:
    """Inputs of HubReach."""

    transit_gateway_id: pulumi.Input[str]
    """The hub's transit gateway, once the network is admitted."""

    vpc_id: pulumi.Input[str]
    """The team's network."""

    region: str
    """Region of the network."""

    route_table_id: pulumi.Input[str]
    """Route table of its private subnets."""

    routes: Mapping[str, str]
    """What is reached through the gateway by name [IPv4]. Plain."""

    zone_ids: Mapping[str, pulumi.Input[str]]
    """Hosted zones by service, which the hub's account lets the network have. Plain keys."""

    dns_firewall_id: str | None
    """Rule group that says what is resolved; None: nothing leaves, so everything is."""

    query_log_id: str | None
    """Where DNS queries are written."""


class HubReach(pulumi.ComponentResource):
    """What the team's network knows of the hub: routes, names, and the names it may not resolve."""

    routes: Sequence[pulumi.Output[str]]
    """The routes."""

    def __init__(self, name: str, args: HubReachArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:HubReach", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        routes = [
            aws.ec2.Route(
                f"{name}-{what}",
                route_table_id=args.route_table_id,
                destination_cidr_block=block,
                transit_gateway_id=args.transit_gateway_id,
                opts=child,
            )
            for what, block in args.routes.items()
        ]
        for service, zone_id in args.zone_ids.items():
            aws.route53.ZoneAssociation(
                f"{name}-{service}", zone_id=zone_id, vpc_id=args.vpc_id, vpc_region=args.region, opts=child
            )
        if args.dns_firewall_id:
            aws.route53.ResolverFirewallRuleGroupAssociation(
                f"{name}-dns",
                name=f"{name}-hub",
                firewall_rule_group_id=args.dns_firewall_id,
                vpc_id=args.vpc_id,
                priority=RULE_PRIORITY,
                opts=child,
            )
            # Closed where DNS Firewall does not answer: better no name than any name.
            aws.route53.ResolverFirewallConfig(
                f"{name}-dns", resource_id=args.vpc_id, firewall_fail_open="DISABLED", opts=child
            )
        if args.query_log_id:
            aws.route53.ResolverQueryLogConfigAssociation(
                f"{name}-dns", resolver_query_log_config_id=args.query_log_id, resource_id=args.vpc_id, opts=child
            )

        self.routes = [route.id for route in routes]
        self.register_outputs({"routes": self.routes})

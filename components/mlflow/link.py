"""The way in from networks that no route joins: a VPC endpoint service before the load balancer."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.mlflow.balancer import HEALTH_PATH
from components.network.groups import connect


@dataclass(frozen=True, kw_only=True)
class LinkArgs:
    """Inputs of Link."""

    account_key: str
    """Account of the service; for the Name tags."""

    load_balancer: str
    """Name of the network load balancer [≤ 32 characters, Elastic Load Balancing API CreateLoadBalancer]."""

    vpc_id: pulumi.Input[str]
    """Network of both load balancers."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets: consumers find the service in these zones."""

    balancer_arn: pulumi.Input[str]
    """The application load balancer behind it."""

    balancer_group_id: pulumi.Input[str]
    """Its security group."""

    account_ids: Sequence[str]
    """Accounts that may make an endpoint to it [12 digits]. Plain."""

    disposable: bool
    """Whether destroying the stack deletes it; else AWS itself refuses until somebody says so."""


class Link(pulumi.ComponentResource):
    """A network load balancer in front of the application load balancer, and the endpoint service it is for.

    TLS passes through untouched. The consumers' addresses count for nothing, so they may overlap: who may make an
    endpoint is a list of accounts. Sources, read 2026-11-30: ELB User Guide for Network Load Balancers, "Use an
    Application Load Balancer as a target of a Network Load Balancer" (TCP only, same port as its listener) and "Update
    the security groups for your Network Load Balancer"; AWS PrivateLink Guide, "Create a service powered by AWS
    PrivateLink".
    """

    service_name: pulumi.Output[str]
    """Name by which consumers make an endpoint, com.amazonaws.vpce.…"""

    def __init__(self, name: str, args: LinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Link", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            description="MLflow's endpoint service: to the load balancer",
            vpc_id=args.vpc_id,
            tags={"Name": f"{args.account_key}-link"},
            opts=child,
        )
        connect(name, "TLS to the load balancer", 443, source=group.id, target=args.balancer_group_id, child=child)
        front = aws.lb.LoadBalancer(
            name,
            name=args.load_balancer,
            internal=True,
            load_balancer_type="network",
            ip_address_type="ipv4",
            subnets=args.subnet_ids,
            # Without a group at its making it could never have one.
            security_groups=[group.id],
            # Its group lets nobody in, and traffic of the endpoint service is not asked: teams' addresses may overlap.
            enforce_security_group_inbound_rules_on_private_link_traffic="off",
            # A team's endpoint in one zone must reach a balancer that is left in another only.
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=not args.disposable,
            opts=child.merge(
                pulumi.ResourceOptions(
                    protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
                )
            ),
        )
        target = aws.lb.TargetGroup(
            name,
            name=args.load_balancer,
            target_type="alb",
            protocol="TCP",
            port=443,
            vpc_id=args.vpc_id,
            health_check={"protocol": "HTTPS", "path": HEALTH_PATH, "port": "443", "matcher": "200"},
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )
        attached = aws.lb.TargetGroupAttachment(
            name, target_group_arn=target.arn, target_id=args.balancer_arn, port=443, opts=child
        )
        aws.lb.Listener(
            name,
            load_balancer_arn=front.arn,
            port=443,
            protocol="TCP",
            default_actions=[{"type": "forward", "target_group_arn": target.arn}],
            opts=child.merge(pulumi.ResourceOptions(depends_on=[attached])),
        )
        service = aws.ec2.VpcEndpointService(
            name,
            # The accounts are named one by one, so there is nobody left to ask.
            acceptance_required=False,
            allowed_principals=[f"arn:aws:iam::{account_id}:root" for account_id in sorted(args.account_ids)],
            network_load_balancer_arns=[front.arn],
            supported_ip_address_types=["ipv4"],
            tags={"Name": f"{args.account_key}-mlflow"},
            opts=child,
        )

        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

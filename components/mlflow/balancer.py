"""The way in: an internal load balancer that ends TLS and hands each name to its server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

HEALTH_PATH: Final = "/balancer-health"
"""Answered by the balancer itself, whatever becomes of the servers behind it."""

_IDLE_SECONDS: Final = 120
"""A large artifact may pause that long."""

_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3, and 1.2 with forward secrecy and AEAD ciphers."""


@dataclass(frozen=True, kw_only=True)
class BalancerArgs:
    """Inputs of Balancer."""

    account_key: str
    """Account of the balancer; for the Name tags."""

    load_balancer: str
    """Its name [≤ 32 characters, Elastic Load Balancing API CreateLoadBalancer]."""

    vpc_id: pulumi.Input[str]
    """Network it is in."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets in two zones or more."""

    certificate_arn: str
    """Certificate of the names it answers to, in ACM."""

    clients: Mapping[str, str]
    """Block from which clients come by route [IPv4], by their team; none: by the link only. Plain."""

    disposable: bool
    """Whether destroying the stack deletes it; else AWS itself refuses until somebody says so."""


class Balancer(pulumi.ComponentResource):
    """An internal application load balancer. A name that belongs to no server is answered with 404."""

    arn: pulumi.Output[str]
    """ARN, for targets; it waits for the listener, without which it is none."""

    arn_suffix: pulumi.Output[str]
    """What CloudWatch calls it."""

    dns_name: pulumi.Output[str]
    """Its own name."""

    zone_id: pulumi.Output[str]
    """Hosted zone of that name."""

    listener_arn: pulumi.Output[str]
    """Listener to which servers add their rule."""

    group_id: pulumi.Output[str]
    """Its security group."""

    def __init__(self, name: str, args: BalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Balancer", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            description="MLflow's load balancer: TLS in, to the servers out",
            vpc_id=args.vpc_id,
            tags={"Name": f"{args.account_key}-balancer"},
            opts=child,
        )
        for team, block in args.clients.items():
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-clients-{team}",
                security_group_id=group.id,
                description=f"TLS from the network of {team}",
                cidr_ipv4=block,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            )
        balancer = aws.lb.LoadBalancer(
            name,
            name=args.load_balancer,
            internal=True,
            load_balancer_type="application",
            ip_address_type="ipv4",
            subnets=args.subnet_ids,
            security_groups=[group.id],
            # The gate decides by headers: what is ambiguous or malformed never reaches it.
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            idle_timeout=_IDLE_SECONDS,
            enable_deletion_protection=not args.disposable,
            opts=child.merge(
                pulumi.ResourceOptions(
                    protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
                )
            ),
        )
        listener = aws.lb.Listener(
            name,
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=_POLICY,
            certificate_arn=args.certificate_arn,
            default_actions=[_answer(404, "no server of this name")],
            opts=child,
        )
        aws.lb.ListenerRule(
            f"{name}-health",
            listener_arn=listener.arn,
            priority=1,
            conditions=[{"path_pattern": {"values": [HEALTH_PATH]}}],
            actions=[_answer(200, "here")],
            opts=child,
        )

        self.arn = pulumi.Output.all(balancer.arn, listener.arn).apply(lambda known: str(known[0]))
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.listener_arn = listener.arn
        self.group_id = group.id
        self.register_outputs(
            {
                "arn": self.arn,
                "arn_suffix": self.arn_suffix,
                "dns_name": self.dns_name,
                "zone_id": self.zone_id,
                "listener_arn": self.listener_arn,
                "group_id": self.group_id,
            }
        )


def _answer(code: int, text: str) -> Any:  # noqa: ANN401 -- of a listener and of a rule, whose types differ in name only
    """Answer without a server."""
    return {
        "type": "fixed-response",
        "fixed_response": {"content_type": "text/plain", "message_body": text, "status_code": str(code)},
    }

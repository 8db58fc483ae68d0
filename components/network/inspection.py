"""AWS Network Firewall in the hub: connections that name no allowed domain are dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import pulumi
import pulumi_aws as aws

CAPACITY: Final = 3000
"""Rules that the list has room for [count], fixed when it is made: 1,000 domains in two protocols, and a third more.

Source: AWS Network Firewall API, CreateRuleGroup, Capacity: the number of rules, and never changed (botocore's model,
read 2026-11-30).
"""


@dataclass(frozen=True, kw_only=True)
class InspectionArgs:
    """Inputs of Inspection."""

    firewall_name: str
    """Name of firewall, policy and rule group."""

    region: str
    """Region; zones are its name and a letter."""

    vpc_id: pulumi.Input[str]
    """The hub's VPC."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnet of the firewall by zone letter. Plain keys."""

    tables_in: Mapping[str, pulumi.Input[str]]
    """Route table by zone letter of the transit gateway's subnets: what comes from the teams goes to the firewall."""

    tables_back: Mapping[str, pulumi.Input[str]]
    """Route table by zone letter of the public subnets: what comes back goes through the same firewall."""

    pool: str
    """Block of the teams' networks [IPv4]: what is inspected."""

    hub_cidr: str
    """Block of the hub's VPC."""

    allowed_domains: Sequence[str]
    """Domains; `*.` in front stands for everything below."""

    log_group_name: pulumi.Input[str]
    """Log group of what was dropped and of all connections."""

    protected: bool
    """Whether AWS refuses to delete the firewall."""


class Inspection(pulumi.ComponentResource):
    """A firewall with an endpoint in each zone, on the way out and on the way back of the same zone.

    The transit gateway keeps a connection to one zone (appliance mode), or the firewall would see half of it. Domains
    are read from TLS's server name and HTTP's host; a client may lie there, so DNS is filtered besides. Its rules are
    the list in the environment's file, no data: AWS's own key encrypts them.
    """

    firewall_arn: pulumi.Output[str]
    """The firewall."""

    endpoint_ids: Mapping[str, pulumi.Output[str]]
    """VPC endpoint of the firewall by zone letter."""

    def __init__(self, name: str, args: InspectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Inspection", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        rules = aws.networkfirewall.RuleGroup(
            f"{name}-domains",
            name=f"{args.firewall_name}-domains",
            type="STATEFUL",
            capacity=CAPACITY,
            rule_group={
                "rule_variables": {
                    # By default only what comes from the firewall's own VPC is looked at (AWS Network Firewall API,
                    # RulesSourceList, read 2026-11-30).
                    "ip_sets": [{"key": "HOME_NET", "ip_set": {"definitions": [args.pool, args.hub_cidr]}}]
                },
                "rules_source": {
                    "rules_source_list": {
                        "generated_rules_type": "ALLOWLIST",
                        "target_types": ["TLS_SNI", "HTTP_HOST"],
                        # ".example.com" is example.com and all below it (the same page).
                        "targets": [domain.removeprefix("*") for domain in args.allowed_domains],
                    }
                },
            },
            opts=named,
        )
        policy = aws.networkfirewall.FirewallPolicy(
            name,
            name=args.firewall_name,
            firewall_policy={
                "stateless_default_actions": ["aws:forward_to_sfe"],
                "stateless_fragment_default_actions": ["aws:forward_to_sfe"],
                # An allow list drops other names of HTTP and TLS only; other protocols never get here: the teams'
                # groups let TLS out and nothing else.
                "stateful_rule_group_references": [{"resource_arn": rules.arn}],
            },
            opts=named,
        )
        firewall = aws.networkfirewall.Firewall(
            name,
            name=args.firewall_name,
            firewall_policy_arn=policy.arn,
            vpc_id=args.vpc_id,
            subnet_mappings=[{"subnet_id": subnet_id} for subnet_id in args.subnet_ids.values()],
            delete_protection=args.protected,
            subnet_change_protection=False,  # a zone may be added to the environment
            firewall_policy_change_protection=False,
            opts=named.merge(pulumi.ResourceOptions(protect=args.protected)),
        )
        aws.networkfirewall.LoggingConfiguration(
            name,
            firewall_arn=firewall.arn,
            logging_configuration={
                "log_destination_configs": [
                    {
                        "log_type": kind,
                        "log_destination_type": "CloudWatchLogs",
                        "log_destination": {"logGroup": args.log_group_name},
                    }
                    for kind in ("ALERT", "FLOW")
                ]
            },
            opts=child,
        )
        endpoints = {
            zone: firewall.firewall_statuses.apply(partial(_endpoint, zone=f"{args.region}{zone}"))
            for zone in args.subnet_ids
        }
        for zone, endpoint in endpoints.items():
            for what, table, block in (
                ("in", args.tables_in[zone], "0.0.0.0/0"),
                ("back", args.tables_back[zone], args.pool),
            ):
                aws.ec2.Route(
                    f"{name}-{what}-{zone}",
                    route_table_id=table,
                    destination_cidr_block=block,
                    vpc_endpoint_id=endpoint,
                    opts=child,
                )

        self.firewall_arn = firewall.arn
        self.endpoint_ids = endpoints
        self.register_outputs({"firewall_arn": self.firewall_arn, "endpoint_ids": self.endpoint_ids})


def _endpoint(statuses: Sequence[aws.networkfirewall.outputs.FirewallFirewallStatus] | None, zone: str) -> str:
    """Return the firewall's endpoint in *zone*: AWS lists them in an order of its own."""
    for status in statuses or ():
        for state in status.sync_states or ():
            if state.availability_zone == zone:
                return next(attachment.endpoint_id for attachment in state.attachments or () if attachment.endpoint_id)
    raise ValueError(f"the firewall has no endpoint in {zone}")

"""Which names are resolved: a list of DNS Firewall that other accounts' networks are associated with."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class DnsFirewallArgs:
    """Inputs of DnsFirewall."""

    group_name: str
    """Name of the rule group; its lists are named after it."""

    allowed_domains: Sequence[str]
    """Domains of the internet that are resolved."""

    own_names: Sequence[str]
    """Names that the networks themselves need: endpoints, buckets, hosts."""


class DnsFirewall(pulumi.ComponentResource):
    """A rule group: what is listed is resolved, all else is answered with NODATA.

    Names of private hosted zones and of endpoints pass through it too (Amazon Route 53 Developer Guide, "Using DNS
    Firewall to filter outbound DNS traffic", read 2026-11-30). It sees names, not connections: an address that somebody
    knows is reached without asking.
    """

    rule_group_id: pulumi.Output[str]
    """The rule group."""

    rule_group_arn: pulumi.Output[str]
    """Its ARN: what is shared."""

    def __init__(self, name: str, args: DnsFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:DnsFirewall", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        group = aws.route53.ResolverFirewallRuleGroup(name, name=args.group_name, opts=child)
        # Route 53 gives each name back with its last dot, and a refresh would take one without for a change.
        named = {"own": args.own_names, "allowed": args.allowed_domains, "all": ["*"]}
        lists = {what: [f"{each}." for each in domains] for what, domains in named.items()}
        for place, (what, domains) in enumerate(lists.items()):
            listed = aws.route53.ResolverFirewallDomainList(
                f"{name}-{what}", name=f"{args.group_name}-{what}", domains=domains, opts=child
            )
            blocks = what == "all"
            aws.route53.ResolverFirewallRule(
                f"{name}-{what}",
                name=what,
                action="BLOCK" if blocks else "ALLOW",
                block_response="NODATA" if blocks else None,
                # An allowed name may lead to another by CNAME, within the same answer.
                firewall_domain_redirection_action=None if blocks else "TRUST_REDIRECTION_DOMAIN",
                firewall_domain_list_id=listed.id,
                firewall_rule_group_id=group.id,
                priority=100 * (place + 1),
                opts=child,
            )

        self.rule_group_id = group.id
        self.rule_group_arn = group.arn
        self.register_outputs({"rule_group_id": self.rule_group_id, "rule_group_arn": self.rule_group_arn})

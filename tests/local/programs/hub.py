"""A hub: transit gateway, shared zones, egress, DNS firewall and firewall; and a team that is attached to it."""

import pulumi_aws as aws
from place import MANAGEMENT, PLATFORM, TEAM, account, after, key, network

root, hub, team = account("root", MANAGEMENT), account("hub", PLATFORM), account("team", TEAM)
kept = after(root, retain_on_delete=True)  # a young account does not leave
organization = aws.organizations.Organization(
    "organization", feature_set="ALL", aws_service_access_principals=["ram.amazonaws.com"], opts=kept
)
hub_account = aws.organizations.Account(
    "hub-account",
    name="platform",
    email="platform@example.com",
    close_on_deletion=False,
    opts=after(kept, organization),
)
team_account = aws.organizations.Account(
    "team-account", name="team", email="team@example.com", close_on_deletion=False, opts=after(kept, organization)
)
sharing = aws.ram.SharingWithOrganization("sharing", opts=after(root, organization))
ready = [sharing, hub_account, team_account]

hub, team = after(hub, hub_account), after(team, team_account)
vpc, subnets = network("hub", 1, hub)
tvpc, tsubnets = network("team", 2, team)


def routed(name, of, inside, options):
    """A route table for these subnets."""
    made = aws.ec2.RouteTable(f"{name}-table", vpc_id=of.id, opts=options)
    for i, subnet in enumerate(inside):
        aws.ec2.RouteTableAssociation(f"{name}-{i}-routed", subnet_id=subnet.id, route_table_id=made.id, opts=options)
    return made


table, ttable = routed("hub", vpc, subnets, hub), routed("team", tvpc, tsubnets, team)

# transit gateway
tgw = aws.ec2transitgateway.TransitGateway(
    "tgw",
    description="hub",
    default_route_table_association="disable",
    default_route_table_propagation="disable",
    auto_accept_shared_attachments="disable",
    dns_support="enable",
    amazon_side_asn=64512,
    opts=hub,
)
own = aws.ec2transitgateway.VpcAttachment(
    "own",
    transit_gateway_id=tgw.id,
    vpc_id=vpc.id,
    subnet_ids=[s.id for s in subnets],
    appliance_mode_support="enable",
    transit_gateway_default_route_table_association=False,
    transit_gateway_default_route_table_propagation=False,
    opts=hub,
)
share = aws.ram.ResourceShare("share", name="hub", allow_external_principals=False, opts=after(hub, *ready))
aws.ram.ResourceAssociation("share-tgw", resource_share_arn=share.arn, resource_arn=tgw.arn, opts=hub)
with_team = aws.ram.PrincipalAssociation("share-team", resource_share_arn=share.arn, principal=TEAM, opts=hub)
theirs = aws.ec2transitgateway.VpcAttachment(
    "theirs",
    transit_gateway_id=tgw.id,
    vpc_id=tvpc.id,
    subnet_ids=[s.id for s in tsubnets],
    opts=after(team, with_team),
)
accepted = aws.ec2transitgateway.VpcAttachmentAccepter(
    "accepted",
    transit_gateway_attachment_id=theirs.id,
    transit_gateway_default_route_table_association=False,
    transit_gateway_default_route_table_propagation=False,
    tags={"Name": "team"},
    opts=hub,
)
spokes = aws.ec2transitgateway.RouteTable("spokes", transit_gateway_id=tgw.id, opts=hub)
inspection = aws.ec2transitgateway.RouteTable("inspection", transit_gateway_id=tgw.id, opts=hub)
aws.ec2transitgateway.RouteTableAssociation(
    "associate-theirs", transit_gateway_attachment_id=accepted.id, transit_gateway_route_table_id=spokes.id, opts=hub
)
aws.ec2transitgateway.RouteTableAssociation(
    "associate-own", transit_gateway_attachment_id=own.id, transit_gateway_route_table_id=inspection.id, opts=hub
)
aws.ec2transitgateway.RouteTablePropagation(
    "propagate", transit_gateway_attachment_id=accepted.id, transit_gateway_route_table_id=inspection.id, opts=hub
)
aws.ec2transitgateway.RouteTablePropagation(
    "propagate-own", transit_gateway_attachment_id=own.id, transit_gateway_route_table_id=spokes.id, opts=hub
)
aws.ec2transitgateway.Route(
    "default",
    destination_cidr_block="0.0.0.0/0",
    transit_gateway_attachment_id=own.id,
    transit_gateway_route_table_id=spokes.id,
    opts=hub,
)
aws.ec2transitgateway.Route(
    "blackhole",
    destination_cidr_block="10.99.0.0/16",
    blackhole=True,
    transit_gateway_route_table_id=spokes.id,
    opts=hub,
)
aws.ec2.Route(
    "team-out",
    route_table_id=ttable.id,
    destination_cidr_block="0.0.0.0/0",
    transit_gateway_id=tgw.id,
    opts=after(team, accepted),
)

# egress
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id, opts=hub)
address = aws.ec2.Eip("address", domain="vpc", opts=hub)
nat = aws.ec2.NatGateway("nat", allocation_id=address.allocation_id, subnet_id=subnets[0].id, opts=after(hub, gateway))
aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=nat.id, opts=hub)

# zones
zone = aws.route53.Zone(
    "zone", name="sts.eu-west-1.amazonaws.com", vpcs=[{"vpc_id": vpc.id}], opts=after(hub, ignore_changes=["vpcs"])
)
authorised = aws.route53.VpcAssociationAuthorization("authorised", zone_id=zone.zone_id, vpc_id=tvpc.id, opts=hub)
aws.route53.ZoneAssociation("associated", zone_id=authorised.zone_id, vpc_id=authorised.vpc_id, opts=team)
group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id, description="d", opts=hub)
endpoint = aws.ec2.VpcEndpoint(
    "sts",
    vpc_id=vpc.id,
    service_name="com.amazonaws.eu-west-1.sts",
    vpc_endpoint_type="Interface",
    subnet_ids=[s.id for s in subnets],
    security_group_ids=[group.id],
    private_dns_enabled=False,
    opts=hub,
)
aws.route53.Record(
    "sts-alias",
    zone_id=zone.zone_id,
    name="sts.eu-west-1.amazonaws.com",
    type="A",
    aliases=[
        {
            "name": endpoint.dns_entries[0]["dns_name"],
            "zone_id": endpoint.dns_entries[0]["hosted_zone_id"],
            "evaluate_target_health": False,
        }
    ],
    opts=hub,
)

# dns firewall
domains = aws.route53.ResolverFirewallDomainList("domains", name="allowed", domains=["*.amazonaws.com."], opts=hub)
everything = aws.route53.ResolverFirewallDomainList("everything", name="all", domains=["*."], opts=hub)
rules = aws.route53.ResolverFirewallRuleGroup("rules", name="rules", opts=hub)
aws.route53.ResolverFirewallRule(
    "allow",
    name="allow",
    action="ALLOW",
    firewall_domain_list_id=domains.id,
    firewall_rule_group_id=rules.id,
    priority=100,
    opts=hub,
)
aws.route53.ResolverFirewallRule(
    "block",
    name="block",
    action="BLOCK",
    block_response="NXDOMAIN",
    firewall_domain_list_id=everything.id,
    firewall_rule_group_id=rules.id,
    priority=200,
    opts=hub,
)
aws.route53.ResolverFirewallRuleGroupAssociation(
    "rules-here",
    name="hub",
    firewall_rule_group_id=rules.id,
    priority=101,
    vpc_id=vpc.id,
    mutation_protection="DISABLED",
    opts=hub,
)
share_rules = aws.ram.ResourceAssociation("share-rules", resource_share_arn=share.arn, resource_arn=rules.arn, opts=hub)
aws.route53.ResolverFirewallRuleGroupAssociation(
    "rules-there",
    name="team",
    firewall_rule_group_id=rules.id,
    priority=101,
    vpc_id=tvpc.id,
    opts=after(team, share_rules, with_team),
)
aws.route53.ResolverFirewallConfig("fail-closed", resource_id=tvpc.id, firewall_fail_open="DISABLED", opts=team)
own_key = key(hub)
logs = aws.cloudwatch.LogGroup("logs", name="/mlz/hub", retention_in_days=30, kms_key_id=own_key.arn, opts=hub)
queries = aws.route53.ResolverQueryLogConfig("queries", name="queries", destination_arn=logs.arn, opts=hub)
aws.route53.ResolverQueryLogConfigAssociation(
    "queries-here", resolver_query_log_config_id=queries.id, resource_id=vpc.id, opts=hub
)
share_queries = aws.ram.ResourceAssociation(
    "share-queries", resource_share_arn=share.arn, resource_arn=queries.arn, opts=hub
)
aws.route53.ResolverQueryLogConfigAssociation(
    "queries-there",
    resolver_query_log_config_id=queries.id,
    resource_id=tvpc.id,
    opts=after(team, share_queries, with_team),
)

# network firewall
stateful = aws.networkfirewall.RuleGroup(
    "stateful",
    name="domains",
    type="STATEFUL",
    capacity=100,
    rule_group={
        "rules_source": {
            "rules_source_list": {
                "generated_rules_type": "ALLOWLIST",
                "target_types": ["TLS_SNI", "HTTP_HOST"],
                "targets": [".pypi.org"],
            }
        },
        "rule_variables": {"ip_sets": [{"key": "HOME_NET", "ip_set": {"definitions": ["10.0.0.0/8"]}}]},
        "stateful_rule_options": {"rule_order": "STRICT_ORDER"},
    },
    encryption_configuration={"type": "CUSTOMER_KMS", "key_id": own_key.arn},
    opts=hub,
)
policy = aws.networkfirewall.FirewallPolicy(
    "policy",
    name="policy",
    firewall_policy={
        "stateless_default_actions": ["aws:forward_to_sfe"],
        "stateless_fragment_default_actions": ["aws:forward_to_sfe"],
        "stateful_default_actions": ["aws:drop_established", "aws:alert_established"],
        "stateful_engine_options": {"rule_order": "STRICT_ORDER"},
        "stateful_rule_group_references": [{"resource_arn": stateful.arn, "priority": 10}],
    },
    encryption_configuration={"type": "CUSTOMER_KMS", "key_id": own_key.arn},
    opts=hub,
)
fw_subnet = aws.ec2.Subnet(
    "firewall-subnet", vpc_id=vpc.id, cidr_block="10.1.9.0/28", availability_zone="eu-west-1a", opts=hub
)
firewall = aws.networkfirewall.Firewall(
    "firewall",
    name="egress",
    firewall_policy_arn=policy.arn,
    vpc_id=vpc.id,
    subnet_mappings=[{"subnet_id": fw_subnet.id}],
    delete_protection=False,
    subnet_change_protection=False,
    firewall_policy_change_protection=False,
    encryption_configuration={"type": "CUSTOMER_KMS", "key_id": own_key.arn},
    opts=hub,
)
aws.networkfirewall.LoggingConfiguration(
    "firewall-logs",
    firewall_arn=firewall.arn,
    logging_configuration={
        "log_destination_configs": [
            {"log_type": "ALERT", "log_destination_type": "CloudWatchLogs", "log_destination": {"logGroup": logs.name}}
        ]
    },
    opts=hub,
)
endpoint_id = firewall.firewall_statuses[0]["sync_states"][0]["attachments"][0]["endpoint_id"]
fw_table = aws.ec2.RouteTable("fw-table", vpc_id=vpc.id, opts=hub)
aws.ec2.Route(
    "through", route_table_id=fw_table.id, destination_cidr_block="0.0.0.0/0", vpc_endpoint_id=endpoint_id, opts=hub
)

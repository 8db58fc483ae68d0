"""DNS Firewall, query logs and Network Firewall of the emulated AWS, asked with boto3."""

import pytest
from botocore.exceptions import ClientError

ALLOW = {
    "RulesSource": {
        "RulesSourceList": {"Targets": [".pypi.org"], "TargetTypes": ["TLS_SNI"], "GeneratedRulesType": "ALLOWLIST"}
    }
}


def refused(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"]


@pytest.fixture
def network(client):
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.60.0.0/28", AvailabilityZone="eu-west-1a")["Subnet"]
    return vpc, subnet["SubnetId"]


def test_domains_rules_and_associations_go_in_the_order_they_need_each_other(client, network):
    resolver = client("route53resolver")
    domains = {"FirewallDomainListId": resolver.create_firewall_domain_list(Name="d")["FirewallDomainList"]["Id"]}
    group = {"FirewallRuleGroupId": resolver.create_firewall_rule_group(Name="g")["FirewallRuleGroup"]["Id"]}
    block = {"Action": "BLOCK", "BlockResponse": "NXDOMAIN", "Name": "b"}
    here = {**group, "VpcId": network[0], "Name": "h"}

    resolver.update_firewall_domains(**domains, Operation="ADD", Domains=["a.example.com", "b.example.com."])
    resolver.update_firewall_domains(**domains, Operation="REMOVE", Domains=["b.example.com"])
    assert ["a.example.com."] == resolver.list_firewall_domains(**domains)["Domains"]
    resolver.create_firewall_rule(**group, **domains, **block, Priority=100)
    assert "ValidationException" == refused(resolver.create_firewall_rule, **group, **domains, **block, Priority=100)
    made = resolver.associate_firewall_rule_group(**here, Priority=101, MutationProtection="ENABLED")
    one = {"FirewallRuleGroupAssociationId": made["FirewallRuleGroupAssociation"]["Id"]}
    assert "ConflictException" == refused(resolver.associate_firewall_rule_group, **here, Priority=102)

    assert "ConflictException" == refused(resolver.delete_firewall_domain_list, **domains)
    assert "ConflictException" == refused(resolver.delete_firewall_rule_group, **group)
    assert "ValidationException" == refused(resolver.disassociate_firewall_rule_group, **one)
    resolver.update_firewall_rule_group_association(**one, MutationProtection="DISABLED")
    resolver.disassociate_firewall_rule_group(**one)
    assert "ConflictException" == refused(resolver.delete_firewall_rule_group, **group)
    resolver.delete_firewall_rule(**group, **domains)
    resolver.delete_firewall_rule_group(**group)
    resolver.delete_firewall_domain_list(**domains)


def test_a_log_of_queries_stays_while_a_vpc_logs_to_it(client, network):
    resolver = client("route53resolver")
    arn = "arn:aws:logs:eu-west-1:111111111111:log-group:/queries"
    made = resolver.create_resolver_query_log_config(
        Name="q", DestinationArn=arn, CreatorRequestId="q", Tags=[{"Key": "owner", "Value": "hub"}]
    )["ResolverQueryLogConfig"]
    one = {"ResolverQueryLogConfigId": made["Id"]}

    resolver.associate_resolver_query_log_config(**one, ResourceId=network[0])
    tags = resolver.list_tags_for_resource(ResourceArn=made["Arn"])["Tags"]
    assert [{"Key": "owner", "Value": "hub"}] == tags
    assert "InvalidRequestException" == refused(resolver.delete_resolver_query_log_config, **one)
    resolver.disassociate_resolver_query_log_config(**one, ResourceId=network[0])
    resolver.delete_resolver_query_log_config(**one)


def test_a_firewall_goes_when_nothing_needs_it_and_its_parts_after_it(client, network):
    firewalls, ec2 = client("network-firewall"), client("ec2")
    vpc, subnet = network
    rules = firewalls.create_rule_group(RuleGroupName="r", Type="STATEFUL", Capacity=10, RuleGroup=ALLOW)
    group = {"RuleGroupArn": rules["RuleGroupResponse"]["RuleGroupArn"]}
    said = {
        "StatelessDefaultActions": ["aws:forward_to_sfe"],
        "StatelessFragmentDefaultActions": ["aws:forward_to_sfe"],
        "StatefulRuleGroupReferences": [{"ResourceArn": group["RuleGroupArn"]}],
    }
    made = firewalls.create_firewall_policy(FirewallPolicyName="p", FirewallPolicy=said)["FirewallPolicyResponse"]
    policy = {"FirewallPolicyArn": made["FirewallPolicyArn"]}
    named = {"FirewallName": "f"}
    firewalls.create_firewall(
        **named, **policy, VpcId=vpc, SubnetMappings=[{"SubnetId": subnet}], DeleteProtection=True
    )
    status = firewalls.describe_firewall(**named)["FirewallStatus"]
    endpoint = status["SyncStates"]["eu-west-1a"]["Attachment"]["EndpointId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    through = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    ec2.create_route(**through, VpcEndpointId=endpoint)

    assert "InvalidOperationException" == refused(firewalls.delete_rule_group, **group)
    assert "InvalidOperationException" == refused(firewalls.delete_firewall_policy, **policy)
    assert "InvalidOperationException" == refused(firewalls.delete_firewall, **named)
    firewalls.update_firewall_delete_protection(**named, DeleteProtection=False)
    assert "InvalidOperationException" == refused(firewalls.delete_firewall, **named)
    assert "DependencyViolation" == refused(ec2.delete_subnet, SubnetId=subnet)
    ec2.delete_route(**through)
    firewalls.delete_firewall(**named)
    firewalls.delete_firewall_policy(**policy)
    firewalls.delete_rule_group(**group)


def test_an_update_takes_the_token_of_the_last_look(client):
    firewalls = client("network-firewall")
    named = {"RuleGroupName": "t", "Type": "STATEFUL"}
    first = firewalls.create_rule_group(**named, Capacity=10, RuleGroup=ALLOW)["UpdateToken"]
    firewalls.update_rule_group(**named, UpdateToken=first, RuleGroup=ALLOW)

    assert "InvalidTokenException" == refused(firewalls.update_rule_group, **named, UpdateToken=first, RuleGroup=ALLOW)


def test_addresses_and_gateways_stay_while_a_nat_gateway_needs_them(client, network):
    ec2 = client("ec2")
    vpc, subnet = network
    gateway = {"InternetGatewayId": ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"], "VpcId": vpc}
    ec2.attach_internet_gateway(**gateway)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]

    assert "InvalidIPAddress.InUse" == refused(ec2.release_address, AllocationId=address)
    assert "DependencyViolation" == refused(ec2.detach_internet_gateway, **gateway)
    assert "DependencyViolation" == refused(ec2.delete_subnet, SubnetId=subnet)
    ec2.delete_nat_gateway(NatGatewayId=nat)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.detach_internet_gateway(**gateway)

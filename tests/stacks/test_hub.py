"""Every declared feature of a team behind a hub has its path on what is recorded, and no path is there undeclared."""

import copy
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from checks.network.follow import follow
from checks.network.graph import graph
from checks.network.prove import ANYWHERE, lacks
from checks.record import Recording, record
from policies.evaluate import evaluate, level_of
from policies.settings import settings_for
from stacks.build import build
from tests.policies.recorded import recorded as resources_of
from zone.plan import planner
from zone.plan.cost import standing

EXAMPLE = Path(__file__).parents[2] / "examples" / "shared-platform"
STACKS = ("prod", "prod-churn", "prod-fraud")
KNOWN_ADVICE = {
    *("s3-logging", "s3-lifecycle", "ecr-lifecycle"),  # see tests/policies/test_own_stacks.py
    "vpc-endpoint-private-dns",  # a private hosted zone leads to a central endpoint: AWS's own name would not
    "netfw-protections",  # its rules are the list in the file: docs/decisions.md
}


@cache
def zone():
    return planner.read(EXAMPLE)


@cache
def recorded():
    return {stack: record(lambda stack=stack: build(zone(), stack), stack=stack) for stack in STACKS}


def without(*gone):
    """The recordings, but for resources of these stacks, types and names."""
    return {
        stack: Recording(
            [
                each
                for each in recording.resources
                if not any(
                    (stack, each.type.rpartition(":")[2]) == (where, kind) and each.name == name
                    for where, kind, name in gone
                )
            ],
            recording.exports,
        )
        for stack, recording in recorded().items()
    }


def said(recordings):
    return [str(lack) for lack in lacks(zone(), "prod", recordings)]


@pytest.mark.shows("B8", "S10")
def test_each_declared_feature_has_its_path_and_teams_are_apart():
    hub = zone().teams["prod-fraud"].hub

    assert {"sts", "sagemaker-api", "ecr-api"} <= {each.key for each in hub.central}
    assert [] == said(recorded())


@pytest.mark.shows("S10")
@pytest.mark.parametrize(
    ("stack", "kind", "name", "words"),
    [
        ("prod-fraud", "Route", "fraud-internet", "prod-fraud: egress: no way to the internet: no route"),
        ("prod-fraud", "VpcAttachment", "fraud-hub", "no attachment in this zone"),
        ("prod-fraud", "VpcAttachmentAccepter", "fraud-hub", "attachment not accepted"),
        ("prod-fraud", "RouteTableAssociation", "fraud-hub", "attachment without a route table"),
        ("prod-fraud", "RouteTablePropagation", "fraud-hub", "the way back ends elsewhere"),
        ("prod-fraud", "ZoneAssociation", "fraud-ssm", "contract: ssm: the network is not associated"),
        ("prod-fraud", "VpcAssociationAuthorization", "fraud-ssm", "contract: ssm: the network is not associated"),
        ("prod-fraud", "ResolverFirewallRuleGroupAssociation", "fraud-dns", "no DNS firewall holds the names"),
        ("prod-fraud", "ResolverFirewallConfig", "fraud-dns", "the DNS firewall fails open"),
        ("prod-fraud", "VpcEndpoint", "fraud-studio", "studio: studio: no endpoint"),
        ("prod", "VpcEndpoint", "hub-ssm", "contract: ssm: no endpoint, neither in the network nor in the hub"),
        ("prod", "Record", "hub-ssm", "contract: ssm: no record leads from its name"),
        ("prod", "Route", "hub-spokes-hub", "contract: ssm: the way there ends elsewhere: blackhole"),
        ("prod", "Route", "hub-hub-endpoints-teams", "contract: ssm: the way back ends elsewhere: no route"),
        ("prod", "SecurityGroupIngressRule", "hub-endpoints-pool", "does not let the network in"),
        ("prod", "Route", "hub-in-a", "egress: no way to the internet: no route"),
        ("prod", "Route", "hub-back-a", "egress: the way back from the internet ends elsewhere"),
        ("prod", "Route", "hub-out-b", "egress: no way to the internet"),
        ("prod", "Route", "hub-public-b", "egress: no way to the internet"),
        ("prod", "Route", "hub-spokes-internet", "egress: no way to the internet"),
    ],
)
def test_a_missing_piece_is_named_with_the_feature_that_needs_it(stack, kind, name, words):
    assert any(words in line for line in said(without((stack, kind, name)))), said(without((stack, kind, name)))


@pytest.mark.shows("B8")
def test_without_the_blackholes_one_team_would_reach_another_through_the_exit():
    gone = [
        ("prod", "Route", each.name) for each in recorded()["prod"].made() if each.name.startswith("hub-spokes-no-")
    ]

    assert 4 == len(gone)
    assert [
        "prod-churn: isolation: a packet reaches prod-fraud",
        "prod-fraud: isolation: a packet reaches prod-churn",
    ] == [line for line in said(without(*gone)) if "isolation" in line]


def test_a_firewall_that_sees_one_direction_only_is_said():
    recordings = copy.deepcopy(recorded())
    prod = recordings["prod"]
    for place, each in enumerate(prod.resources):
        if each.name.startswith("hub-back-"):  # what comes back goes past the firewall
            table = dict(each.inputs)
            table["transitGatewayId"] = prod.exports["shared"]["hub"]["transit_gateway"]
            del table["vpcEndpointId"]
            prod.resources[place] = replace(each, inputs=table)

    assert "prod-fraud: egress: the firewall does not see both directions" in said(recordings)


@pytest.mark.parametrize(
    ("kind", "names", "words"),
    [
        ("Route", ("fraud-hub", "fraud-internet"), "contract: ssm: the way there ends elsewhere: no route"),
        (
            "SecurityGroupEgressRule",
            ("fraud-workloads-to-hub", "fraud-workloads-to-internet"),
            "contract: ssm: security group fraud-workloads does not let TLS out to it",
        ),
    ],
)
def test_what_the_way_out_would_carry_too_is_missed_where_both_are_gone(kind, names, words):
    assert any(words in line for line in said(without(*(("prod-fraud", kind, name) for name in names))))


def test_out_and_back_stay_in_the_zone_in_which_they_began():
    found = graph(recorded()["prod"].made(), {})
    entries = {each.name: each.outputs["id"] for each in recorded()["prod"].of("aws:ec2/subnet:Subnet")}
    for letter in "ab":
        way = follow(found, entries[f"hub-attachment-{letter}"], ANYWHERE)
        assert "internet" == way.end
        assert {f"eu-west-1{letter}"} == {found.subnets[hop].zone for hop in way.hops if hop in found.subnets}


def test_the_hub_takes_nobody_by_itself_and_shares_with_the_teams_alone():
    prod = recorded()["prod"]
    gateway = prod.one("aws:ec2transitgateway/transitGateway:TransitGateway").inputs
    principals = {each.inputs["principal"] for each in prod.of("aws:ram/principalAssociation:PrincipalAssociation")}

    assert {"disable"} == {
        gateway[key]
        for key in ("autoAcceptSharedAttachments", "defaultRouteTableAssociation", "defaultRouteTablePropagation")
    }
    assert {"100000000021", "100000000022"} == principals
    assert not prod.one("aws:ram/resourceShare:ResourceShare").inputs["allowExternalPrincipals"]


@pytest.mark.shows("B9")
def test_names_are_resolved_that_are_listed_and_no_other():
    prod = recorded()["prod"]
    rules = sorted(prod.of("aws:route53/resolverFirewallRule:ResolverFirewallRule"), key=lambda r: r.inputs["priority"])
    lists = {
        each.outputs["id"]: [domain.removesuffix(".") for domain in each.inputs["domains"]]
        for each in prod.of("aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList")
    }

    assert ["ALLOW", "ALLOW", "BLOCK"] == [rule.inputs["action"] for rule in rules]
    own, allowed, rest = (lists[rule.inputs["firewallDomainListId"]] for rule in rules)
    assert ["pypi.org", "files.pythonhosted.org"] == allowed
    assert ["*"] == rest
    named = {each.inputs["name"] for each in prod.of("aws:route53/zone:Zone")}
    assert named <= set(own), "a central endpoint whose name is refused is none"
    assert not [
        name for name in own if name.startswith("*.") and name.count(".") < 3 and name.endswith("amazonaws.com")
    ]


@pytest.mark.shows("B4")
def test_a_central_endpoint_lets_the_organisation_through_and_nobody_else():
    endpoints = [
        each for each in recorded()["prod"].of("aws:ec2/vpcEndpoint:VpcEndpoint") if "CentralEndpoints" in each.urn
    ]

    assert 11 == len(endpoints)
    for each in endpoints:
        assert "o-exampleorg1" in each.inputs["policy"]
        assert not each.inputs["privateDnsEnabled"]


def test_a_team_that_keeps_apart_has_its_own_endpoints_and_no_way_out(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "accounts")
    file = tmp_path / "accounts" / "prod" / "churn.yaml"
    file.write_text(file.read_text().replace("  prefix: 24", "  prefix: 24\n  hub: false"))
    apart = planner.read(tmp_path / "accounts")

    assert apart.teams["prod-churn"].hub is None
    assert {"sts", "logs"} <= {each.key for each in apart.teams["prod-churn"].endpoints}
    assert ["fraud"] == list(apart.platforms["prod"].hub.spokes)


@pytest.mark.shows("T8")
def test_what_a_hub_costs_idle_is_counted_on_what_is_made():
    prod, costs = recorded()["prod"], {cost.what: cost.count for cost in standing(zone())["prod"]}
    central = [each for each in prod.of("aws:ec2/vpcEndpoint:VpcEndpoint") if "CentralEndpoints" in each.urn]
    made = {
        "transit gateway attachment": len(prod.of("aws:ec2transitgateway/vpcAttachment:VpcAttachment")),
        "private hosted zone": len(
            [each for each in prod.of("aws:route53/zone:Zone") if "CentralEndpoints" in each.urn]
        ),
        "NAT gateway": len(prod.of("aws:ec2/natGateway:NatGateway")),
        "public IPv4 address": len(prod.of("aws:ec2/eip:Eip")),
        "Network Firewall endpoint": sum(
            len(each.inputs["subnetMappings"]) for each in prod.of("aws:networkfirewall/firewall:Firewall")
        ),
    }

    assert made == {what: costs[what] for what in made}
    assert 22 == sum(len(each.inputs["subnetIds"]) for each in central)
    team = {cost.what: cost.count for cost in standing(zone())["prod-fraud"]}
    assert (1, 6) == (team["transit gateway attachment"], team["interface endpoint"])


@pytest.mark.parametrize("stack", STACKS)
def test_a_hub_breaks_no_rule_of_the_packs(stack, monkeypatch):
    monkeypatch.setenv("MLZ_ACCOUNTS", str(EXAMPLE))
    settings = settings_for(stack)
    found = evaluate(
        resources_of(zone(), stack), settings, wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled"
    )
    ours = [each for each in found if each["name"].startswith(("hub", "fraud", "churn"))]

    assert [] == [each for each in ours if each["level"] == "mandatory" or each["unknown"]]
    assert KNOWN_ADVICE >= {each["rule"] for each in ours}

import json
from functools import partial

import pytest

from tests.components.building import built
from tests.components.examples import network

INTERNET = {"internetGateway", "egressOnlyInternetGateway", "natGateway", "eip", "vpcPeeringConnection"}
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


@pytest.fixture(scope="module")
def recording():
    return built(network)


@pytest.mark.shows("B9")
def test_nothing_leads_to_the_internet(recording):
    kinds = {r.type.split("/")[1].split(":")[0] for r in recording.made()}

    assert set() == INTERNET & kinds
    assert "route" not in kinds
    assert all(not subnet.inputs.get("mapPublicIpOnLaunch") for subnet in recording.of("aws:ec2/subnet:Subnet"))


@pytest.mark.shows("B1")
def test_no_security_group_rule_names_the_world(recording):
    rules = [*recording.of(INGRESS), *recording.of(EGRESS)]

    assert rules
    assert {None, "10.64.0.0/22"} == {rule.inputs.get("cidrIpv4") for rule in rules}
    assert {None} == {rule.inputs.get("cidrIpv6") for rule in rules}


def test_the_default_security_group_has_no_rule(recording):
    default = recording.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

    assert {"vpcId", "tags"} == set(default.inputs)


@pytest.mark.shows("B1")
def test_there_is_a_private_subnet_in_each_zone_on_one_route_table(recording):
    subnets = recording.of("aws:ec2/subnet:Subnet")
    associations = recording.of("aws:ec2/routeTableAssociation:RouteTableAssociation")

    assert {("eu-west-1a", "10.64.0.0/24"), ("eu-west-1b", "10.64.1.0/24")} == {
        (s.inputs["availabilityZone"], s.inputs["cidrBlock"]) for s in subnets
    }
    assert {s.outputs["id"] for s in subnets} == {a.inputs["subnetId"] for a in associations}
    assert 1 == len({a.inputs["routeTableId"] for a in associations})


@pytest.mark.shows("B2", "T7")
def test_private_names_of_endpoints_resolve(recording):
    vpc = recording.one("aws:ec2/vpc:Vpc")
    sts = recording.one("aws:ec2/vpcEndpoint:VpcEndpoint", "fraud-sts")

    assert vpc.inputs["enableDnsSupport"]
    assert vpc.inputs["enableDnsHostnames"]
    assert sts.inputs["privateDnsEnabled"]
    assert 2 == len(sts.inputs["subnetIds"])


@pytest.mark.shows("B2")
def test_a_gateway_endpoint_is_on_the_route_table_and_workloads_may_reach_it(recording):
    endpoint = recording.one("aws:ec2/vpcEndpoint:VpcEndpoint", "fraud-s3")
    rule = recording.one(EGRESS, "fraud-workloads-s3")

    assert [recording.one("aws:ec2/routeTable:RouteTable").outputs["id"]] == endpoint.inputs["routeTableIds"]
    assert endpoint.outputs["prefixListId"] == rule.inputs["prefixListId"]


@pytest.mark.shows("B3")
def test_an_endpoint_carries_the_policy_it_is_given_and_only_that(recording):
    policies = {
        r.name: json.loads(r.inputs["policy"]) if "policy" in r.inputs else None
        for r in recording.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    }

    assert {"fraud-s3": {"Version": "2012-10-17", "Statement": []}, "fraud-sts": None} == policies


def ports(recording, type_):
    group = recording.one("aws:ec2/securityGroup:SecurityGroup", "fraud-workloads").outputs["id"]
    return {
        (r.inputs["ipProtocol"], r.inputs.get("fromPort"), r.inputs.get("toPort"))
        for r in recording.of(type_)
        if r.inputs.get("referencedSecurityGroupId") == group and r.inputs["securityGroupId"] == group
    }


def test_jobs_of_one_instance_reach_no_other_job(recording):
    assert set() == ports(recording, INGRESS) == ports(recording, EGRESS)


def test_members_of_distributed_jobs_reach_each_other_on_every_port():
    recording = built(partial(network, distributed=True))

    assert {("-1", None, None)} == ports(recording, INGRESS) == ports(recording, EGRESS)


def test_what_is_beyond_a_transit_gateway_is_reached_by_tls_and_by_nothing_else():
    recording = built(partial(network, beyond={"hub": "10.80.0.0/23"}))
    rule = recording.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "fraud-workloads-to-hub")

    assert ("10.80.0.0/23", "tcp", 443, 443) == tuple(
        rule.inputs[key] for key in ("cidrIpv4", "ipProtocol", "fromPort", "toPort")
    )

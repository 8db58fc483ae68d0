"""A service of another account under its own name: through an endpoint, or over routes that are there."""

from dataclasses import replace
from functools import partial

import pulumi
import pytest

from components.network.remote_service import RemoteService
from tests.components.building import built
from tests.components.examples import arguments, remote_service

ENDPOINT, ZONE, RECORD = (
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:route53/zone:Zone",
    "aws:route53/record:Record",
)
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


@pytest.fixture(scope="module")
def linked():
    return built(remote_service)


@pytest.fixture(scope="module")
def routed():
    return built(partial(remote_service, routed=True))


def test_the_name_is_known_in_this_network_only(linked):
    zone, record = linked.one(ZONE), linked.one(RECORD)

    assert [{"vpcId": "vpc-1"}] == zone.inputs["vpcs"]
    assert ("mlflow.dev.example.com", zone.outputs["zoneId"]) == (record.inputs["name"], record.inputs["zoneId"])
    assert zone.inputs["name"] == record.inputs["name"]


def test_the_name_leads_to_all_zones_of_the_endpoint(linked):
    names = [each["dnsName"] for each in linked.one(ENDPOINT).outputs["dnsEntries"]]
    (alias,) = linked.one(RECORD).inputs["aliases"]

    assert min(names, key=len) == alias["name"]
    assert not any(alias["name"] == each for each in names if "-eu-west-1a." in each)


def test_the_endpoint_opens_to_what_may_reach_the_other_endpoints_and_leads_to_one_service(linked):
    endpoint = linked.one(ENDPOINT).inputs

    assert ["sg-endpoints"] == endpoint["securityGroupIds"]
    assert ["subnet-a", "subnet-b"] == endpoint["subnetIds"]
    assert endpoint["serviceName"].startswith("com.amazonaws.vpce.eu-west-1.vpce-svc-")
    assert endpoint["privateDnsEnabled"] is False
    assert "policy" not in endpoint


def test_an_endpoint_needs_no_route_and_opens_no_address(linked):
    assert [] == linked.of(EGRESS)
    assert {"vpcEndpoint", "zone", "record"} == {each.type.split("/")[1].split(":")[0] for each in linked.made()}


def test_over_routes_callers_reach_the_service_by_tls_and_nothing_else(routed):
    rules = {each.inputs["securityGroupId"]: each.inputs for each in routed.of(EGRESS)}

    assert {"sg-workloads", "sg-studio"} == rules.keys()
    assert {("10.64.17.0/24", "tcp", 443, 443)} == {
        (each["cidrIpv4"], each["ipProtocol"], each["fromPort"], each["toPort"]) for each in rules.values()
    }
    assert [] == routed.of(ENDPOINT)
    (alias,) = routed.one(RECORD).inputs["aliases"]
    assert ("internal-mlflow-1234567890.eu-west-1.elb.amazonaws.com", "Z32O12XQLNTSW2") == (
        alias["name"],
        alias["zoneId"],
    )


@pytest.mark.parametrize("both", [True, False])
def test_there_is_exactly_one_way(both):
    def build(opts):
        name, args = arguments(RemoteService, opts)
        _, other = arguments_of_routed(opts)
        changed = replace(args, routed=other.routed) if both else replace(args, private_link=None)
        RemoteService(name, changed, opts)

    with pytest.raises(pulumi.RunError, match="give one way"):
        built(build)


def arguments_of_routed(opts):
    given = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoteService, "__init__", lambda _this, name, args, _opts: given.extend((name, args)))
        remote_service(opts, routed=True)
    return given

"""A team's stack in a network that the network team made."""

from collections import Counter
from dataclasses import replace

import pytest

from checks.record import record
from stacks.build import build
from tests.existing import files
from tests.small_zone import TEAM, ZONE
from zone.plan.lock import Lock
from zone.plan.network import ExistingNetworkPlan, NetworkPlan
from zone.plan.planner import read
from zone.plan.unrecorded import unrecorded

THERE = ExistingNetworkPlan(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids={"a": "subnet-01234567", "b": "subnet-89abcdef"},
    endpoint_security_group_id="sg-01234567",
    prefix_list_ids={"s3": "pl-01234567"},
)
NETWORK = (
    "network:\n  vpc: vpc-0123456789abcdef0\n  cidr: 10.99.0.0/22\n"
    "  subnets: {a: subnet-01234567, b: subnet-89abcdef}\n"
    "  endpoints: {security_group: sg-01234567, s3_prefix_list: pl-01234567}\n"
)


@pytest.fixture(scope="module")
def recording():
    team = replace(TEAM, network=NetworkPlan(cidr=TEAM.network.cidr, subnets={}, existing=THERE))
    return record(lambda: build(replace(ZONE, teams={"dev-fraud": team}), "dev-fraud"), stack="dev-fraud")


@pytest.mark.shows("H27")
def test_nothing_of_the_network_is_made_but_our_own_groups(recording):
    made = Counter(resource.type.rpartition(":")[2] for resource in recording.made())

    for kind in ("Vpc", "Subnet", "RouteTable", "VpcEndpoint", "FlowLog", "DefaultSecurityGroup"):
        assert 0 == made[kind]
    assert {THERE.vpc_id} == {group.inputs["vpcId"] for group in recording.of("aws:ec2/securityGroup:SecurityGroup")}


def test_studio_and_every_group_use_what_is_there(recording):
    domain = recording.one("aws:sagemaker/domain:Domain").inputs
    rules = [rule.inputs for rule in recording.of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")]

    assert (THERE.vpc_id, [*THERE.subnet_ids.values()]) == (domain["vpcId"], domain["subnetIds"])
    groups = {each.outputs["id"] for each in recording.of("aws:ec2/securityGroup:SecurityGroup")}
    for field, there in (("referencedSecurityGroupId", "sg-01234567"), ("prefixListId", "pl-01234567")):
        reaching = {rule["securityGroupId"] for rule in rules if rule.get(field) == there}
        assert reaching
        assert reaching <= groups


def test_a_network_that_is_there_takes_no_block_and_none_is_recorded(tmp_path):
    folder = files(tmp_path)
    (folder / "dev/platform.yaml").write_text(
        "kind: platform\nowner: p@corp.example\ncost_centre: CC-1\nemail: ml.platform@corp.example\n"
    )
    team = folder / "dev/fraud.yaml"
    team.write_text(team.read_text() + NETWORK)

    zone = read(folder, folder / "ids.lock.yaml")

    assert "10.99.0.0/22" == str(zone.teams["dev-fraud"].network.cidr)
    assert THERE == zone.teams["dev-fraud"].network.existing
    assert {} == unrecorded(Lock(), zone)

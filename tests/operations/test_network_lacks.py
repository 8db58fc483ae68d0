"""`./mlz network --live`: a VPC that the network team made in the team's account, whole and with each fault."""

from dataclasses import replace

import boto3
import pytest

from local.cloud import private_cloud
from local.deployment import identities
from operations.network import lacks
from tests.existing_network import make
from tests.small_zone import TEAM, ZONE
from zone.plan.network import ExistingNetworkPlan, NetworkPlan


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with private_cloud(tmp_path_factory.mktemp("cloud"), identities(ZONE)) as running:
        yield running


@pytest.fixture
def session(cloud):
    """Credentials of the team's account, as the network team has them."""
    own = boto3.Session("AKIAMLZLOCALMANAGEMT", "emulated", region_name="eu-west-1")
    role = f"arn:aws:iam::{TEAM.account.account_id}:role/{TEAM.account.role}"
    sts = own.client("sts", endpoint_url=cloud.endpoint)
    given = sts.assume_role(RoleArn=role, RoleSessionName="network-team")["Credentials"]
    made = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name="eu-west-1")
    client = made.client
    made.client = lambda service, **more: client(service, endpoint_url=cloud.endpoint, **more)
    return made


def said(session, network, **changes):
    there = replace(
        ExistingNetworkPlan(
            vpc_id=network["vpc"],
            subnet_ids=network["subnets"],
            endpoint_security_group_id=network["group"],
            prefix_list_ids={"s3": "pl-12345678"},
        ),
        **changes,
    )
    plan = replace(TEAM, network=NetworkPlan(cidr=network["cidr"], subnets={}, existing=there))
    return " | ".join(lacks(plan, there, session))


@pytest.mark.shows("H27")
def test_a_whole_network_lacks_nothing(session):
    services = [each.service for each in TEAM.endpoints]

    assert "" == said(session, make(session.client("ec2"), services))


def test_each_fault_is_named_with_its_remedy(session):
    ec2 = session.client("ec2")
    network = make(ec2, [TEAM.endpoints[1].service], dns=False, tls_from="192.168.0.0/16", small=True)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=network["vpc"])
    ec2.create_route(RouteTableId=network["routes"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.modify_subnet_attribute(SubnetId=network["subnets"]["a"], MapPublicIpOnLaunch={"Value": True})
    swapped = {"a": network["subnets"]["b"], "b": network["subnets"]["a"]}

    found = said(session, network, subnet_ids=swapped)

    for fault in (
        "enableDnsHostnames is off",
        "is in eu-west-1b, not in zone a",
        "gives public addresses",
        "free addresses, 16 are the least",
        "has a route to an internet gateway",
        "has no route to S3",
        f"no endpoint for {TEAM.endpoints[0].service} (Gateway); it is needed by studio",
        "has no private DNS",
        "takes no TLS (tcp 443) from 10.99.0.0/22",
    ):
        assert fault in found


def test_what_is_elsewhere_is_said(session):
    network = make(session.client("ec2"), [each.service for each in TEAM.endpoints])

    assert "vpc-00000000 is not in account" in said(session, network, vpc_id="vpc-00000000")
    assert "subnet-00000000 is not in" in said(session, network, subnet_ids={"a": "subnet-00000000"})
    assert "name the group of its endpoints" in said(session, network, endpoint_security_group_id="sg-00000000")

"""`./mlz network --live` where MLflow is a service of ours: its endpoint, and its name in the network."""

from dataclasses import replace
from types import SimpleNamespace

import boto3
import pytest

from local.cloud import private_cloud
from local.deployment import identities
from operations.network import lacks
from tests.existing_network import make
from tests.small_zone import TEAM, ZONE
from zone.plan.network import ExistingNetworkPlan, NetworkPlan
from zone.plan.zone import EndpointPlan

HOST, REGION = "mlflow.dev.example.com", "eu-west-1"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Clients of the team's account."""
    with private_cloud(tmp_path_factory.mktemp("cloud"), identities(ZONE)) as cloud:
        own = boto3.Session("AKIAMLZLOCALMANAGEMT", "emulated", region_name=REGION)
        role = f"arn:aws:iam::{TEAM.account.account_id}:role/{TEAM.account.role}"
        sts = own.client("sts", endpoint_url=cloud.endpoint)
        given = sts.assume_role(RoleArn=role, RoleSessionName="network-team")["Credentials"]
        made = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION)
        yield lambda service, **_: made.client(service, endpoint_url=cloud.endpoint)


@pytest.fixture(scope="module")
def network(client):
    """A network with all of AWS's endpoints, and a service behind a balancer in it, as the platform has one."""
    made = make(client("ec2"), [each.service for each in TEAM.endpoints])
    balancer = client("elbv2").create_load_balancer(
        Name="mlflow", Type="network", Scheme="internal", Subnets=[*made["subnets"].values()]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    service = client("ec2").create_vpc_endpoint_service_configuration(
        AcceptanceRequired=False, NetworkLoadBalancerArns=[balancer]
    )["ServiceConfiguration"]["ServiceName"]
    return {**made, "service": service}


@pytest.fixture(scope="module")
def said(client, network):
    there = ExistingNetworkPlan(
        vpc_id=network["vpc"],
        subnet_ids=network["subnets"],
        endpoint_security_group_id=network["group"],
        prefix_list_ids={"s3": "pl-12345678"},
    )
    remote = EndpointPlan(
        key="mlflow", service=network["service"], gateway=False, features=("mlflow",), policy_supported=False, host=HOST
    )
    plan = replace(
        TEAM,
        network=NetworkPlan(cidr=network["cidr"], subnets={}, existing=there),
        endpoints=(*TEAM.endpoints, remote),
    )
    session = SimpleNamespace(client=client)
    return lambda: " | ".join(lacks(plan, there, session))


def test_what_is_missing_of_a_service_of_ours_is_said_one_after_the_other(client, network, said):
    """Endpoint, then zone, then record: each message is the remedy for the next."""
    ec2, route53 = client("ec2"), client("route53")

    assert f"no endpoint for {network['service']} (Interface); it is needed by mlflow" == said()

    endpoint = ec2.create_vpc_endpoint(
        VpcId=network["vpc"],
        ServiceName=network["service"],
        VpcEndpointType="Interface",
        SubnetIds=[*network["subnets"].values()],
        SecurityGroupIds=[network["group"]],
        PrivateDnsEnabled=False,
    )["VpcEndpoint"]
    target = min(endpoint["DnsEntries"], key=lambda each: len(each["DnsName"]))
    assert f"no private hosted zone of {network['vpc']} holds {HOST}: make one" in said()
    assert target["DnsName"] in said()

    zone = route53.create_hosted_zone(
        Name="dev.example.com",
        CallerReference="1",
        VPC={"VPCId": network["vpc"], "VPCRegion": REGION},
        HostedZoneConfig={"PrivateZone": True},
    )["HostedZone"]["Id"].rpartition("/")[2]
    assert f"{HOST} in dev.example.com. ({zone}) does not lead to the endpoint" in said()

    alias = {"DNSName": target["DnsName"], "HostedZoneId": target["HostedZoneId"], "EvaluateTargetHealth": False}
    record = {"Name": HOST, "Type": "A", "AliasTarget": alias}
    route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    )
    assert "" == said()

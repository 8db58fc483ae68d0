"""A private zone of one account in a VPC of another, asked with boto3."""

import json

import pytest
from botocore.exceptions import ClientError

from local.authority.network import HEADER

ROLE = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"


@pytest.fixture(scope="module")
def team(cloud, client, aws):
    given = client("sts").assume_role(RoleArn=ROLE, RoleSessionName="mlz")["Credentials"]
    return lambda service: aws(cloud, service, given["AccessKeyId"], given["SessionToken"])


def refused(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"]


def vpc(ec2):
    return {"VPCRegion": "eu-west-1", "VPCId": ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]}


def zone(client, name, own):
    made = client("route53").create_hosted_zone(Name=name, CallerReference=name, VPC=own)
    return made["HostedZone"]["Id"]


def test_another_accounts_vpc_is_associated_once_the_owner_has_authorised_it(client, team):
    own, theirs = vpc(client("ec2")), vpc(team("ec2"))
    one = {"HostedZoneId": zone(client, "a.internal", own), "VPC": theirs}

    assert "NotAuthorizedException" == refused(team("route53").associate_vpc_with_hosted_zone, **one)
    client("route53").create_vpc_association_authorization(**one)
    assert "NotAuthorizedException" == refused(client("route53").associate_vpc_with_hosted_zone, **one)
    team("route53").associate_vpc_with_hosted_zone(**one)
    client("route53").delete_vpc_association_authorization(**one)
    seen = team("route53").list_hosted_zones_by_vpc(**theirs)["HostedZoneSummaries"]
    assert [("a.internal.", "111111111111")] == [(each["Name"], each["Owner"]["OwningAccount"]) for each in seen]
    team("route53").disassociate_vpc_from_hosted_zone(**one)
    assert [] == team("route53").list_hosted_zones_by_vpc(**theirs)["HostedZoneSummaries"]
    assert "VPCAssociationAuthorizationNotFound" == refused(
        client("route53").delete_vpc_association_authorization, **one
    )


def test_the_last_vpc_stays_and_no_vpc_has_two_zones_of_a_name(client):
    own = vpc(client("ec2"))
    route53 = client("route53")
    first = zone(client, "b.internal", own)

    assert "LastVPCAssociation" == refused(route53.disassociate_vpc_from_hosted_zone, HostedZoneId=first, VPC=own)
    assert "ConflictingDomainExists" == refused(
        route53.create_hosted_zone, Name="b.internal", CallerReference="twice", VPC=own
    )


def test_a_zone_is_made_with_a_vpc_of_ones_own(client, team):
    theirs = vpc(team("ec2"))
    assert "InvalidVPCId" == refused(
        client("route53").create_hosted_zone, Name="c.internal", CallerReference="c", VPC=theirs
    )


def through(made, vpc_id):
    """Let a client's calls come through a VPC."""
    made.meta.events.register("before-sign", lambda request, **_: request.headers.add_header(HEADER, vpc_id))
    return made


def test_a_vpc_reaches_a_service_by_the_endpoint_of_another_when_a_shared_zone_leads_there(client, team):
    ec2, hub, spoke = client("ec2"), vpc(client("ec2")), vpc(team("ec2"))
    subnet = ec2.create_subnet(VpcId=hub["VPCId"], CidrBlock="10.40.0.0/24")["Subnet"]["SubnetId"]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=hub["VPCId"],
        SubnetIds=[subnet],
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.eu-west-1.sqs",
        PrivateDnsEnabled=False,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [OWN_ONLY]}),
    )["VpcEndpoint"]
    shared = zone(client, "sqs.eu-west-1.amazonaws.com", hub)

    assert "Unreachable" == refused(through(team("sqs"), spoke["VPCId"]).list_queues)
    client("route53").change_resource_record_sets(HostedZoneId=shared, ChangeBatch=leads_to(endpoint))
    client("route53").create_vpc_association_authorization(HostedZoneId=shared, VPC=spoke)
    team("route53").associate_vpc_with_hosted_zone(HostedZoneId=shared, VPC=spoke)
    through(team("sqs"), spoke["VPCId"]).list_queues()
    assert "AccessDenied" in refused(through(client("sqs"), spoke["VPCId"]).list_queues)


OWN_ONLY = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "*",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:PrincipalAccount": "222222222222"}},
}


def leads_to(endpoint):
    target = endpoint["DnsEntries"][0]
    alias = {"DNSName": target["DnsName"], "HostedZoneId": target["HostedZoneId"], "EvaluateTargetHealth": False}
    record = {"Name": "sqs.eu-west-1.amazonaws.com", "Type": "A", "AliasTarget": alias}
    return {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}

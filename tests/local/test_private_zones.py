"""A private zone of one account in a VPC of another, asked with boto3."""

import pytest
from botocore.exceptions import ClientError

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

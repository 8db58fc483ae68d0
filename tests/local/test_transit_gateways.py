"""A transit gateway of one account and the VPCs of another, asked with boto3."""

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"


@pytest.fixture(scope="module")
def hub(client):
    """The owner's EC2, in an organisation with an account for the teams."""
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    begun = organizations.create_account(AccountName="team", Email="team@example.com")["CreateAccountStatus"]["Id"]
    organizations.describe_create_account_status(CreateAccountRequestId=begun)
    return client("ec2")


@pytest.fixture(scope="module")
def team(cloud, client, aws, hub):  # noqa: ARG001 - the account must be there
    given = client("sts").assume_role(RoleArn=ROLE, RoleSessionName="mlz")["Credentials"]
    return lambda service: aws(cloud, service, given["AccessKeyId"], given["SessionToken"])


def refused(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"]


def network(ec2, block):
    vpc = ec2.create_vpc(CidrBlock=f"10.{block}.0.0/16")["Vpc"]["VpcId"]
    zones = zip("ab", range(2), strict=True)
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{block}.{i}.0/24", AvailabilityZone=f"eu-west-1{zone}")
        for zone, i in zones
    ]
    return vpc, [subnet["Subnet"]["SubnetId"] for subnet in subnets]


@pytest.fixture
def gateway(hub):
    off = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
    return hub.create_transit_gateway(Options=off)["TransitGateway"]


@pytest.fixture
def shared(client, gateway):
    """The gateway, shared with the team's account."""
    ram = client("ram")
    ram.enable_sharing_with_aws_organization()
    made = ram.create_resource_share(name="hub", allowExternalPrincipals=False, principals=["222222222222"])
    arn = made["resourceShare"]["resourceShareArn"]
    ram.associate_resource_share(resourceShareArn=arn, resourceArns=[gateway["TransitGatewayArn"]])
    return gateway["TransitGatewayId"]


def test_a_share_inside_the_organisation_needs_sharing_switched_on(client, hub):  # noqa: ARG001 - there is one
    ram = client("ram")
    inside = {"name": "early", "allowExternalPrincipals": False}
    organization = "arn:aws:organizations::111111111111:organization/o-abcdefghij"

    if not any(r["RoleName"].startswith("AWSServiceRoleForResourceAccess") for r in roles(client)):
        assert "OperationNotPermittedException" == refused(
            ram.create_resource_share, **inside, principals=["222222222222"]
        )
        assert "UnknownResourceException" == refused(ram.create_resource_share, name="o", principals=[organization])
    ram.enable_sharing_with_aws_organization()
    ram.create_resource_share(**inside, principals=["222222222222", organization])
    assert "OperationNotPermittedException" == refused(ram.create_resource_share, **inside, principals=["9" * 12])


def roles(client):
    return client("iam").list_roles()["Roles"]


def test_nobody_sees_a_gateway_that_is_not_shared(gateway, team):
    vpc, subnets = network(team("ec2"), 20)
    gateway_id = gateway["TransitGatewayId"]

    seen = team("ec2").describe_transit_gateways()["TransitGateways"]  # those that other tests share, and have deleted
    assert gateway_id not in {each["TransitGatewayId"] for each in seen}
    assert "InvalidTransitGatewayID.NotFound" == refused(
        team("ec2").create_transit_gateway_vpc_attachment, TransitGatewayId=gateway_id, VpcId=vpc, SubnetIds=subnets
    )


def test_the_owner_takes_an_attachment_in_and_routes_it(hub, team, shared):
    ec2 = team("ec2")
    vpc, subnets = network(ec2, 21)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    out = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": shared}
    attach = {"TransitGatewayId": shared, "VpcId": vpc, "SubnetIds": subnets}

    made = ec2.create_transit_gateway_vpc_attachment(**attach)["TransitGatewayVpcAttachment"]
    one = {"TransitGatewayAttachmentId": made["TransitGatewayAttachmentId"]}
    spokes = hub.create_transit_gateway_route_table(TransitGatewayId=shared)["TransitGatewayRouteTable"]
    into = {**one, "TransitGatewayRouteTableId": spokes["TransitGatewayRouteTableId"]}

    assert "pendingAcceptance" == made["State"]
    assert "DuplicateTransitGatewayAttachment" == refused(ec2.create_transit_gateway_vpc_attachment, **attach)
    assert "InvalidTransitGatewayID.NotFound" == refused(ec2.create_route, **out)
    assert "IncorrectState" == refused(hub.associate_transit_gateway_route_table, **into)
    assert "InvalidTransitGatewayAttachmentID.NotFound" == refused(ec2.accept_transit_gateway_vpc_attachment, **one)
    hub.accept_transit_gateway_vpc_attachment(**one)
    hub.associate_transit_gateway_route_table(**into)
    hub.enable_transit_gateway_route_table_propagation(**into)
    ec2.create_route(**out)

    route = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"][-1]
    assert shared == route["TransitGatewayId"]
    found = hub.search_transit_gateway_routes(
        TransitGatewayRouteTableId=spokes["TransitGatewayRouteTableId"],
        Filters=[{"Name": "route-search.longest-prefix-match", "Values": ["10.21.1.7/32"]}],
    )["Routes"]
    assert [("10.21.0.0/16", "propagated", vpc)] == [
        (each["DestinationCidrBlock"], each["Type"], each["TransitGatewayAttachments"][0]["ResourceId"])
        for each in found
    ]
    assert_nothing_goes_before_its_turn(hub, ec2, shared, into, subnets[0])


def assert_nothing_goes_before_its_turn(hub, ec2, gateway, into, subnet):
    table = {"TransitGatewayRouteTableId": into["TransitGatewayRouteTableId"]}
    one = {"TransitGatewayAttachmentId": into["TransitGatewayAttachmentId"]}

    assert "DependencyViolation" == refused(ec2.delete_subnet, SubnetId=subnet)
    assert "IncorrectState" == refused(hub.delete_transit_gateway, TransitGatewayId=gateway)
    assert "IncorrectState" == refused(hub.delete_transit_gateway_route_table, **table)
    ec2.delete_transit_gateway_vpc_attachment(**one)
    assert "IncorrectState" == refused(hub.delete_transit_gateway, TransitGatewayId=gateway)
    hub.delete_transit_gateway_route_table(**table)
    hub.delete_transit_gateway(TransitGatewayId=gateway)
    gone = hub.describe_transit_gateways(TransitGatewayIds=[gateway])["TransitGateways"]
    assert ["deleted"] == [each["State"] for each in gone]


def test_an_attachment_has_one_subnet_a_zone(hub, gateway):
    vpc, subnets = network(hub, 22)
    twice = hub.create_subnet(VpcId=vpc, CidrBlock="10.22.9.0/24", AvailabilityZone="eu-west-1a")["Subnet"]["SubnetId"]

    assert "DuplicateSubnetsInSameZone" == refused(
        hub.create_transit_gateway_vpc_attachment,
        TransitGatewayId=gateway["TransitGatewayId"],
        VpcId=vpc,
        SubnetIds=[*subnets, twice],
    )

"""An endpoint service of one account and endpoints in another, asked with boto3."""

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"


@pytest.fixture(scope="module")
def team(cloud, client, aws):
    given = client("sts").assume_role(RoleArn=ROLE, RoleSessionName="mlz")["Credentials"]
    return aws(cloud, "ec2", given["AccessKeyId"], given["SessionToken"])


def refused(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"]


def subnet(ec2, zone="a"):
    """A subnet in the account's one VPC of this file: a new account has five, and needs them."""
    mine = [{"Name": "cidr", "Values": ["10.30.0.0/16"]}]
    kept = ec2.describe_vpcs(Filters=mine)["Vpcs"] or [ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]]
    vpc = kept[0]["VpcId"]
    inside = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    block = f"10.30.{len(inside)}.0/24"
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"eu-west-1{zone}")
    return vpc, made["Subnet"]["SubnetId"]


@pytest.fixture
def service(client, request):
    """A service with a balancer of its own; whether it accepts is the test's parameter."""
    _, subnet_id = subnet(client("ec2"))
    kind = {"Type": "network", "Scheme": "internal"}
    made = client("elbv2").create_load_balancer(
        Name=f"n{abs(hash(request.node.name)) % 10**8}", Subnets=[subnet_id], **kind
    )
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    accepts = getattr(request, "param", False)
    configured = client("ec2").create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[arn], AcceptanceRequired=accepts
    )
    return {**configured["ServiceConfiguration"], "balancer": arn}


def endpoint(service, zone="a", **more):
    def wanted(ec2):
        vpc, subnet_id = subnet(ec2, zone)
        return {
            "VpcId": vpc,
            "SubnetIds": [subnet_id],
            "VpcEndpointType": "Interface",
            "ServiceName": service["ServiceName"],
            "PrivateDnsEnabled": False,
            **more,
        }

    return wanted


def let_in(client, service, principal="arn:aws:iam::222222222222:root"):
    client("ec2").modify_vpc_endpoint_service_permissions(
        ServiceId=service["ServiceId"], AddAllowedPrincipals=[principal]
    )


def test_an_account_that_is_not_let_in_does_not_find_the_service(client, service, team):
    wanted = endpoint(service)(team)

    assert "InvalidServiceName" == refused(team.create_vpc_endpoint, **wanted)
    let_in(client, service, "arn:aws:iam::333333333333:root")
    assert "InvalidServiceName" == refused(team.create_vpc_endpoint, **wanted)
    let_in(client, service)
    assert "available" == team.create_vpc_endpoint(**wanted)["VpcEndpoint"]["State"]


def test_an_endpoint_stands_in_the_services_zones_only(client, service, team):
    let_in(client, service)

    assert "InvalidParameter" == refused(team.create_vpc_endpoint, **endpoint(service, "c")(team))
    assert "InvalidParameter" == refused(team.create_vpc_endpoint, **endpoint(service, PrivateDnsEnabled=True)(team))


@pytest.mark.parametrize("service", [True], indirect=True)
def test_an_endpoint_waits_where_the_service_wants_to_accept_it(client, service, team):
    let_in(client, service)
    made = team.create_vpc_endpoint(**endpoint(service)(team))["VpcEndpoint"]["VpcEndpointId"]
    ours = {"ServiceId": service["ServiceId"], "VpcEndpointIds": [made]}

    def state():
        return team.describe_vpc_endpoints(VpcEndpointIds=[made])["VpcEndpoints"][0]["State"]

    assert "pendingAcceptance" == state()
    by_service = [{"Name": "service-id", "Values": [service["ServiceId"]]}]
    seen = client("ec2").describe_vpc_endpoint_connections(Filters=by_service)["VpcEndpointConnections"]
    assert [(made, "222222222222")] == [(each["VpcEndpointId"], each["VpcEndpointOwner"]) for each in seen]
    client("ec2").accept_vpc_endpoint_connections(**ours)
    assert "available" == state()
    client("ec2").reject_vpc_endpoint_connections(**ours)
    assert "rejected" == state()


def test_service_and_balancer_stay_while_somebody_is_connected(client, service, team):
    ec2, balancers = client("ec2"), client("elbv2")
    let_in(client, service)
    made = team.create_vpc_endpoint(**endpoint(service)(team))["VpcEndpoint"]["VpcEndpointId"]
    gone = {"ServiceIds": [service["ServiceId"]]}

    assert "ExistingVpcEndpointConnections" == refused(ec2.delete_vpc_endpoint_service_configurations, **gone)
    assert "ResourceInUse" == refused(balancers.delete_load_balancer, LoadBalancerArn=service["balancer"])
    team.delete_vpc_endpoints(VpcEndpointIds=[made])
    ec2.delete_vpc_endpoint_service_configurations(**gone)
    balancers.delete_load_balancer(LoadBalancerArn=service["balancer"])


def test_a_service_stands_on_a_network_load_balancer(client):
    arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/absent/0"
    assert "InvalidLoadBalancer.NotFound" == refused(
        client("ec2").create_vpc_endpoint_service_configuration, NetworkLoadBalancerArns=[arn]
    )

"""A network that somebody else made, held against what a team needs. AWS is only read, in the team's account."""

from collections.abc import Collection, Iterator, Mapping
from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from boto3 import Session

from operations.private_names import unnamed
from zone.plan.network import ExistingNetworkPlan
from zone.plan.zone import TeamPlan

FREE_ADDRESSES: Final = 16
"""Fewest free addresses a subnet should have: each app and each instance of a job takes one or two."""

_EVERYWHERE: Final = "0.0.0.0/0"


def lacks(plan: TeamPlan, there: ExistingNetworkPlan, session: Session) -> Iterator[str]:
    """Yield what the network lacks, each with its remedy.

    Args:
        plan: the team.
        there: its network, as its file names it.
        session: credentials of the team's account.
    """
    client = session.client("ec2", region_name=plan.account.region)
    yield from _vpc(client, plan, there)
    yield from _subnets(client, plan, there)
    yield from _routes(client, there)
    yield from _endpoints(client, plan, there)
    yield from _group(client, plan, there)
    yield from unnamed(plan, there, session)


def _vpc(client: Any, plan: TeamPlan, there: ExistingNetworkPlan) -> Iterator[str]:
    """The VPC is the team's account's, has the block, and resolves private names."""
    found = client.describe_vpcs(Filters=_by("vpc-id", [there.vpc_id]))["Vpcs"]
    if not found:
        yield f"{there.vpc_id} is not in account {plan.account.account_id}, {plan.account.region}: name one that is"
        return
    if (owner := found[0]["OwnerId"]) != plan.account.account_id:
        yield f"{there.vpc_id} belongs to account {owner}: buckets answer to VPCs of {plan.account.account_id} only"
    blocks = {each["CidrBlock"] for each in found[0].get("CidrBlockAssociationSet", [found[0]])}
    if str(plan.network.cidr) not in blocks:
        yield f"network.cidr is {plan.network.cidr}, {there.vpc_id} has {', '.join(sorted(blocks))}: write that"
    for attribute, member in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
        answer = client.describe_vpc_attribute(VpcId=there.vpc_id, Attribute=attribute)
        if not answer[member]["Value"]:
            yield (
                f"{attribute} is off, so the endpoints' private names do not resolve: aws ec2 modify-vpc-attribute "
                f"--vpc-id {there.vpc_id} --{_dashed(attribute)}"
            )


def _subnets(client: Any, plan: TeamPlan, there: ExistingNetworkPlan) -> Iterator[str]:
    """Each subnet is in the VPC and its zone, gives nobody a public address, and has room."""
    listed = client.describe_subnets(Filters=_by("subnet-id", there.subnet_ids.values()))["Subnets"]
    found = {each["SubnetId"]: each for each in listed}
    for zone, subnet_id in there.subnet_ids.items():
        subnet = found.get(subnet_id)
        if subnet is None or subnet["VpcId"] != there.vpc_id:
            yield f"{subnet_id} is not in {there.vpc_id}: name one that is"
            continue
        if subnet["AvailabilityZone"] != f"{plan.account.region}{zone}":
            yield f"{subnet_id} is in {subnet['AvailabilityZone']}, not in zone {zone}: name it under its own letter"
        if subnet["MapPublicIpOnLaunch"]:
            yield f"{subnet_id} gives public addresses: aws ec2 modify-subnet-attribute --no-map-public-ip-on-launch"
        if (free := subnet["AvailableIpAddressCount"]) < FREE_ADDRESSES:
            yield f"{subnet_id} has {free} free addresses, {FREE_ADDRESSES} are the least: name a larger one"


def _routes(client: Any, there: ExistingNetworkPlan) -> Iterator[str]:
    """No subnet has a way to an internet gateway, and each has the one to S3's endpoint."""
    tables = client.describe_route_tables(Filters=_by("vpc-id", [there.vpc_id]))["RouteTables"]
    own = {each["SubnetId"]: table for table in tables for each in table["Associations"] if "SubnetId" in each}
    none: dict[str, Any] = {"Routes": []}
    main = next((table for table in tables if any(each.get("Main") for each in table["Associations"])), none)
    gateways = _by("vpc-id", [there.vpc_id]) + _by("vpc-endpoint-type", ["Gateway"])
    served = {
        table
        for each in client.describe_vpc_endpoints(Filters=gateways)["VpcEndpoints"]
        for table in each.get("RouteTableIds", ())
    }
    for subnet_id in there.subnet_ids.values():
        table = own.get(subnet_id, main)
        routes = table["Routes"]
        if table.get("RouteTableId") not in served:
            yield f"{subnet_id} has no route to S3: add its route table to the gateway endpoint"
        if any(
            each.get("GatewayId", "").startswith("igw-") and each.get("DestinationCidrBlock") == _EVERYWHERE
            for each in routes
        ):
            yield f"{subnet_id} has a route to an internet gateway: use a private subnet"


def _endpoints(client: Any, plan: TeamPlan, there: ExistingNetworkPlan) -> Iterator[str]:
    """Each endpoint the declared features need is there, in use, and found under the service's own name."""
    listed = client.describe_vpc_endpoints(Filters=_by("vpc-id", [there.vpc_id]))["VpcEndpoints"]
    found = {each["ServiceName"]: each for each in listed}
    for needed in plan.endpoints:
        endpoint = found.get(needed.service)
        if endpoint is None:
            kind = "Gateway" if needed.gateway else "Interface"
            service = needed.service or "the platform's service, which is not made yet"
            yield f"no endpoint for {service} ({kind}); it is needed by {', '.join(needed.features)}"
        elif not needed.gateway and not needed.host and not endpoint.get("PrivateDnsEnabled"):
            yield f"{endpoint['VpcEndpointId']} ({needed.service}) has no private DNS, so clients miss it: switch it on"
        elif not needed.gateway and there.endpoint_security_group_id not in {
            each["GroupId"] for each in endpoint["Groups"]
        }:
            yield f"{endpoint['VpcEndpointId']} ({needed.service}) is not in {there.endpoint_security_group_id}: add it"


def _group(client: Any, plan: TeamPlan, there: ExistingNetworkPlan) -> Iterator[str]:
    """The endpoints' group takes TLS from the whole network: ours names it, and it cannot name ours before we are."""
    found = client.describe_security_groups(Filters=_by("group-id", [there.endpoint_security_group_id]))[
        "SecurityGroups"
    ]
    if not found or found[0]["VpcId"] != there.vpc_id:
        yield f"{there.endpoint_security_group_id} is not in {there.vpc_id}: name the group of its endpoints"
    elif not any(_takes_tls(each, plan.network.cidr) for each in found[0]["IpPermissions"]):
        yield f"{there.endpoint_security_group_id} takes no TLS (tcp 443) from {plan.network.cidr}: add that rule"


def _takes_tls(permission: Mapping[str, Any], block: IPv4Network) -> bool:
    protocol, first, last = permission["IpProtocol"], permission.get("FromPort", 0), permission.get("ToPort", 65535)
    ports = protocol == "-1" or (protocol == "tcp" and first <= 443 <= last)  # noqa: PLR2004 -- TLS
    return ports and any(block.subnet_of(_block(each["CidrIp"])) for each in permission["IpRanges"])


def _block(text: str) -> IPv4Network:
    found = ip_network(text)
    return found if isinstance(found, IPv4Network) else IPv4Network(0)


def _by(name: str, values: Collection[str]) -> list[dict[str, object]]:
    return [{"Name": name, "Values": [*values]}]


def _dashed(attribute: str) -> str:
    return {"enableDnsSupport": "enable-dns-support", "enableDnsHostnames": "enable-dns-hostnames"}[attribute]

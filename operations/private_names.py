"""Names of services that are not AWS's, in a network that somebody else made: each leads to its endpoint there."""

from collections.abc import Iterator, Mapping
from typing import Any

from boto3 import Session

from zone.plan.endpoint import EndpointPlan
from zone.plan.network import ExistingNetworkPlan
from zone.plan.zone import TeamPlan


def unnamed(plan: TeamPlan, there: ExistingNetworkPlan, session: Session) -> Iterator[str]:
    """Yield what is wrong with the names, each with its remedy.

    Args:
        plan: the team.
        there: its network.
        session: credentials of the team's account.
    """
    for endpoint in plan.endpoints:
        if endpoint.host and endpoint.service:
            yield from _name(endpoint, plan, there, session)


def _name(endpoint: EndpointPlan, plan: TeamPlan, there: ExistingNetworkPlan, session: Session) -> Iterator[str]:
    """The network resolves the name by a private zone, the most specific one, to the endpoint's addresses.

    Source: Amazon Route 53 Developer Guide, "Considerations when working with a private hosted zone", read 2026-11-30.
    """
    ec2 = session.client("ec2", region_name=plan.account.region)
    by = [
        {"Name": "vpc-id", "Values": [there.vpc_id]},
        {"Name": "service-name", "Values": [endpoint.service]},
    ]
    found = ec2.describe_vpc_endpoints(Filters=by)["VpcEndpoints"]
    if not found:
        return  # said already
    targets = {each["DnsName"] for each in found[0].get("DnsEntries", ())}
    remedy = f"alias {endpoint.host} to {min(targets, key=len, default=found[0]['VpcEndpointId'])}"
    route53 = session.client("route53", region_name=plan.account.region)
    zone = _zone(route53, endpoint.host, there.vpc_id, plan.account.region)
    if zone is None:
        yield f"no private hosted zone of {there.vpc_id} holds {endpoint.host}: make one, and in it {remedy}"
    elif zone["Owner"].get("OwningAccount", plan.account.account_id) != plan.account.account_id:
        return  # another account's zone cannot be read from here
    elif not targets & set(_aliases(route53, zone["HostedZoneId"], endpoint.host)):
        yield f"{endpoint.host} in {zone['Name']} ({zone['HostedZoneId']}) does not lead to the endpoint: {remedy}"


def _zone(client: Any, host: str, vpc_id: str, region: str) -> Mapping[str, Any] | None:
    """The zone that answers for *host* in the network."""
    listed = client.list_hosted_zones_by_vpc(VPCId=vpc_id, VPCRegion=region)["HostedZoneSummaries"]
    holding = [each for each in listed if f".{host}.".endswith(f".{each['Name'].rstrip('.')}.")]
    return max(holding, key=lambda each: len(each["Name"]), default=None)


def _aliases(client: Any, zone_id: str, host: str) -> Iterator[str]:
    """Where the records of *host* lead."""
    asked = {"HostedZoneId": zone_id, "StartRecordName": host, "StartRecordType": "A"}
    for each in client.list_resource_record_sets(**asked)["ResourceRecordSets"]:
        if each["Name"].rstrip(".") == host and "AliasTarget" in each:
            yield each["AliasTarget"]["DNSName"].rstrip(".").removeprefix("dualstack.")

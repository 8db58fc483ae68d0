"""Network Firewall: firewalls, with an endpoint in each subnet that routes lead to.

Sources: botocore's service model of Network Firewall (CreateFirewall, DeleteFirewall: InvalidOperationException,
AssociateSubnets, UpdateLoggingConfiguration), read 2026-11-30; the words are not documented there, nor that AWS itself
refuses while routes lead to it: "When the route tables no longer use the firewall endpoints, you can remove the
firewall safely". It filters nothing here. A firewall's endpoint is one of EC2's, of type GatewayLoadBalancer, as
DescribeVpcEndpoints shows it.
"""

from typing import Any, Final

from moto.ec2.models import ec2_backends

from local.handlers.firewall_rules import SERVICE, STORE, arn_of, change, drop, keep, kept, named_by
from local.handlers.firewall_rules import described as shown
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record

_PROTECTIONS: Final = ("DeleteProtection", "SubnetChangeProtection", "FirewallPolicyChangeProtection")


def _arn(call: Call) -> str:
    return arn_of(call, "Firewall", "firewall")


def _ec2(call: Call) -> Any:  # noqa: ANN401 - moto's backend
    return ec2_backends[call.account][call.region]


def _firewall(arn: str) -> Record:
    firewall = {**dict.fromkeys(_PROTECTIONS, False), **shown(arn, "Firewall")}
    firewall.pop("FirewallStatus")
    return firewall


def _status(call: Call, arn: str) -> Record:
    states = {}
    for subnet_id, endpoint_id in kept(arn)["endpoints"].items():
        zone = _ec2(call).get_subnet(subnet_id).availability_zone
        attachment = {"SubnetId": subnet_id, "EndpointId": endpoint_id, "Status": "READY"}
        states[zone] = {"Attachment": attachment, "Config": {}}
    return {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states}


def _answer(call: Call, arn: str) -> Record:
    return {"Firewall": _firewall(arn), "FirewallStatus": _status(call, arn)}


def _endpoint(call: Call, arn: str, subnet_id: str) -> None:
    """Make the firewall's endpoint in a subnet, one a zone."""
    record, ec2 = kept(arn), _ec2(call)
    zone = ec2.get_subnet(subnet_id).availability_zone
    if zone in {ec2.get_subnet(each).availability_zone for each in record["endpoints"]}:
        raise Refusal("InvalidRequestException", f"The firewall has a subnet in {zone} already.")
    made = ec2.create_vpc_endpoint(
        vpc_id=record["said"]["VpcId"],
        service_name=f"com.amazonaws.vpce.{call.region}.network-firewall",
        endpoint_type="GatewayLoadBalancer",
        policy_document=None,
        route_table_ids=[],
        subnet_ids=[subnet_id],
        tags={"AWSNetworkFirewallManaged": "true", "Firewall": arn},
    )
    record["endpoints"][subnet_id] = made.id


@operation(SERVICE, "CreateFirewall")
def create(call: Call) -> Record:
    """Make a firewall of a policy that is there."""
    kept(call.params["FirewallPolicyArn"])
    _ec2(call).get_vpc(call.params["VpcId"])
    arn = _arn(call)
    keep(call, arn)["endpoints"] = {}
    for mapping in call.params.get("SubnetMappings", []):
        _endpoint(call, arn, mapping["SubnetId"])
    STORE[arn]["said"]["SubnetMappings"] = [dict(each) for each in call.params.get("SubnetMappings", [])]
    return _answer(call, arn)


@operation(SERVICE, "DescribeFirewall")
def describe(call: Call) -> Record:
    """Show one."""
    return {"UpdateToken": kept(_arn(call))["token"], **_answer(call, _arn(call))}


@operation(
    SERVICE,
    *("UpdateFirewallDeleteProtection", "UpdateSubnetChangeProtection", "UpdateFirewallPolicyChangeProtection"),
    *("UpdateFirewallDescription", "UpdateFirewallEncryptionConfiguration", "AssociateFirewallPolicy"),
)
def update(call: Call) -> Record:
    """Change one thing; another policy only where its change is not protected against."""
    arn = _arn(call)
    record = kept(arn)
    if call.operation == "AssociateFirewallPolicy":
        kept(call.params["FirewallPolicyArn"])
        _unprotected(record, "FirewallPolicyChangeProtection")
    change(call, record)
    return {**record["said"], "FirewallArn": arn, "UpdateToken": record["token"]}


def _unprotected(record: Record, protection: str) -> None:
    if record["said"].get(protection):
        raise Refusal("InvalidOperationException", f"Unable to fulfill request because {protection} is enabled.")


@operation(SERVICE, "AssociateSubnets", "DisassociateSubnets")
def subnets(call: Call) -> Record:
    """Put endpoints into more subnets, or fewer."""
    arn = _arn(call)
    record = kept(arn)
    _unprotected(record, "SubnetChangeProtection")
    for mapping in call.params.get("SubnetMappings", []):
        _endpoint(call, arn, mapping["SubnetId"])
        record["said"]["SubnetMappings"].append(dict(mapping))
    for subnet_id in call.params.get("SubnetIds", []):
        _ec2(call).vpc_end_points.pop(record["endpoints"].pop(subnet_id))
        mappings = record["said"]["SubnetMappings"]
        record["said"]["SubnetMappings"] = [each for each in mappings if each["SubnetId"] != subnet_id]
    return {**_firewall(arn), "UpdateToken": record["token"]}


@operation(SERVICE, "DeleteFirewall")
def delete(call: Call) -> Record:
    """A firewall goes when it is not protected and no route leads to it."""
    arn = _arn(call)
    record = kept(arn)
    _unprotected(record, "DeleteProtection")
    if users := named_by(arn):
        raise Refusal("InvalidOperationException", f"Unable to fulfill request because {arn} is in use by {users[0]}.")
    endpoints = set(record["endpoints"].values())
    routes = (route for table in _ec2(call).route_tables.values() for route in table.routes)
    if any(getattr(route, "vpc_endpoint_id", None) in endpoints for route in routes):
        text = (
            "Unable to fulfill request because the following resources are in use: firewall endpoints in route tables."
        )
        raise Refusal("InvalidOperationException", text)
    answer = _answer(call, arn)
    for endpoint_id in endpoints:
        _ec2(call).vpc_end_points.pop(endpoint_id, None)
    drop(arn)
    return {**answer, "FirewallStatus": {**answer["FirewallStatus"], "Status": "DELETING"}}


@operation(SERVICE, "UpdateLoggingConfiguration")
def log(call: Call) -> Record:
    """Add or take one destination a call, as AWS wants it."""
    arn = _arn(call)
    record = kept(arn)
    wanted = (call.params.get("LoggingConfiguration") or {}).get("LogDestinationConfigs", [])
    before = record.get("logging", [])
    if abs(len(wanted) - len(before)) > 1:
        raise Refusal("InvalidRequestException", "You can add or remove only one log destination at a time.")
    record["logging"] = wanted
    return {"FirewallArn": arn, "LoggingConfiguration": {"LogDestinationConfigs": wanted}}


@operation(SERVICE, "DescribeLoggingConfiguration")
def logging(call: Call) -> Record:
    """Where it logs to."""
    arn = _arn(call)
    return {"FirewallArn": arn, "LoggingConfiguration": {"LogDestinationConfigs": kept(arn).get("logging", [])}}

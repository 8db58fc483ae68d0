"""What AWS would have answered about a hub: gateways, attachments, zones, firewalls; ids begin as AWS's do."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

Invent = Callable[[str, str, str, Mapping[str, Any]], tuple[str, dict[str, Any]]]
"""(seed, region, account, inputs) → id and further outputs."""


def _hex(seed: str, count: int) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:count]


def _begins(prefix: str, arn: str = "") -> Invent:
    """An id of a prefix and 17 hexadecimal digits; *arn* names it."""

    def invent(seed: str, region: str, account: str, _: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        identifier = f"{prefix}-{_hex(seed, 17)}"
        named = {"arn": arn.format(region=region, account=account, id=identifier)} if arn else {}
        return identifier, named

    return invent


def _accepter(_: str, __: str, ___: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    return str(inputs["transitGatewayAttachmentId"]), {}


def _address(seed: str, _: str, __: str, ___: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    identifier = f"eipalloc-{_hex(seed, 17)}"
    # 203.0.113.0/24 is for documentation (RFC 5737).
    return identifier, {"allocationId": identifier, "publicIp": f"203.0.113.{int(_hex(seed, 2), 16)}"}


def _zone(seed: str, _: str, __: str, ___: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    identifier = f"Z{_hex(seed, 20).upper()}"
    return identifier, {"zoneId": identifier, "arn": f"arn:aws:route53:::hostedzone/{identifier}"}


def _firewall(seed: str, region: str, account: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    arn = f"arn:aws:network-firewall:{region}:{account}:firewall/{inputs.get('name')}"
    # Which zones the subnets are in is not said here: each zone that a region may have gets an endpoint.
    states = [
        {"availabilityZone": f"{region}{letter}", "attachments": [{"endpointId": f"vpce-{_hex(seed + letter, 17)}"}]}
        for letter in "abcdef"
    ]
    return arn, {"arn": arn, "firewallStatuses": [{"syncStates": states}]}


NETWORK: Final[dict[str, Invent]] = {
    "aws:ec2transitgateway/transitGateway:TransitGateway": _begins(
        "tgw", "arn:aws:ec2:{region}:{account}:transit-gateway/{id}"
    ),
    "aws:ec2transitgateway/routeTable:RouteTable": _begins("tgw-rtb"),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _begins("tgw-attach"),
    "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter": _accepter,
    "aws:ec2/internetGateway:InternetGateway": _begins("igw"),
    "aws:ec2/natGateway:NatGateway": _begins("nat"),
    "aws:ec2/eip:Eip": _address,
    "aws:route53/zone:Zone": _zone,
    "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup": _begins(
        "rslvr-frg", "arn:aws:route53resolver:{region}:{account}:firewall-rule-group/{id}"
    ),
    "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": _begins("rslvr-fdl"),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": _begins(
        "rqlc", "arn:aws:route53resolver:{region}:{account}:resolver-query-log-config/{id}"
    ),
    "aws:networkfirewall/firewall:Firewall": _firewall,
}
"""Types of a hub."""

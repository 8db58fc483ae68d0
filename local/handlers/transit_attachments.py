"""EC2: VPCs on transit gateways: the gateway's owner takes another account's in, either side ends it.

Sources: botocore's service model of EC2 (CreateTransitGatewayVpcAttachment, AcceptTransitGatewayVpcAttachment,
DeleteTransitGatewayVpcAttachment …), read 2026-11-30; one subnet a zone, pendingAcceptance and who may delete: the
house's table of facts, pages not read again.
"""

from typing import Any, Final

from moto.ec2.models import ec2_backends

from local.handlers.filters import matching
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp
from local.handlers.transit_gateways import (
    ATTACHMENTS,
    GATEWAYS,
    TABLES,
    ids,
    living,
    shown,
    tag,
    usable_gateway,
    wrong_id,
)

_DEFAULTS: Final[Record] = {
    "ApplianceModeSupport": "disable",
    "DnsSupport": "enable",
    "Ipv6Support": "disable",
    "SecurityGroupReferencingSupport": "enable",
}
_KEY: Final = "TransitGatewayAttachmentId"


def _seen(call: Call) -> list[Record]:
    """What the caller sees: the own VPCs', and those on the own gateways."""
    every = (each for each in ATTACHMENTS.values() if each["region"] == call.region)
    return [each for each in every if call.account in {each["VpcOwnerId"], each["gateway owner"]}]


def attachment_of(call: Call, attachment_id: str) -> Record:
    """An attachment that the caller sees."""
    found = next((each for each in _seen(call) if each[_KEY] == attachment_id), None)
    if found is None:
        raise wrong_id("TransitGatewayAttachment", attachment_id)
    return found


def _answer(call: Call, record: Record) -> Record:
    return {"TransitGatewayVpcAttachment": shown(call, record, _KEY)}


@operation("ec2", "CreateTransitGatewayVpcAttachment")
def create(call: Call) -> Record:
    """Attach a VPC by one subnet a zone; another account's gateway may want to accept it first."""
    gateway = usable_gateway(call, call.params["TransitGatewayId"])
    vpc_id, subnets = call.params["VpcId"], list(call.params["SubnetIds"])
    ec2: Any = ec2_backends[call.account][call.region]
    ec2.get_vpc(vpc_id)
    zones = [ec2.get_subnet(subnet).availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise Refusal("DuplicateSubnetsInSameZone", f"Duplicate Subnets for same AZ: {', '.join(subnets)}")
    gateway_id = gateway["TransitGatewayId"]
    if any((a["TransitGatewayId"], a["VpcId"]) == (gateway_id, vpc_id) for a in living(ATTACHMENTS)):
        text = f"{gateway_id} has non-deleted Transit Gateway Attachments with same VPC ID."
        raise Refusal("DuplicateTransitGatewayAttachment", text)
    attachment_id = next(ids("tgw-attach"))
    foreign = gateway["OwnerId"] != call.account
    waits = foreign and gateway["Options"]["AutoAcceptSharedAttachments"] != "enable"
    ATTACHMENTS[attachment_id] = {
        _KEY: attachment_id,
        "TransitGatewayId": gateway_id,
        "VpcId": vpc_id,
        "VpcOwnerId": call.account,
        "SubnetIds": subnets,
        "State": "pendingAcceptance" if waits else "available",
        "CreationTime": stamp(),
        "Options": {**_DEFAULTS, **(call.params.get("Options") or {})},
        "region": call.region,
        "gateway owner": gateway["OwnerId"],
    }
    tag(call, attachment_id)
    if not waits:
        _join(ATTACHMENTS[attachment_id])
    return _answer(call, ATTACHMENTS[attachment_id])


def _join(attachment: Record) -> None:
    """Put an attachment into the gateway's default route tables."""
    options = GATEWAYS[attachment["TransitGatewayId"]]["Options"]
    if table := TABLES.get(options.get("AssociationDefaultRouteTableId", "")):
        table["associations"][attachment[_KEY]] = "associated"
    if table := TABLES.get(options.get("PropagationDefaultRouteTableId", "")):
        table["propagations"][attachment[_KEY]] = "enabled"


@operation("ec2", "AcceptTransitGatewayVpcAttachment", "RejectTransitGatewayVpcAttachment")
def decide(call: Call) -> Record:
    """The gateway's owner takes an attachment in, or turns it away."""
    attachment = attachment_of(call, call.params[_KEY])
    if attachment["gateway owner"] != call.account:
        raise wrong_id("TransitGatewayAttachment", attachment[_KEY])
    if attachment["State"] != "pendingAcceptance":
        raise Refusal("IncorrectState", f"{attachment[_KEY]} is in invalid state")
    accepts = call.operation.startswith("Accept")
    attachment["State"] = "available" if accepts else "rejected"
    if accepts:
        _join(attachment)
    return _answer(call, attachment)


@operation("ec2", "ModifyTransitGatewayVpcAttachment")
def modify(call: Call) -> Record:
    """Change subnets and options; the VPC's owner does."""
    attachment = attachment_of(call, call.params[_KEY])
    if attachment["VpcOwnerId"] != call.account:
        raise wrong_id("TransitGatewayAttachment", attachment[_KEY])
    going = call.params.get("RemoveSubnetIds", [])
    kept = [subnet for subnet in attachment["SubnetIds"] if subnet not in going]
    attachment["SubnetIds"] = [*kept, *call.params.get("AddSubnetIds", [])]
    attachment["Options"] |= call.params.get("Options") or {}
    return _answer(call, attachment)


@operation("ec2", "DescribeTransitGatewayVpcAttachments", "DescribeTransitGatewayAttachments")
def describe(call: Call) -> Record:
    """What the caller sees; the second operation shows every sort of attachment, of which there are VPCs only."""
    wanted = call.params.get("TransitGatewayAttachmentIds")
    found = [attachment_of(call, each) for each in wanted] if wanted else _seen(call)
    every = [{**shown(call, each, _KEY), **_general(each)} for each in found]
    listed = matching(every, call.params.get("Filters"))
    return {f"{call.operation.removeprefix('Describe')}": listed}


def _general(attachment: Record) -> Record:
    """An attachment as DescribeTransitGatewayAttachments names its members."""
    associated = [t for t in living(TABLES) if attachment[_KEY] in t["associations"]]
    found = {
        "ResourceId": attachment["VpcId"],
        "ResourceOwnerId": attachment["VpcOwnerId"],
        "ResourceType": "vpc",
        "TransitGatewayOwnerId": attachment["gateway owner"],
    }
    if associated:
        table_id = associated[0]["TransitGatewayRouteTableId"]
        found["Association"] = {"State": "associated", "TransitGatewayRouteTableId": table_id}
    return found


@operation("ec2", "DeleteTransitGatewayVpcAttachment")
def delete(call: Call) -> Record:
    """End it; routes to it lead nowhere then, and it is in no table any more."""
    attachment = attachment_of(call, call.params[_KEY])
    for table in TABLES.values():
        table["associations"].pop(attachment[_KEY], None)
        table["propagations"].pop(attachment[_KEY], None)
        for route in table["routes"].values():
            if route.get("attachment") == attachment[_KEY]:
                route["State"] = "blackhole"
    attachment["State"] = "deleted"
    return {"TransitGatewayVpcAttachment": {**attachment, "State": "deleting"}}

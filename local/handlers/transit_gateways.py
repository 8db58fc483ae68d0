"""EC2: transit gateways, their owner's and those that RAM shares with an account.

moto knows no other account's gateway. Sources: botocore's service model of EC2 (CreateTransitGateway,
DeleteTransitGateway, ModifyTransitGateway …), read 2026-11-30; that a gateway with attachments stays (IncorrectState):
the house's table of facts, page not read again.
"""

import secrets
from collections.abc import Iterator
from typing import Any, Final

from moto.ec2.models import ec2_backends

from local.handlers.filters import matching
from local.handlers.operation import Call, Refusal, operation
from local.handlers.ram import shared_with
from local.handlers.records import Record, stamp
from local.handlers.tags import plain

GATEWAYS: Final[dict[str, Record]] = {}
ATTACHMENTS: Final[dict[str, Record]] = {}
TABLES: Final[dict[str, Record]] = {}
"""Id → record, of all accounts; `region` and `routes` are ours, the other members AWS's. Tags lie with moto."""

_DEFAULTS: Final[Record] = {
    "AmazonSideAsn": 64512,
    "AutoAcceptSharedAttachments": "disable",
    "DefaultRouteTableAssociation": "enable",
    "DefaultRouteTablePropagation": "enable",
    "DnsSupport": "enable",
    "MulticastSupport": "disable",
    "SecurityGroupReferencingSupport": "disable",
    "VpnEcmpSupport": "enable",
}


def living(store: dict[str, Record]) -> list[Record]:
    """What is not deleted; on AWS too what is stays listed for a while, as deleted."""
    return [record for record in store.values() if record["State"] != "deleted"]


def ids(prefix: str) -> Iterator[str]:
    """Yield new ids."""
    while True:
        yield f"{prefix}-{secrets.token_hex(9)[:17]}"


def tag(call: Call, resource_id: str) -> None:
    """Keep the tags of a request for what it makes."""
    given = plain([each for spec in call.params.get("TagSpecifications", []) for each in spec.get("Tags") or []])
    backend: Any = ec2_backends[call.account][call.region]
    if given:
        backend.create_tags([resource_id], given)


def shown(call: Call, record: Record, key: str) -> Record:
    """A record with the caller's own tags: on AWS too each account sees its own."""
    tags = ec2_backends[call.account][call.region].tags.get(record[key], {})
    return {**record, "Tags": [{"Key": name, "Value": value} for name, value in tags.items()]}


def wrong_id(kind: str, resource_id: str) -> Refusal:
    """AWS's refusal of an id that is not there, or not the caller's."""
    return Refusal(f"Invalid{kind}ID.NotFound", f"{kind} {resource_id} was deleted or does not exist.")


def own_gateway(call: Call, gateway_id: str) -> Record:
    """The caller's gateway."""
    gateway = GATEWAYS.get(gateway_id)
    if gateway is None or gateway["OwnerId"] != call.account or gateway["region"] != call.region:
        raise wrong_id("TransitGateway", gateway_id)
    return gateway


def usable_gateway(call: Call, gateway_id: str) -> Record:
    """A gateway that the caller may attach to: the own, or one that is shared with the account."""
    gateway = GATEWAYS.get(gateway_id)
    if gateway is None or gateway["region"] != call.region or gateway["State"] == "deleted":
        raise wrong_id("TransitGateway", gateway_id)
    if gateway["OwnerId"] != call.account and not shared_with(gateway["TransitGatewayArn"], call.account):
        raise wrong_id("TransitGateway", gateway_id)
    return gateway


@operation("ec2", "CreateTransitGateway")
def create(call: Call) -> Record:
    """Make a gateway, with a route table where attachments are to be in one by default."""
    gateway_id = next(ids("tgw"))
    options = {**_DEFAULTS, **(call.params.get("Options") or {})}
    gateway: Record = {
        "TransitGatewayId": gateway_id,
        "TransitGatewayArn": call.arn(f"transit-gateway/{gateway_id}"),
        "State": "available",
        "OwnerId": call.account,
        "Description": call.params.get("Description", ""),
        "CreationTime": stamp(),
        "Options": options,
        "region": call.region,
    }
    GATEWAYS[gateway_id] = gateway
    tag(call, gateway_id)
    kinds = [kind for kind in ("Association", "Propagation") if options[f"DefaultRouteTable{kind}"] == "enable"]
    if kinds:
        table = make_table(gateway, kinds)
        options |= {f"{kind}DefaultRouteTableId": table for kind in kinds}
    return {"TransitGateway": shown(call, gateway, "TransitGatewayId")}


def make_table(gateway: Record, default: list[str]) -> str:
    """Make a route table of a gateway."""
    table_id = next(ids("tgw-rtb"))
    TABLES[table_id] = {
        "TransitGatewayRouteTableId": table_id,
        "TransitGatewayId": gateway["TransitGatewayId"],
        "State": "available",
        "DefaultAssociationRouteTable": "Association" in default,
        "DefaultPropagationRouteTable": "Propagation" in default,
        "CreationTime": stamp(),
        "owner": gateway["OwnerId"],
        "region": gateway["region"],
        "routes": {},
        "associations": {},
        "propagations": {},
    }
    return table_id


@operation("ec2", "DescribeTransitGateways")
def describe(call: Call) -> Record:
    """The caller's gateways, and those shared with the account."""
    wanted = call.params.get("TransitGatewayIds")
    if wanted:
        found = [GATEWAYS[each] if _own_deleted(call, each) else usable_gateway(call, each) for each in wanted]
    else:
        mine = [each for each in GATEWAYS.values() if each["region"] == call.region]
        found = [g for g in mine if g["OwnerId"] == call.account or shared_with(g["TransitGatewayArn"], call.account)]
    every = [shown(call, gateway, "TransitGatewayId") for gateway in found]
    return {"TransitGateways": matching(every, call.params.get("Filters"))}


@operation("ec2", "ModifyTransitGateway")
def modify(call: Call) -> Record:
    """Change description and options."""
    gateway = own_gateway(call, call.params["TransitGatewayId"])
    gateway["Description"] = call.params.get("Description", gateway["Description"])
    gateway["Options"] |= call.params.get("Options") or {}
    return {"TransitGateway": shown(call, gateway, "TransitGatewayId")}


@operation("ec2", "DeleteTransitGateway")
def delete(call: Call) -> Record:
    """A gateway goes when nothing is attached to it."""
    gateway_id = call.params["TransitGatewayId"]
    gateway = own_gateway(call, gateway_id)
    attached = [a["TransitGatewayAttachmentId"] for a in living(ATTACHMENTS) if a["TransitGatewayId"] == gateway_id]
    tables = [t for t in living(TABLES) if t["TransitGatewayId"] == gateway_id]
    own = [t["TransitGatewayRouteTableId"] for t in tables if not _is_default(t)]
    if attached or own:
        what = ", ".join((*attached, *own))
        raise Refusal("IncorrectState", f"{gateway_id} has non-deleted dependent resources: {what}.")
    for table in tables:
        table["State"] = "deleted"
    gateway["State"] = "deleted"
    return {"TransitGateway": {**gateway, "State": "deleting"}}


def _own_deleted(call: Call, gateway_id: str) -> bool:
    gateway = GATEWAYS.get(gateway_id, {})
    return gateway.get("OwnerId") == call.account and gateway["State"] == "deleted"


def _is_default(table: Record) -> bool:
    return bool(table["DefaultAssociationRouteTable"] or table["DefaultPropagationRouteTable"])

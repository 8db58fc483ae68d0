"""EC2: route tables of transit gateways: which attachment looks into which, and what stands there.

Only the gateway's owner has them. Sources: botocore's service model of EC2 (CreateTransitGatewayRoute,
DeleteTransitGatewayRouteTable, AssociateTransitGatewayRouteTable …), read 2026-11-30; the refusals' words are not
documented there.
"""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from moto.ec2.models import ec2_backends

from local.handlers.filters import matching
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record
from local.handlers.transit_attachments import attachment_of
from local.handlers.transit_gateways import ATTACHMENTS, TABLES, living, make_table, own_gateway, shown, tag, wrong_id

_KEY: Final = "TransitGatewayRouteTableId"
_ATTACHMENT: Final = "TransitGatewayAttachmentId"


def _table(call: Call) -> Record:
    return _own(call, call.params[_KEY])


def _own(call: Call, table_id: str) -> Record:
    table = TABLES.get(table_id)
    if table is None or (table["owner"], table["region"]) != (call.account, call.region):
        raise wrong_id("RouteTable", table_id)
    return table


@operation("ec2", "CreateTransitGatewayRouteTable")
def create(call: Call) -> Record:
    """Make a route table."""
    table_id = make_table(own_gateway(call, call.params["TransitGatewayId"]), [])
    tag(call, table_id)
    return {"TransitGatewayRouteTable": shown(call, TABLES[table_id], _KEY)}


@operation("ec2", "DescribeTransitGatewayRouteTables")
def describe(call: Call) -> Record:
    """The caller's tables."""
    wanted = call.params.get("TransitGatewayRouteTableIds")
    mine = (each for each in TABLES.values() if (each["owner"], each["region"]) == (call.account, call.region))
    found = [_own(call, each) for each in wanted] if wanted else mine
    every = [shown(call, each, _KEY) for each in found]
    return {"TransitGatewayRouteTables": matching(every, call.params.get("Filters"))}


@operation("ec2", "DeleteTransitGatewayRouteTable")
def delete(call: Call) -> Record:
    """A table goes when no attachment looks into it, and when it is nobody's default."""
    table = _table(call)
    if table["associations"] or table["DefaultAssociationRouteTable"] or table["DefaultPropagationRouteTable"]:
        raise Refusal("IncorrectState", f"{table[_KEY]} is in invalid state: it is associated or a default table.")
    table["State"] = "deleted"
    return {"TransitGatewayRouteTable": {**table, "State": "deleting"}}


@operation("ec2", "AssociateTransitGatewayRouteTable")
def associate(call: Call) -> Record:
    """Let an attachment look into a table; it looks into one only."""
    table, attachment = _table(call), _available(call)
    if any(attachment[_ATTACHMENT] in each["associations"] for each in living(TABLES)):
        text = f"{attachment[_ATTACHMENT]} is already associated with a route table."
        raise Refusal("Resource.AlreadyAssociated", text)
    table["associations"][attachment[_ATTACHMENT]] = "associated"
    return {"Association": {**_entry(attachment, "associated"), _KEY: table[_KEY]}}


def _available(call: Call) -> Record:
    attachment = attachment_of(call, call.params[_ATTACHMENT])
    if attachment["State"] != "available":
        raise Refusal("IncorrectState", f"{attachment[_ATTACHMENT]} is in invalid state")
    return attachment


@operation("ec2", "DisassociateTransitGatewayRouteTable")
def disassociate(call: Call) -> Record:
    """End it."""
    table, attachment_id = _table(call), call.params[_ATTACHMENT]
    if table["associations"].pop(attachment_id, None) is None:
        raise Refusal("InvalidAssociation.NotFound", f"{attachment_id} is not associated with {table[_KEY]}.")
    return {"Association": {_ATTACHMENT: attachment_id, _KEY: table[_KEY], "State": "disassociating"}}


@operation("ec2", "EnableTransitGatewayRouteTablePropagation")
def propagate(call: Call) -> Record:
    """Let an attachment's VPC appear in a table."""
    table, attachment = _table(call), _available(call)
    if attachment[_ATTACHMENT] in table["propagations"]:
        text = f"Propagation for {attachment[_ATTACHMENT]} into {table[_KEY]} already exists"
        raise Refusal("TransitGatewayRouteTablePropagation.Duplicate", text)
    table["propagations"][attachment[_ATTACHMENT]] = "enabled"
    return {"Propagation": {**_entry(attachment, "enabled"), _KEY: table[_KEY]}}


@operation("ec2", "DisableTransitGatewayRouteTablePropagation")
def stop(call: Call) -> Record:
    """End it."""
    table, attachment_id = _table(call), call.params[_ATTACHMENT]
    if table["propagations"].pop(attachment_id, None) is None:
        text = f"{attachment_id} does not propagate to {table[_KEY]}."
        raise Refusal("TransitGatewayRouteTablePropagation.NotFound", text)
    return {"Propagation": {_ATTACHMENT: attachment_id, _KEY: table[_KEY], "State": "disabled"}}


def _entry(attachment: Record, state: str) -> Record:
    found = {_ATTACHMENT: attachment[_ATTACHMENT], "ResourceId": attachment["VpcId"], "ResourceType": "vpc"}
    return {**found, "State": state}


def _entries(table: Record, kind: str) -> list[Record]:
    return [_entry(ATTACHMENTS[each], state) for each, state in table[kind].items()]


@operation("ec2", "GetTransitGatewayRouteTableAssociations")
def associations(call: Call) -> Record:
    """Who looks into a table."""
    return {"Associations": matching(_entries(_table(call), "associations"), call.params.get("Filters"))}


@operation("ec2", "GetTransitGatewayRouteTablePropagations")
def propagations(call: Call) -> Record:
    """Who appears in a table."""
    found = matching(_entries(_table(call), "propagations"), call.params.get("Filters"))
    return {"TransitGatewayRouteTablePropagations": found}


@operation("ec2", "CreateTransitGatewayRoute")
def create_route(call: Call) -> Record:
    """Write a route: to an attachment, or to nowhere."""
    table, block = _table(call), str(call.params["DestinationCidrBlock"])
    if block in table["routes"]:
        raise Refusal(
            "RouteAlreadyExists", f"Route {block} already exists in Transit Gateway Route Table {table[_KEY]}."
        )
    blackhole = bool(call.params.get("Blackhole"))
    route: Record = {"DestinationCidrBlock": block, "Type": "static", "State": "blackhole" if blackhole else "active"}
    if not blackhole:
        attachment = _available(call)
        route |= {"attachment": attachment[_ATTACHMENT], "TransitGatewayAttachments": [_target(attachment)]}
    table["routes"][block] = route
    return {"Route": route}


def _target(attachment: Record) -> Record:
    return {_ATTACHMENT: attachment[_ATTACHMENT], "ResourceId": attachment["VpcId"], "ResourceType": "vpc"}


@operation("ec2", "DeleteTransitGatewayRoute")
def delete_route(call: Call) -> Record:
    """Take a route out."""
    table, block = _table(call), call.params["DestinationCidrBlock"]
    route = table["routes"].pop(block, None)
    if route is None:
        raise Refusal("InvalidRoute.NotFound", f"no route with destination {block} in {table[_KEY]}")
    return {"Route": {**route, "State": "deleted"}}


@operation("ec2", "SearchTransitGatewayRoutes")
def search(call: Call) -> Record:
    """The routes of a table: written ones, and the networks of who appears in it."""
    found = [*_table(call)["routes"].values(), *_propagated(_table(call))]
    for each in call.params.get("Filters", []):
        name, values = each["Name"], each["Values"]
        if name == "route-search.exact-match":
            found = [route for route in found if route["DestinationCidrBlock"] in values]
        elif name == "route-search.longest-prefix-match":
            found = _longest(found, values[0])
        else:
            found = matching(found, [each])
    return {"Routes": found, "AdditionalRoutesAvailable": False}


def _propagated(table: Record) -> Iterator[Record]:
    for each in table["propagations"]:
        attachment = ATTACHMENTS[each]
        vpc = ec2_backends[attachment["VpcOwnerId"]][attachment["region"]].vpcs[attachment["VpcId"]]
        for block in vpc.get_cidr_block_association_set():
            if block["cidr_block"] not in table["routes"]:
                yield {
                    "DestinationCidrBlock": block["cidr_block"],
                    "Type": "propagated",
                    "State": "active",
                    "TransitGatewayAttachments": [_target(attachment)],
                }


def _longest(routes: list[Record], wanted: str) -> list[Record]:
    """The route that a packet takes."""
    inside = [each for each in routes if ip_network(wanted).subnet_of(ip_network(each["DestinationCidrBlock"]))]  # type: ignore[arg-type]  # blocks are of one version
    return sorted(inside, key=lambda each: -ip_network(each["DestinationCidrBlock"]).prefixlen)[:1]

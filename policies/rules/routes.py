"""Ways through a VPC: routes, network ACLs, endpoints' names, and what the account blocks for all its VPCs."""

from collections.abc import Iterator
from typing import Final

from policies.rules._addresses import is_wide, within
from policies.rules.groups import VPCS
from policies.rules.hardening import only
from policies.rules.instances import number
from policies.rules.network import LAST_PORT, is_public_tier
from policies.rules.plain import UNKNOWN, Reader, Resource, has_unknown, is_set, is_true
from policies.rules.registry import Stack, rule, stack_rule

DEFAULT_TABLE: Final = "aws:ec2/defaultRouteTable:DefaultRouteTable"
TABLES: Final = ("aws:ec2/routeTable:RouteTable", DEFAULT_TABLE)
ROUTE: Final = "aws:ec2/route:Route"
GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
ADMIN_PORTS: Final = (20, 21, 22, 3389)
ZONES: Final = 2
"""Fewer subnets, and an endpoint goes down with its zone."""

rule("vpc-block-public-access", "set internetGatewayBlockMode to block-bidirectional or block-ingress")(
    only("internetGatewayBlockMode", "block-bidirectional", "block-ingress")
)


def _routes(r: Reader) -> Iterator[Reader]:
    """Walk the routes of a table, or the one route that the resource is."""
    yield from [r] if r.resource.type == ROUTE else r.elements("routes[]")


def _goes_anywhere(route: Reader) -> bool:
    alone = route.resource.type == ROUTE
    paths = ("destinationCidrBlock", "destinationIpv6CidrBlock") if alone else ("cidrBlock", "ipv6CidrBlock")
    return any(is_wide(block) for path in paths for _, block in route.each(path))


@rule("route-peering-least-privilege", "route the other VPC's block, not 0.0.0.0/0, over the peering connection")
def peering(r: Reader) -> Iterator[str]:
    """A peer that receives all traffic reads all traffic."""
    for route in _routes(r):
        if route.data.get("vpcPeeringConnectionId") is not None and _goes_anywhere(route):
            for shown, connection in route.each("vpcPeeringConnectionId"):
                if is_set(connection):
                    yield f"{shown} gets all traffic"


@stack_rule("route-no-open-igw", "route to the transit gateway; tag a table that is meant to be public Tier: public")
def no_open_gateway(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """An internet gateway's id is invented by AWS: until then, what the resource depends on says what it is."""
    for resource in stack.of(*TABLES, ROUTE):
        for fault in _opened(stack, resource):
            public = _is_public(stack, resource)
            if public is None:
                stack.waits_for.append((resource, "the table's tags"))
            elif not public:
                yield resource, fault


def _is_public(stack: Stack, resource: Resource) -> bool | None:
    """Whether a table, or the table of a route, is tagged as public; None where that is not known yet."""
    public: bool | None = False
    for table in stack.of(*TABLES) if resource.type == ROUTE else [resource]:
        tags = table.props.get("tags")
        if has_unknown(tags) or is_public_tier(tags):
            mine = resource is table or _in_default(resource, table) or _is_of(stack, resource, table)
            if mine and is_public_tier(tags):
                return True
            public = None if mine is not False else public
    return public


def _is_of(stack: Stack, route: Resource, table: Resource) -> bool | None:
    routes = stack.about(table, [ROUTE], "routeTableId")
    unsure = _default_id(table) is UNKNOWN and not table.depends_on and route.props.get("routeTableId") is not UNKNOWN
    return None if routes is None or unsure else route in routes


def _in_default(route: Resource, table: Resource) -> bool:
    """Whether *route* is in the default *table* by the VPC's output: the id it takes over, or one not known yet."""
    named = route.props.get("routeTableId")
    if table.type != DEFAULT_TABLE or named is not UNKNOWN:
        return is_set(named) and named == _default_id(table)
    vpcs = {key for key in route.depends_on if key.endswith(VPCS)}
    return bool(vpcs & {*table.depends_on}) and not any(key.endswith(TABLES) for key in route.depends_on)


def _default_id(table: Resource) -> object:
    return table.props.get("defaultRouteTableId")


def _opened(stack: Stack, resource: Resource) -> Iterator[str]:
    for route in _routes(reader := Reader(resource, stack.settings)):
        gateway = route.data.get("gatewayId")
        if gateway is UNKNOWN and any(key.endswith(f"|{GATEWAY}") for key in resource.depends_on):
            gateway = "igw-"
        if gateway is UNKNOWN:
            route.waits_for.append(f"{route.inside}gatewayId")
        elif str(gateway).startswith("igw-") and _goes_anywhere(route):
            yield f"{route.inside}gatewayId is an internet gateway for all traffic"
    stack.waits_for.extend((resource, path) for path in reader.waits_for)


def _let_in(r: Reader, *ports: int) -> Iterator[tuple[str, list[int]]]:
    """Walk what a network ACL lets in from anywhere, as (where, those of *ports*).

    Entries are read in the order of their numbers; within one resource an earlier Deny takes its ports out.
    """
    alone = r.resource.type == "aws:ec2/networkAclRule:NetworkAclRule"
    if alone and is_true(r.get("egress")):
        return
    entries = [r] if alone else sorted(r.elements("ingress[]"), key=lambda entry: number(entry.get("ruleNo")))
    if r.waits_for:
        return  # an entry that is not known may be a Deny
    denied: dict[int, list[str]] = {}
    for entry in entries:
        denies = str(entry.get("ruleAction" if alone else "action")).lower() == "deny"
        families = ("cidrBlock", "ipv6CidrBlock")
        # What a Deny not yet known takes out is not known either.
        blocks = map(entry.get, families) if denies else (b for path in families for _, b in entry.each(path))
        wide = [str(block) for block in blocks if is_wide(block)]
        hit = [port for port in ports if _covers(entry, port)]
        if denies:
            for port in hit:
                denied.setdefault(port, []).extend(wide)
        elif left := sorted(p for p in hit if any(not within(block, denied.get(p, ())) for block in wide)):
            yield entry.inside.rstrip(".") or "the rule", left


def _covers(entry: Reader, port: int) -> bool:
    protocol = str(entry.get("protocol")).lower().removesuffix(".0")
    if protocol in {"-1", "all"}:
        return True
    if protocol in {"1", "58", "icmp", "icmpv6"}:
        return False  # these have types, not ports
    return number(entry.get("fromPort")) <= port <= number(entry.get("toPort"))


@rule("nacl-no-public-ssh-rdp", "allow FTP, SSH and RDP from private blocks only, or use Session Manager")
def no_public_administration(r: Reader) -> Iterator[str]:
    """Ports 20, 21, 22 and 3389."""
    for where, ports in _let_in(r, *ADMIN_PORTS):
        yield f"{where} lets anyone in on port {', '.join(map(str, ports))}"


@rule("nacl-no-all-ports", "allow the ports that are served, and 1024 to 65535 for answers")
def not_every_port(r: Reader) -> Iterator[str]:
    """An ACL that lets everything in is none."""
    ends = [1, LAST_PORT]
    yield from (f"{where} lets anyone in on every port" for where, ports in _let_in(r, *ends) if ports == ends)


@stack_rule("nacl-attached", "set subnetIds, or add a NetworkAclAssociation")
def acl_used(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """One that guards no subnet looks like a guard."""
    for acl in stack.of("aws:ec2/networkAcl:NetworkAcl"):
        if stack.lacks(acl, ["aws:ec2/networkAclAssociation:NetworkAclAssociation"], "networkAclId", "subnetIds"):
            yield acl, "it is for no subnet"


@stack_rule("eip-attached", "attach the address, or give it back")
def address_used(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """An address costs the same whether anything answers there."""
    kinds = ("aws:ec2/eipAssociation:EipAssociation", "aws:ec2/natGateway:NatGateway")
    depended_on = {key for each in stack.resources for key in each.depends_on}
    for address in stack.of("aws:ec2/eip:Eip"):
        if address.key not in depended_on and stack.lacks(
            address, kinds, "allocationId", "instance", "networkInterface"
        ):
            yield address, "nothing uses it"


@rule("vpc-endpoint-private-dns", "set privateDnsEnabled, securityGroupIds and subnets in two zones")
def interface_endpoint(r: Reader) -> Iterator[str]:
    """Without its name, the SDKs ask the public address. An absent type is Gateway, which has none of these.

    A service that is not AWS's has such a name only where its owner has proven a public domain; a zone of the network's
    own does as well. Source: AWS PrivateLink Guide, "Manage DNS names for VPC endpoint services", read 2026-11-30.
    """
    if r.get("vpcEndpointType") != "Interface":
        return
    if not str(r.get("serviceName")).startswith("com.amazonaws.vpce."):
        yield from r.unless("privateDnsEnabled", True, default=False)
    yield from r.missing("securityGroupIds")
    subnets = [value for path in ("subnetIds", "subnetConfigurations") for _, value in r.each(path)]
    most = max((len(value) for value in subnets if isinstance(value, list)), default=0)
    if most < ZONES and not r.waits_for:
        yield f"it has {most} of {ZONES} subnets"

"""The networks of recorded stacks: what each route, attachment, zone and rule says, found by id."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from checks.record import Recorded

_EC2, _TGW, _R53 = "aws:ec2/", "aws:ec2transitgateway/", "aws:route53/"


@dataclass(frozen=True)
class Subnet:
    """One subnet."""

    id: str
    vpc: str
    zone: str
    block: IPv4Network


@dataclass(frozen=True)
class Endpoint:
    """One VPC endpoint."""

    id: str
    vpc: str
    service: str
    gateway: bool
    own_name: bool
    """Whether AWS's own private name leads to it, within its VPC."""

    subnets: tuple[str, ...]
    groups: tuple[str, ...]
    tables: tuple[str, ...]
    dns_names: tuple[str, ...]


@dataclass(frozen=True)
class Attachment:
    """A VPC at a transit gateway."""

    id: str
    gateway: str
    vpc: str
    subnets: tuple[str, ...]
    account: str
    """Provider it was asked for by: another's than the gateway's must be accepted."""

    appliance: bool


Routes = list[tuple[IPv4Network, str, str]]
"""(destination, kind of target, its id)."""


@dataclass
class Graph:
    """All of it; ids that one stack was told of another are the other's own."""

    vpcs: dict[str, IPv4Network] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    table_of: dict[str, str] = field(default_factory=dict)
    """Route table by subnet."""

    routes: dict[str, Routes] = field(default_factory=lambda: defaultdict(list))
    """By route table of a VPC."""

    gateways: dict[str, str] = field(default_factory=dict)
    """Transit gateway → provider that made it."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    associated: dict[str, str] = field(default_factory=dict)
    """Route table of the transit gateway by attachment."""

    transit: dict[str, Routes] = field(default_factory=lambda: defaultdict(list))
    """Static routes by route table of the transit gateway."""

    propagated: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Attachments by route table of the transit gateway."""

    nats: dict[str, str] = field(default_factory=dict)
    """Subnet by NAT gateway."""

    inspectors: dict[str, str] = field(default_factory=dict)
    """Subnet by endpoint of a firewall."""
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    zones: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    """Name and VPCs by hosted zone."""

    records: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Where names of a zone lead."""

    authorized: set[tuple[str, str]] = field(default_factory=set)
    """(zone, VPC) that another account may associate."""

    lets_out: dict[str, list[tuple[str, int, int]]] = field(default_factory=lambda: defaultdict(list))
    """(block, group or prefix list; first and last port) by group."""

    lets_in: dict[str, list[tuple[str, int, int]]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    """VPC and logical name by security group."""

    filtered: dict[str, str] = field(default_factory=dict)
    """DNS Firewall's rule group by VPC."""

    closed: set[str] = field(default_factory=set)
    """VPCs whose DNS firewall fails closed."""


def graph(resources: Iterable[Recorded], told: Mapping[str, str]) -> Graph:
    """Read the resources of several stacks.

    Args:
        resources: of all stacks whose networks meet.
        told: id that a stack was told (ids.lock.yaml) → id that the other stack's recording invented for the same.
    """
    found = Graph()
    there = list(resources)
    # What others name comes first.
    for resource in sorted(there, key=lambda each: each.type not in _FIRST):
        if read := _READERS.get(resource.type):
            inputs = {key: _known(value, told) for key, value in resource.inputs.items()}
            read(found, resource, inputs)
    return found


def _known(value: Any, told: Mapping[str, str]) -> Any:  # noqa: ANN401 - any property
    return told.get(value, value) if isinstance(value, str) else value


def _id(resource: Recorded) -> str:
    return str(resource.outputs["id"])


def _vpc(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.vpcs[_id(resource)] = IPv4Network(inputs["cidrBlock"])


def _subnet(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    where = inputs["vpcId"], inputs["availabilityZone"]
    graph.subnets[_id(resource)] = Subnet(_id(resource), *where, IPv4Network(inputs["cidrBlock"]))


def _table(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.table_of[inputs["subnetId"]] = inputs["routeTableId"]


_TARGETS = {
    "transitGatewayId": "transit",
    "natGatewayId": "nat",
    "gatewayId": "internet",
    "vpcEndpointId": "inspector",
    "vpcPeeringConnectionId": "peer",
    "networkInterfaceId": "interface",
}


def _route(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    for key, kind in _TARGETS.items():
        if inputs.get(key):
            block = IPv4Network(inputs["destinationCidrBlock"])
            graph.routes[inputs["routeTableId"]].append((block, kind, inputs[key]))


def _gateway(graph: Graph, resource: Recorded, _: Mapping[str, Any]) -> None:
    graph.gateways[_id(resource)] = resource.provider


def _attachment(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.attachments[_id(resource)] = Attachment(
        _id(resource),
        inputs["transitGatewayId"],
        inputs["vpcId"],
        tuple(inputs["subnetIds"]),
        resource.provider,
        inputs.get("applianceModeSupport") == "enable",
    )


def _accepter(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.accepted.add(inputs["transitGatewayAttachmentId"])


def _association(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.associated[inputs["transitGatewayAttachmentId"]] = inputs["transitGatewayRouteTableId"]


def _propagation(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.propagated[inputs["transitGatewayRouteTableId"]].add(inputs["transitGatewayAttachmentId"])


def _transit_route(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    kind = "blackhole" if inputs.get("blackhole") else "attachment"
    route = (IPv4Network(inputs["destinationCidrBlock"]), kind, inputs.get("transitGatewayAttachmentId", ""))
    graph.transit[inputs["transitGatewayRouteTableId"]].append(route)


def _nat(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.nats[_id(resource)] = inputs["subnetId"]


def _firewall(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    by_zone = {graph.subnets[each["subnetId"]].zone: each["subnetId"] for each in inputs["subnetMappings"]}
    for state in resource.outputs["firewallStatuses"][0]["syncStates"]:
        if state["availabilityZone"] in by_zone:
            graph.inspectors[state["attachments"][0]["endpointId"]] = by_zone[state["availabilityZone"]]


def _endpoint(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.endpoints[_id(resource)] = Endpoint(
        _id(resource),
        inputs["vpcId"],
        inputs["serviceName"],
        inputs.get("vpcEndpointType") == "Gateway",
        bool(inputs.get("privateDnsEnabled")),
        tuple(inputs.get("subnetIds", ())),
        tuple(inputs.get("securityGroupIds", ())),
        tuple(inputs.get("routeTableIds", ())),
        tuple(each["dnsName"] for each in resource.outputs.get("dnsEntries", ())),
    )


def _zone(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.zones[str(resource.outputs["zoneId"])] = (inputs["name"], {each["vpcId"] for each in inputs.get("vpcs", ())})


def _record(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.records[inputs["zoneId"]] |= {str(each["name"]) for each in inputs.get("aliases", ())}


def _authorization(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.authorized.add((inputs["zoneId"], inputs["vpcId"]))


def _zone_association(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    if (inputs["zoneId"], inputs["vpcId"]) in graph.authorized and inputs["zoneId"] in graph.zones:
        graph.zones[inputs["zoneId"]][1].add(inputs["vpcId"])


def _group(graph: Graph, resource: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.groups[_id(resource)] = (inputs["vpcId"], resource.name)


def _rule(rules: dict[str, list[tuple[str, int, int]]], inputs: Mapping[str, Any]) -> None:
    peer = inputs.get("cidrIpv4") or inputs.get("referencedSecurityGroupId") or inputs.get("prefixListId") or ""
    ports = (0, 65535) if inputs["ipProtocol"] == "-1" else (int(inputs["fromPort"]), int(inputs["toPort"]))
    rules[inputs["securityGroupId"]].append((str(peer), *ports))


def _out(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    _rule(graph.lets_out, inputs)


def _in(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    _rule(graph.lets_in, inputs)


def _filter(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    graph.filtered[inputs["vpcId"]] = inputs["firewallRuleGroupId"]


def _fails(graph: Graph, _: Recorded, inputs: Mapping[str, Any]) -> None:
    if inputs["firewallFailOpen"] == "DISABLED":
        graph.closed.add(inputs["resourceId"])


_READERS = {
    f"{_EC2}vpc:Vpc": _vpc,
    f"{_EC2}subnet:Subnet": _subnet,
    f"{_EC2}routeTableAssociation:RouteTableAssociation": _table,
    f"{_EC2}route:Route": _route,
    f"{_EC2}natGateway:NatGateway": _nat,
    f"{_EC2}vpcEndpoint:VpcEndpoint": _endpoint,
    f"{_EC2}securityGroup:SecurityGroup": _group,
    f"{_TGW}transitGateway:TransitGateway": _gateway,
    f"{_TGW}vpcAttachment:VpcAttachment": _attachment,
    f"{_TGW}vpcAttachmentAccepter:VpcAttachmentAccepter": _accepter,
    f"{_TGW}routeTableAssociation:RouteTableAssociation": _association,
    f"{_TGW}routeTablePropagation:RouteTablePropagation": _propagation,
    f"{_TGW}route:Route": _transit_route,
    "aws:networkfirewall/firewall:Firewall": _firewall,
    f"{_R53}zone:Zone": _zone,
    f"{_R53}record:Record": _record,
    f"{_R53}vpcAssociationAuthorization:VpcAssociationAuthorization": _authorization,
    f"{_R53}zoneAssociation:ZoneAssociation": _zone_association,
    f"{_R53}resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": _filter,
    f"{_R53}resolverFirewallConfig:ResolverFirewallConfig": _fails,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _out,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _in,
}
_FIRST = {f"{_EC2}subnet:Subnet", f"{_R53}zone:Zone", f"{_R53}vpcAssociationAuthorization:VpcAssociationAuthorization"}


def subnets_of(found: Graph, vpc: str) -> Iterator[Subnet]:
    """Walk the subnets of a VPC."""
    yield from (subnet for subnet in found.subnets.values() if subnet.vpc == vpc)

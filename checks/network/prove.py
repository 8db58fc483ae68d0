"""Prove on recorded stacks that each declared feature has its path, and that no path is there that nobody declared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from checks.network.follow import Way, follow
from checks.network.graph import Endpoint, Graph, Subnet, graph, subnets_of
from checks.record import Recording
from zone.facts import facts
from zone.plan.endpoint import EndpointPlan
from zone.plan.hub import HubPlan
from zone.plan.zone import TeamPlan, ZonePlan

ANYWHERE = IPv4Address("198.51.100.7")
"""Stands for the internet (RFC 5737, TEST-NET-2: documentation)."""

_TLS = 443


@dataclass(frozen=True, order=True)
class Lack:
    """What is missing, or too much."""

    stack: str
    """The team's stack."""

    feature: str
    """The feature without a path, or `isolation`."""

    piece: str
    """The piece that is missing, or the path that must not be there."""

    def __str__(self) -> str:
        """`prod-fraud: studio: …`."""
        return f"{self.stack}: {self.feature}: {self.piece}"


def lacks(zone: ZonePlan, environment: str, recorded: Mapping[str, Recording]) -> list[Lack]:
    """Return what stands between the declared features of *environment* and the recorded networks; none: all is proved.

    Args:
        zone: the plan.
        environment: whose platform and teams.
        recorded: recordings of its stacks, the platform's and all teams'.
    """
    resources = [each for recording in recorded.values() for each in recording.made()]
    teams = {
        stack: team
        for stack, team in zone.teams.items()
        if team.account.environment == environment and team.network.existing is None
    }
    found = graph(resources, _told(teams, recorded[environment]))
    hub = zone.platforms[environment].hub
    proof = _Proof(found, hub, {stack: _vpc_of(found, team) for stack, team in teams.items()})
    lacking = [lack for stack, team in teams.items() for lack in proof.of(stack, team)]
    return sorted({*lacking, *proof.apart()})


def _told(teams: Mapping[str, TeamPlan], platform: Recording) -> dict[str, str]:
    """Pair what ids.lock.yaml tells the teams with what the platform's recording invented for the same."""
    made = platform.exports.get("shared", {}).get("hub", {})
    told: dict[str, str] = {}
    for team in teams.values():
        if team.hub:
            ids = team.hub.ids.model_dump()
            told |= {ids[key]: value for key, value in made.items() if isinstance(value, str)}
            told |= {ids["zones"][key]: id_ for key, id_ in made.get("zones", {}).items() if key in ids["zones"]}
    return told


def _vpc_of(found: Graph, team: TeamPlan) -> str:
    return next(vpc for vpc, block in found.vpcs.items() if block == team.network.cidr)


@dataclass(frozen=True)
class _Proof:
    graph: Graph
    hub: HubPlan | None
    vpcs: Mapping[str, str]

    def of(self, stack: str, team: TeamPlan) -> Iterator[Lack]:
        """What one team's features lack."""
        vpc = self.vpcs[stack]
        for endpoint in (*team.endpoints, *(team.hub.central if team.hub else ())):
            for piece in self._endpoint(vpc, endpoint):
                yield from (Lack(stack, feature, f"{endpoint.key}: {piece}") for feature in endpoint.features)
        if team.hub and team.hub.egress:
            yield from (Lack(stack, "egress", piece) for piece in self._egress(vpc))

    def apart(self) -> Iterator[Lack]:
        """Ways that nobody declared: from team to team, and to the internet."""
        for stack, vpc in self.vpcs.items():
            for subnet in subnets_of(self.graph, vpc):
                for other, there in self.vpcs.items():
                    if (
                        other != stack
                        and follow(self.graph, subnet.id, _inside(self.graph.vpcs[there])).end == "subnet"
                    ):
                        yield Lack(stack, "isolation", f"a packet reaches {other}")
                way = follow(self.graph, subnet.id, ANYWHERE)
                if way.end != "nowhere" and (self.hub is None or self.hub.egress is None):
                    yield Lack(stack, "isolation", f"a packet reaches {way.end}")

    def _endpoint(self, vpc: str, plan: EndpointPlan) -> Iterator[str]:
        """Pieces missing between a network and one service."""
        near = [each for each in self.graph.endpoints.values() if each.service == plan.service and each.vpc == vpc]
        if plan.gateway:
            tables = {self.graph.table_of.get(subnet.id) for subnet in subnets_of(self.graph, vpc)}
            if not any(tables <= set(each.tables) for each in near):
                yield "no gateway endpoint in the network's route tables"
        elif near:
            if not (self._named(vpc, plan.host, near[0]) if plan.host else near[0].own_name):
                yield "its own name does not lead to the endpoint"
            yield from self._let_in(vpc, near[0])
        else:
            yield from self._far(vpc, plan)

    def _named(self, vpc: str, host: str, endpoint: Endpoint) -> bool:
        """Whether a zone of the network leads from the *host* of a service that is not AWS's to its endpoint."""
        zones = [id_ for id_, (name, vpcs) in self.graph.zones.items() if name == host and vpc in vpcs]
        return any(self.graph.records[id_] & set(endpoint.dns_names) for id_ in zones)

    def _far(self, vpc: str, plan: EndpointPlan) -> Iterator[str]:
        """Pieces missing on the way to an endpoint of the hub, and back."""
        far = next(
            (each for each in self.graph.endpoints.values() if each.service == plan.service and not each.own_name), None
        )
        if far is None:
            yield "no endpoint, neither in the network nor in the hub"
            return
        name = next(each for each in facts("endpoints")["services"] if each["key"] == plan.key)["private_name"]
        region = plan.service.split(".")[2]
        zone = next((id_ for id_, (known, _) in self.graph.zones.items() if known == name.format(region=region)), None)
        if zone is None or vpc not in self.graph.zones[zone][1]:
            yield "the network is not associated with the hosted zone of its name"
        elif not self.graph.records[zone] & set(far.dns_names):
            yield "no record leads from its name to the endpoint"
        for subnet in subnets_of(self.graph, vpc):
            for there in far.subnets:
                target = self.graph.subnets[there]
                yield from _arrives(follow(self.graph, subnet.id, _inside(target.block)), target, "the way there")
                yield from _arrives(follow(self.graph, there, _inside(subnet.block)), subnet, "the way back")
        yield from self._let_in(vpc, far)

    def _let_in(self, vpc: str, endpoint: Endpoint) -> Iterator[str]:
        """Security groups on both sides."""
        mine = {id_: name for id_, (where, name) in self.graph.groups.items() if where == vpc}
        senders = [id_ for id_, name in mine.items() if name.endswith(("-workloads", "-studio"))]
        if not any(self._takes(each, self.graph.vpcs[vpc]) for each in endpoint.groups):
            yield "the endpoint's security group does not let the network in"
        blocks = [self.graph.subnets[each].block for each in endpoint.subnets]
        for id_ in senders:
            if not self._sends(id_, endpoint.groups, blocks):
                yield f"security group {mine[id_]} does not let TLS out to it"

    def _takes(self, group: str, block: IPv4Network) -> bool:
        return any(
            first <= _TLS <= last and "/" in peer and block.subnet_of(IPv4Network(peer))
            for peer, first, last in self.graph.lets_in[group]
        )

    def _sends(self, group: str, groups: tuple[str, ...], blocks: list[IPv4Network]) -> bool:
        rules = [peer for peer, first, last in self.graph.lets_out[group] if first <= _TLS <= last]
        wide = [IPv4Network(peer) for peer in rules if "/" in peer]
        return bool(set(rules) & set(groups)) or all(any(b.subnet_of(w) for w in wide) for b in blocks)

    def _egress(self, vpc: str) -> Iterator[str]:
        """Pieces missing on the way out, and back through the same firewall."""
        inspected = self.hub is not None and self.hub.egress is not None and self.hub.egress.inspected
        for subnet in subnets_of(self.graph, vpc):
            way = follow(self.graph, subnet.id, ANYWHERE)
            if way.end != "internet":
                yield f"no way to the internet: {way.hops[-1]}"
                continue
            nat = next(hop for hop in way.hops if hop in self.graph.nats)
            back = follow(self.graph, self.graph.nats[nat], _inside(subnet.block))
            yield from _arrives(back, subnet, "the way back from the internet")
            there, home = ({hop for hop in each.hops if hop in self.graph.inspectors} for each in (way, back))
            if inspected and (len(there) != 1 or there != home):
                yield "the firewall does not see both directions"
        if vpc not in self.graph.filtered:
            yield "no DNS firewall holds the names"
        elif vpc not in self.graph.closed:
            yield "the DNS firewall fails open"
        if not any(
            self._sends(id_, (), [IPv4Network("0.0.0.0/0")])
            for id_, (where, _) in self.graph.groups.items()
            if where == vpc
        ):
            yield "no security group lets TLS out"


def _inside(block: IPv4Network) -> IPv4Address:
    """An address that may be somebody's: AWS keeps the first four and the last of a subnet."""
    return block[5]


def _arrives(way: Way, subnet: Subnet, what: str) -> Iterator[str]:
    if way.end != "subnet" or way.hops[-1] != subnet.id:
        yield f"{what} ends elsewhere: {way.hops[-1]}"

"""Follow one packet through a graph, route by route, as AWS does: the longest prefix wins, a static one first."""

from dataclasses import dataclass
from ipaddress import IPv4Address

from checks.network.graph import Attachment, Graph, Routes, Subnet, subnets_of

_MOST_HOPS = 20


@dataclass(frozen=True)
class Way:
    """Where a packet went."""

    end: str
    """subnet, internet, outside or nowhere."""

    hops: tuple[str, ...]
    """Subnets, gateways and tables it passed, in order; the last says why it ended where it ended."""


class _LostError(Exception):
    """Nobody takes the packet on; the text says why."""


def follow(graph: Graph, start: str, address: IPv4Address) -> Way:
    """Send a packet from the subnet *start* to *address*.

    Source: Amazon VPC Transit Gateways, "Amazon VPC attachments": a packet enters the gateway in the zone it is in, and
    leaves through the attachment's subnet in that zone (in appliance mode through any); read 2026-11-30.
    """
    hops = [start]
    try:
        while len(hops) < _MOST_HOPS:
            if end := _step(graph, hops, address):
                return Way(end, tuple(hops))
    except _LostError as lost:
        return Way("nowhere", (*hops, str(lost)))
    return Way("nowhere", (*hops, "in circles"))


def _step(graph: Graph, hops: list[str], address: IPv4Address) -> str:
    """Go one route further from the last subnet of *hops*; return how it ended, or nothing while it goes on."""
    subnet = graph.subnets[hops[-1]]
    if address in graph.vpcs[subnet.vpc]:
        inside = [each.id for each in subnets_of(graph, subnet.vpc) if address in each.block]
        hops += inside or ["no subnet has it"]
        return "subnet" if inside else "nowhere"
    kind, target = _longest(graph.routes.get(graph.table_of.get(subnet.id, ""), []), address)
    hops.append(target)
    if kind == "internet":
        # Only what is translated has an address that the internet answers.
        if not set(hops) & graph.nats.keys():
            raise _LostError("a private address at the internet gateway")
        return "internet"
    if kind == "transit":
        return _transit(graph, subnet, hops, address)
    through = {"nat": graph.nats, "inspector": graph.inspectors}.get(kind, {})
    if target not in through:
        return "outside"
    hops.append(through[target])
    return ""


def _transit(graph: Graph, subnet: Subnet, hops: list[str], address: IPv4Address) -> str:
    """Pass a transit gateway, into the subnet through which it is left."""
    gateway = hops[-1]
    at = [each for each in graph.attachments.values() if each.vpc == subnet.vpc and each.gateway == gateway]
    if not at or not _in_zone(graph, at[0], subnet.zone):
        raise _LostError("no attachment in this zone")
    hops.append(at[0].id)
    if at[0].account != graph.gateways.get(gateway) and at[0].id not in graph.accepted:
        raise _LostError("attachment not accepted")
    if at[0].id not in graph.associated:
        raise _LostError("attachment without a route table")
    table = graph.associated[at[0].id]
    propagated = sorted(graph.propagated.get(table, set()) & graph.attachments.keys())
    routes: Routes = [
        *graph.transit.get(table, []),
        *((graph.vpcs[graph.attachments[id_].vpc], "attachment", id_) for id_ in propagated),
    ]
    kind, target = _longest(routes, address)
    hops += [table, target]
    if kind == "blackhole":
        raise _LostError("blackhole")
    left = graph.attachments.get(target)
    if left is None:
        return "outside"
    within = _in_zone(graph, left, subnet.zone) or (left.subnets if left.appliance else ())
    if not within:
        raise _LostError("no attachment in this zone")
    hops.append(within[0])
    return ""


def _in_zone(graph: Graph, attachment: Attachment, zone: str) -> tuple[str, ...]:
    return tuple(id_ for id_ in attachment.subnets if graph.subnets[id_].zone == zone)


def _longest(routes: Routes, address: IPv4Address) -> tuple[str, str]:
    """Of the routes that fit, the one with the longest prefix; of equal ones the first."""
    fitting = [route for route in routes if address in route[0]]
    if not fitting:
        raise _LostError("no route")
    _, kind, id_ = max(fitting, key=lambda route: route[0].prefixlen)
    return kind, id_

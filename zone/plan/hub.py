"""Pure: an environment's hub: its addresses, which endpoints it holds, who is attached and where they get from it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from zone.facts import facts
from zone.plan.account import AccountPlan
from zone.plan.address import subnets
from zone.plan.endpoint import EndpointPlan
from zone.plan.endpoints import private_names, resolved_names
from zone.plan.hub_ids import HubIds
from zone.plan.solver import MICRO, Choice, Prices, Question, cheapest, everything_central, everywhere_local, takes
from zone.specs.hub import Hub

TIERS: Final = ("endpoints", "attachment", "public", "firewall")
"""Kinds of subnets in the hub: each zone has one of each kind it uses, and the addresses of all four are set aside."""

INTERNET: Final = IPv4Network("0.0.0.0/0")
"""Everything that is not ours."""

PRIVATE: Final = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
"""Addresses that are nobody's on the internet (RFC 1918)."""


@dataclass(frozen=True, kw_only=True)
class EgressPlan:
    """The way to the internet."""

    allowed_domains: tuple[str, ...]
    """What the environment's file allows."""

    own_names: tuple[str, ...]
    """What must be resolved for the networks to work at all: names of endpoints, buckets and the networks' own."""

    inspected: bool
    """Whether Network Firewall reads connections."""


@dataclass(frozen=True, kw_only=True)
class SpokeAccount:
    """A team's network that is attached to the hub."""

    account_id: str
    """12 digits."""

    cidr: IPv4Network
    """Its block."""

    central: tuple[str, ...]
    """Services it reaches through the hub's endpoints, in order."""


@dataclass(frozen=True, kw_only=True)
class HubPlan:
    """The hub, as the platform's stack makes it."""

    cidr: IPv4Network
    """Block of its VPC."""

    tiers: Mapping[str, Mapping[str, IPv4Network]]
    """Subnets by kind and zone letter; only kinds that are used."""

    pool: IPv4Network
    """Block that all networks of the environment are cut from."""

    endpoints: tuple[EndpointPlan, ...]
    """Central endpoints, with the features of all teams that come to them."""

    private_names: Mapping[str, str]
    """Host name by endpoint: what a private hosted zone carries."""

    egress: EgressPlan | None
    """The way to the internet."""

    attachments: Mapping[str, tuple[str, tuple[IPv4Network, ...]]]
    """The company's own networks: attachment and what is behind it, by name."""

    spokes: Mapping[str, SpokeAccount]
    """Attached teams."""

    choice: Choice
    """Where endpoints are, and what that costs."""

    local_usd: float
    """What endpoints would cost if all were local [USD a month]."""


@dataclass(frozen=True, kw_only=True)
class SpokePlan:
    """The hub, as an attached team's stack sees it."""

    platform: AccountPlan
    """Account of the hub."""

    central: tuple[EndpointPlan, ...]
    """What the team reaches through the hub's endpoints."""

    routes: Mapping[str, IPv4Network]
    """What it reaches through the transit gateway by name: hub, the company's networks, internet."""

    egress: bool
    """Whether it reaches the internet."""

    ids: HubIds
    """What AWS invented."""

    made: bool
    """Whether the platform's stack has made all that the team needs of it."""


@dataclass(frozen=True, kw_only=True)
class Spoke:
    """A team that may be attached."""

    account_id: str
    """12 digits."""

    cidr: IPv4Network
    """Its block."""

    endpoints: tuple[EndpointPlan, ...]
    """Endpoints its features need."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a hub is."""

    region: str
    """Region."""

    zones: Sequence[str]
    """Zone letters."""

    pool: IPv4Network
    """The environment's addresses."""

    cidr: IPv4Network
    """The hub's block."""

    shared: bool
    """Whether the platform's own network is reached through the hub."""

    names: Collection[str] = ()
    """Further host names that teams must resolve: the platform's own services."""


def prices(region: str) -> Prices | None:
    """Return what the choice depends on; None where a price is not known."""
    known = facts("prices")
    found = {}
    for field, what in {
        "endpoint": "interface endpoint",
        "zone": "private hosted zone",
        "attachment": "transit gateway attachment",
        "gb": "transit gateway data",
    }.items():
        record = known["prices"][what]
        usd = record["usd"].get(region)
        if usd is None:
            return None
        found[field] = round(usd * (known["hours_per_month"] if record["per"] == "hour" else 1) * MICRO)
    return Prices(**found)


def question(spec: Hub, place: Place, spokes: Mapping[str, Spoke], ids: HubIds) -> Question:
    """Return what is to be decided: who needs which endpoints, and what they cost."""
    return Question(
        needs={team: frozenset(e.key for e in spoke.endpoints if not e.gateway) for team, spoke in spokes.items()},
        movable=frozenset(private_names(place.region)),
        zones=len(place.zones),
        gb=spec.gb_per_endpoint,
        # Where no price is known nothing is chosen by price (hub_checks), and nothing is said of it.
        prices=prices(place.region) or Prices(endpoint=1, zone=0, attachment=0, gb=0),
        attached=bool(spec.egress or spec.attachments or place.shared),
        kept=frozenset(ids.zones),
    )


def hub_plan(spec: Hub, place: Place, spokes: Mapping[str, Spoke], ids: HubIds) -> HubPlan:
    """Plan the hub of an environment.

    Args:
        spec: what its file says.
        place: where it is.
        spokes: teams with a network of ours.
        ids: what is recorded of it.
    """
    asked = question(spec, place, spokes, ids)
    choose = {"local": everywhere_local, "central": everything_central, "cheapest": cheapest}[spec.endpoints]
    choice = choose(asked)
    users: dict[str, list[str]] = defaultdict(list)
    plans: dict[str, EndpointPlan] = {}
    for team, spoke in spokes.items():
        for endpoint in spoke.endpoints:
            plans[endpoint.key] = endpoint
            if endpoint.key in takes(asked, choice, team):
                users[endpoint.key] += [feature for feature in endpoint.features if feature not in users[endpoint.key]]
    # What nobody needs any more stays as long as it is recorded: a team's stack may still use it.
    central = sorted(choice.central | (asked.kept & plans.keys()))
    egress = None
    if spec.egress:
        egress = EgressPlan(
            allowed_domains=spec.egress.allowed_domains,
            own_names=tuple(sorted({*resolved_names(place.region), *place.names})),
            inspected=spec.egress.inspection == "network_firewall",
        )
    used = ["endpoints", "attachment", *(["public"] if egress else []), *(["firewall"] if _inspected(egress) else [])]
    return HubPlan(
        cidr=place.cidr,
        tiers={tier: blocks for tier, blocks in tiers(place.cidr, place.zones).items() if tier in used},
        pool=place.pool,
        endpoints=tuple(
            EndpointPlan(
                key=key,
                service=plans[key].service,
                gateway=False,
                features=tuple(users[key]),
                policy_supported=plans[key].policy_supported,
            )
            for key in central
        ),
        private_names={key: private_names(place.region)[key] for key in central},
        egress=egress,
        attachments={name: (each.id, each.cidrs) for name, each in spec.attachments.items()},
        spokes={
            team: SpokeAccount(
                account_id=spoke.account_id, cidr=spoke.cidr, central=tuple(sorted(takes(asked, choice, team)))
            )
            for team, spoke in spokes.items()
            if team in choice.attached
        },
        choice=choice,
        local_usd=round(everywhere_local(asked).cost / MICRO, 2),
    )


def _inspected(egress: EgressPlan | None) -> bool:
    return egress is not None and egress.inspected


def tiers(block: IPv4Network, zones: Sequence[str]) -> dict[str, dict[str, IPv4Network]]:
    """Cut the hub's block: a quarter a zone, and a quarter of that for each kind of subnet, whether used or not."""
    cut: dict[str, dict[str, IPv4Network]] = {tier: {} for tier in TIERS}
    for zone, quarter in subnets(block, zones).items():
        for tier, part in zip(TIERS, quarter.subnets(prefixlen_diff=2), strict=True):
            cut[tier][zone] = part
    return cut


def spoke_plan(
    hub: HubPlan, team: str, spoke: Spoke, *, ids: HubIds, platform: AccountPlan, shared: Mapping[str, IPv4Network]
) -> SpokePlan:
    """Return what an attached team has of the hub.

    Args:
        hub: the hub.
        team: the team, which is attached.
        spoke: its network and what it needs.
        ids: what is recorded of the hub.
        platform: its account.
        shared: further networks behind the transit gateway by name: the platform's own.
    """
    taken = hub.spokes[team].central
    routes = {**({"hub": hub.cidr} if taken else {}), **shared}
    routes |= {
        name if len(cidrs) == 1 else f"{name}-{str(block).replace('/', '-')}": block
        for name, (_, cidrs) in hub.attachments.items()
        for block in cidrs
    }
    if hub.egress:
        routes["internet"] = INTERNET
    needed = [ids.transit_gateway, ids.spokes_table, ids.shared_table, *(ids.zones.get(key, "") for key in taken)]
    needed += [ids.dns_firewall, ids.query_log] if hub.egress else []
    return SpokePlan(
        platform=platform,
        central=tuple(endpoint for endpoint in spoke.endpoints if endpoint.key in taken),
        routes=routes,
        egress=hub.egress is not None,
        ids=ids,
        made=all(needed) and spoke.account_id in ids.accounts,
    )

"""Pure: which services an environment's teams reach through endpoints of the hub, and which through their own."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from zone.plan.closure import best

MICRO: Final = 1_000_000
"""Prices are whole numbers of millionths of a dollar: sums are exact, and equal prices are equal."""

_HUB: Final = ("hub",)
"""The hub's own attachment to the transit gateway, which every central endpoint needs."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What the choice depends on [millionths of USD a month]."""

    endpoint: int
    """An interface endpoint in one zone."""

    zone: int
    """A private hosted zone."""

    attachment: int
    """A VPC's attachment to the transit gateway."""

    gb: int
    """A gigabyte through the transit gateway. The endpoint's own price of a gigabyte is the same in both places."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Where endpoints are."""

    central: frozenset[str]
    """Services with an endpoint in the hub."""

    attached: frozenset[str]
    """Teams whose networks are attached to the transit gateway, and use the central endpoints."""

    cost: int
    """Of endpoints, zones, attachments and data [millionths of USD a month]."""

    bound: int
    """What no other choice falls below; equal to the cost where the cheapest was asked for."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be decided for one environment."""

    needs: Mapping[str, frozenset[str]]
    """Services that each team needs an interface endpoint of."""

    movable: frozenset[str]
    """Services whose endpoint may be central; all others stay in the team's network."""

    zones: int
    """Zones an endpoint is in, central or local [count]."""

    gb: int
    """Data of one team to one service [GB a month]: an assumption, and said so."""

    prices: Prices
    """USD."""

    attached: bool
    """Whether all networks are attached whatever is chosen, for egress or a shared service: then it costs nothing more.
    """

    kept: frozenset[str] = frozenset()
    """Services that are central already: moved back, they would be gone before the teams' own are made."""


def everywhere_local(question: Question) -> Choice:
    """Return the choice without a central endpoint."""
    return _priced(question, frozenset(), frozenset(question.needs if question.attached else ()))


def everything_central(question: Question) -> Choice:
    """Return the choice with every endpoint in the hub that may be there and that somebody needs."""
    needed = frozenset().union(*question.needs.values())
    return _priced(question, question.movable & needed, frozenset(question.needs))


def cheapest(question: Question) -> Choice:
    """Return the cheapest choice; of equal ones the one with the fewest central services and attachments.

    A central endpoint pays its price and a zone's; an attached team saves its own endpoint for each central service it
    needs and pays the attachment and the data. A saving needs both, the endpoint and the attachment: a closure. Teams
    with the same needs are one, for the smallest of the best selections treats them alike.
    """
    prices = question.prices
    local = prices.endpoint * question.zones
    saved = max(local - prices.gb * question.gb, 0)
    alike = Counter(needs & question.movable for needs in question.needs.values())
    open_ = 0 if question.attached or question.kept else prices.attachment
    values: dict[object, int] = {_HUB: -open_}
    needs: dict[object, frozenset[object]] = {}
    for service in frozenset().union(*alike):
        values["service", service] = 0 if service in question.kept else -(local + prices.zone)
        needs["service", service] = frozenset({_HUB})
    for group, count in alike.items():
        values["teams", group] = 0 if question.attached else -count * prices.attachment
        needs["teams", group] = frozenset({_HUB})
        for service in group:
            values["saving", service, group] = count * saved
            needs["saving", service, group] = frozenset({("service", service), ("teams", group)})
    selection = best(values, needs)
    central = frozenset(service for service in question.movable if ("service", service) in selection.taken)
    attached = frozenset(
        team
        for team, needed in question.needs.items()
        if question.attached or ("teams", needed & question.movable) in selection.taken
    )
    found = _priced(question, central | question.kept, attached)
    # What is paid before anything is chosen, and before anybody takes what is central already.
    alone = sum(len(needed) for needed in question.needs.values()) * local + len(question.kept) * (local + prices.zone)
    if question.attached or question.kept:
        alone += prices.attachment * (1 + (len(question.needs) if question.attached else 0))
    return replace(found, bound=alone - selection.bound)


def takes(question: Question, choice: Choice, team: str) -> frozenset[str]:
    """Return the services that *team* reaches through the hub: none where the data alone costs more than endpoints."""
    prices = question.prices
    worth_it = prices.gb * question.gb < prices.endpoint * question.zones
    return question.needs[team] & choice.central if worth_it and team in choice.attached else frozenset()


def _priced(question: Question, central: Collection[str], attached: Collection[str]) -> Choice:
    """Count what a choice costs."""
    prices, own = question.prices, question.prices.endpoint * question.zones
    chosen = Choice(central=frozenset(central), attached=frozenset(attached), cost=0, bound=0)
    cost = len(central) * (own + prices.zone)
    if question.attached or central:
        cost += prices.attachment * (1 + len(attached))
    for team, needed in question.needs.items():
        shared = len(takes(question, chosen, team))
        cost += shared * prices.gb * question.gb + (len(needed) - shared) * own
    return replace(chosen, cost=cost, bound=cost)

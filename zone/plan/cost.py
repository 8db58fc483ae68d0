"""What the stacks cost while nobody works: what AWS bills for being there. Use is not in it; see `Cost`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zone.facts import facts
from zone.plan.keys import key_purposes
from zone.plan.reach import by_hub
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan
from zone.specs.mlflow import FargateMlflow

WITHOUT: Final = "instances, storage, requests, logs, data transfer"
"""What comes on top, with use."""

REFERENCE_REGION: Final = "us-east-1"
"""Where a price is known for which there is none in the region asked for."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One kind of thing that a stack keeps running. What it costs to use it is not known before somebody does."""

    what: str
    """Name in prices.json, e.g. KMS key."""

    count: int
    """How many of them; an interface endpoint counts once a zone."""

    region: str
    """Where they are."""

    @property
    def usd_per_month(self) -> float | None:
        """USD a month for all of them; None: no price is known for the region."""
        each = unit_price(self.what, self.region)
        return None if each is None else round(self.count * each, 2)


def unit_price(what: str, region: str) -> float | None:
    """Return what one costs in *region* [USD a month]; None: nobody here knows."""
    record = facts("prices")["prices"].get(what)
    usd: float | None = record["usd"].get(region) if record else None
    if usd is None:
        return None
    hours: int = facts("prices")["hours_per_month"] if record["per"] == "hour" else 1
    return usd * hours


def standing(zone: ZonePlan) -> dict[str, tuple[Cost, ...]]:
    """Return what each platform and team stack keeps running; all else that the stacks make costs nothing idle."""
    return {
        **{stack: _some(_platform(platform)) for stack, platform in zone.platforms.items()},
        **{stack: _some(_team(team)) for stack, team in zone.teams.items()},
    }


def total(costs: Iterable[Cost]) -> float:
    """Return the sum of what has a known price [USD a month]."""
    return round(sum(cost.usd_per_month or 0 for cost in costs), 2)


def servers(plan: PlatformPlan) -> int:
    """Count the environment's tracking servers."""
    return len(plan.teams) if plan.mlflow.mode == "per_team" else 1


def _platform(plan: PlatformPlan) -> Iterable[Cost]:
    region = plan.account.region
    if not isinstance(plan.mlflow, FargateMlflow):
        yield Cost(what=f"MLflow server {plan.mlflow.size.value}", count=servers(plan), region=region)
    yield Cost(what="KMS key", count=1, region=region)


def _team(plan: TeamPlan) -> Iterable[Cost]:
    region = plan.account.region
    interfaces = sum(not endpoint.gateway for endpoint in plan.endpoints)
    yield Cost(what="interface endpoint", count=interfaces * len(plan.network.subnets), region=region)
    yield Cost(what="KMS key", count=len(key_purposes(plan)), region=region)
    yield Cost(what="private hosted zone", count=_names(plan), region=region)


def ways_to_mlflow(plan: TeamPlan) -> dict[str, float | None]:
    """Return what each way to a server on Fargate costs a team [USD a month]; None: a price is not known.

    An endpoint is for MLflow alone; a hub's attachment carries all that goes through the hub. Data is not in it.
    """
    there = plan.network.existing
    region, zones = plan.account.region, len(there.subnet_ids if there else plan.network.subnets)
    counted = {"private_link": ("interface endpoint", zones), "hub": ("transit gateway attachment", 1)}
    found: dict[str, float | None] = {}
    for way, (what, count) in counted.items():
        each, name = unit_price(what, region), unit_price("private hosted zone", region)
        found[way] = None if each is None or name is None else round(count * each + name, 2)
    return found


def _names(plan: TeamPlan) -> int:
    """Count the zones that the team's stack makes for its MLflow server's name: in others' networks they are theirs."""
    return int(by_hub(plan.mlflow) or any(endpoint.host for endpoint in plan.endpoints if not plan.network.existing))


def _some(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """Leave out what there is none of."""
    return tuple(cost for cost in costs if cost.count)

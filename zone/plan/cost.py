"""What the stacks cost while nobody works: what AWS bills for being there. Use is not in it; see `Cost`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zone.facts import facts
from zone.plan.keys import key_purposes, platform_purposes
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan
from zone.specs.mlflow import PerTeamMlflow

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
    return len(plan.teams) if isinstance(plan.mlflow, PerTeamMlflow) else 1


def _platform(plan: PlatformPlan) -> Iterable[Cost]:
    region = plan.account.region
    yield Cost(what=f"MLflow server {plan.mlflow.size.value}", count=servers(plan), region=region)
    yield Cost(what="KMS key", count=len(platform_purposes(plan)), region=region)
    for copied in plan.images.replica_regions:
        yield Cost(what="KMS key", count=1, region=copied)


def _team(plan: TeamPlan) -> Iterable[Cost]:
    region = plan.account.region
    interfaces = sum(not endpoint.gateway for endpoint in plan.endpoints)
    yield Cost(what="interface endpoint", count=interfaces * len(plan.network.subnets), region=region)
    yield Cost(what="KMS key", count=len(key_purposes(plan)), region=region)


def _some(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """Leave out what there is none of."""
    return tuple(cost for cost in costs if cost.count)

"""What the stacks cost while nobody works: what AWS bills for being there. Use is not in it; see `Cost`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zone.facts import facts
from zone.names import FURTHER_KEY_PURPOSES
from zone.plan.hub import HubPlan
from zone.plan.keys import key_purposes, platform_key_purposes
from zone.plan.mlflow_needs import standing_of, ways_of
from zone.plan.reach import by_hub
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan
from zone.specs.mlflow import FargateMlflow

WITHOUT: Final = "instances, storage, requests, logs, data transfer"
"""What comes on top, with use."""

ALARMS_PER_ENDPOINT: Final = 2
"""Errors and slow answers, on which a new version is rolled back; target tracking's own alarms come with load."""

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
    if isinstance(plan.mlflow, FargateMlflow):
        for what, count in standing_of(plan, plan.mlflow):
            yield Cost(what=what, count=count, region=region)
    else:
        yield Cost(what=f"MLflow server {plan.mlflow.size.value}", count=servers(plan), region=region)
    yield Cost(what="KMS key", count=len(platform_key_purposes(plan)), region=region)
    for copied in plan.images.replica_regions:
        yield Cost(what="KMS key", count=1, region=copied)
    if plan.hub:
        yield from _hub(plan.hub, region)


def _hub(hub: HubPlan, region: str) -> Iterable[Cost]:
    """Attachments are billed where the attached network is: here, the hub's own."""
    zones = len(hub.tiers["endpoints"])
    yield Cost(what="transit gateway attachment", count=1, region=region)
    yield Cost(what="interface endpoint", count=len(hub.endpoints) * zones, region=region)
    yield Cost(what="private hosted zone", count=len(hub.endpoints), region=region)
    if hub.egress:
        yield Cost(what="NAT gateway", count=zones, region=region)
        yield Cost(what="public IPv4 address", count=zones, region=region)
        if hub.egress.inspected:
            yield Cost(what="Network Firewall endpoint", count=zones, region=region)


def ways(plan: PlatformPlan) -> dict[str, float | None]:
    """Return what each way from the teams to MLflow on Fargate costs [USD a month]; None: a price is not known."""
    found: dict[str, float | None] = {}
    for reach, parts in ways_of(plan).items():
        each = [Cost(what=what, count=count, region=plan.account.region).usd_per_month for what, count in parts]
        known = [usd for usd in each if usd is not None]
        found[reach] = round(sum(known), 2) if len(known) == len(each) else None
    return found


def _team(plan: TeamPlan) -> Iterable[Cost]:
    region = plan.account.region
    interfaces = sum(not endpoint.gateway for endpoint in plan.endpoints)
    yield Cost(what="interface endpoint", count=interfaces * len(plan.network.subnets), region=region)
    yield Cost(what="transit gateway attachment", count=1 if plan.hub else 0, region=region)
    yield Cost(what="KMS key", count=len(key_purposes(plan)), region=region)
    for there, further in plan.regions.items():
        interfaces = sum(not endpoint.gateway for endpoint in further.endpoints)
        yield Cost(what="interface endpoint", count=interfaces * len(further.network.subnets), region=there)
        yield Cost(what="KMS key", count=len(FURTHER_KEY_PURPOSES), region=there)
    yield Cost(what="private hosted zone", count=_names(plan), region=region)
    deployed = [each for each in plan.serving.values() if each.version]
    for kind in sorted({each.instance_type for each in deployed}):
        least = sum(each.least for each in deployed if each.instance_type == kind)
        yield Cost(what=f"endpoint instance {kind}", count=least, region=region)
    # One that scales to none has the alarm that wakes it.
    waking = sum(not each.least for each in deployed)
    yield Cost(what="alarm", count=ALARMS_PER_ENDPOINT * len(deployed) + waking, region=region)


def _names(plan: TeamPlan) -> int:
    """Count the zones that the team's stack makes for its MLflow server's name: in others' networks they are theirs."""
    return int(by_hub(plan.mlflow) or any(endpoint.host for endpoint in plan.endpoints if not plan.network.existing))


def _some(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """Leave out what there is none of."""
    return tuple(cost for cost in costs if cost.count)

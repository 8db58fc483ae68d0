"""Pure: the hubs of all environments, and what each team has of its environment's."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network

from zone.plan.account import AccountPlan
from zone.plan.hub import HubPlan, Place, Spoke, hub_plan, prices, spoke_plan
from zone.plan.lock import HUB, Lock
from zone.plan.zone import TeamPlan
from zone.specs.account import TeamAccount
from zone.specs.problems import Problem
from zone.specs.tree import Specs


def planned_hubs(
    specs: Specs,
    lock: Lock,
    teams: Mapping[str, TeamPlan],
    platforms: Mapping[str, AccountPlan],
    blocks: Mapping[str, IPv4Network],
) -> tuple[dict[str, HubPlan], dict[str, TeamPlan]]:
    """Return the hub of each environment that has one, and the teams with what they have of it.

    Args:
        specs: all specs.
        lock: what is recorded.
        teams: teams by stack, planned with endpoints of their own for all they need.
        platforms: platform account by environment.
        blocks: blocks by account key.
    """
    hubs: dict[str, HubPlan] = {}
    attached = dict(teams)
    for name, environment in specs.environments.items():
        if environment.hub is None:
            continue
        platform, ids = platforms[name], lock.ids.of(name).hub
        spokes = {
            team.team: Spoke(account_id=team.account.account_id, cidr=team.network.cidr, endpoints=team.endpoints)
            for stack, team in teams.items()
            if team.account.environment == name and _may(specs, stack)
        }
        reach = getattr(environment.mlflow, "reach", "") == "hub"
        domain = getattr(environment.mlflow, "domain_name", "")
        place = Place(
            region=environment.region,
            zones=environment.zones,
            pool=environment.address_pool,
            cidr=blocks[platform.key + HUB],
            shared=reach,
            names=(domain, f"*.{domain}") if domain else (),
        )
        hub = hubs[name] = hub_plan(environment.hub, place, spokes, ids)
        shared = {"mlflow": blocks[platform.key]} if reach else {}
        for team, account in hub.spokes.items():
            plan = teams[f"{name}-{team}"]
            attached[f"{name}-{team}"] = replace(
                plan,
                endpoints=tuple(each for each in plan.endpoints if each.key not in account.central),
                hub=spoke_plan(hub, team, spokes[team], ids=ids, platform=platform, shared=shared),
            )
    return hubs, attached


def _may(specs: Specs, stack: str) -> bool:
    """Whether a team's network is ours and is not kept apart."""
    spec = specs.accounts[stack]
    return isinstance(spec, TeamAccount) and not spec.network.vpc and spec.network.hub


def hub_price_problems(specs: Specs) -> list[Problem]:
    """Say where the cheapest is asked for and nobody knows what things cost."""
    found = []
    for name, environment in specs.environments.items():
        if environment.hub and environment.hub.endpoints == "cheapest" and prices(environment.region) is None:
            text = f"no price of a transit gateway known in {environment.region}; allowed there: local, central"
            found.append(specs.sources[name].problem(("hub", "endpoints"), text))
    return found

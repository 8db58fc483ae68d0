"""A hub as plain data, for people's tables and machines' JSON."""

from typing import Any

from zone.plan.cost import Cost
from zone.plan.hub import HubPlan, SpokePlan
from zone.plan.solver import MICRO


def describe_hub(hub: HubPlan, region: str) -> dict[str, Any]:
    """What the platform's stack makes of it in *region*, and what it saves."""
    usd = Cost(what="interface endpoint", count=len(hub.tiers["endpoints"]), region=region).usd_per_month
    return {
        "cidr": str(hub.cidr),
        "teams": sorted(hub.spokes),
        "endpoints": [
            {"service": each.service, "neededBy": list(each.features), "usdPerMonth": usd} for each in hub.endpoints
        ],
        "endpointsUsdPerMonth": round(hub.choice.cost / MICRO, 2),
        "allLocalUsdPerMonth": hub.local_usd,
        "egress": {
            "allowedDomains": list(hub.egress.allowed_domains),
            "inspection": "network_firewall" if hub.egress.inspected else "none",
        }
        if hub.egress
        else None,
        "attachments": {name: [str(block) for block in cidrs] for name, (_, cidrs) in hub.attachments.items()},
    }


def describe_spoke(spoke: SpokePlan) -> dict[str, Any]:
    """What a team reaches through it."""
    return {
        "endpoints": [{"service": each.service, "neededBy": list(each.features)} for each in spoke.central],
        "routes": {name: str(block) for name, block in spoke.routes.items()},
        "egress": spoke.egress,
    }


def hub_notes(stack: str, hub: HubPlan) -> list[str]:
    """Say what the tables do not: what the firewall of names does not stop, and what nobody uses any more."""
    said = []
    if hub.egress and not hub.egress.inspected:
        said.append(
            f"{stack}: egress is held by names alone: DNS refuses what is not in allowed_domains, but an address that "
            "somebody knows is reached on port 443. `inspection: network_firewall` drops it."
        )
    idle = [each.key for each in hub.endpoints if not each.features]
    if idle:
        said.append(
            f"{stack}: no team uses the central endpoints {', '.join(idle)} any more, and they are billed: bring the "
            f"teams' stacks up, then take their lines under environments.{stack}.hub.zones out of ids.lock.yaml."
        )
    return said

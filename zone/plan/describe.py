"""The plan as plain data, for people's tables and machines' JSON: what would exist, stack by stack."""

from collections.abc import Collection
from typing import Any

from zone.guardrails.enforcement import OrganizationPolicy
from zone.guardrails.packing import text
from zone.names import UNASSIGNED
from zone.plan.account import AccountPlan
from zone.plan.cost import WITHOUT, Cost, standing, total
from zone.plan.endpoint import EndpointPlan
from zone.plan.hub_words import describe_hub, describe_spoke
from zone.plan.keys import key_purposes, platform_key_purposes
from zone.plan.mlflow import RemoteMlflow
from zone.plan.mlflow_words import logs_to, shared_by
from zone.plan.model_words import describe_models
from zone.plan.notes import notes
from zone.plan.promotions import PromotionPlan
from zone.plan.shares import Share
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan

ORG = "org"
"""Name of the organisation's stack."""


def dependencies(zone: ZonePlan) -> dict[str, frozenset[str]]:
    """Return each stack with the stacks it needs first: all need the organisation.

    What crosses accounts is computed from names, so team and platform stacks rarely wait for each other. A team does
    where it needs an id that AWS invents: that of the way to MLflow on Fargate, those of the hub.
    """
    return {
        ORG: frozenset(),
        **{stack: frozenset({ORG}) for stack in zone.platforms},
        **{stack: frozenset({ORG, *_platforms(team)}) for stack, team in zone.teams.items()},
    }


def _platforms(team: TeamPlan) -> tuple[str, ...]:
    """The platform's stack, if the team's needs an id of it."""
    return (team.account.environment,) if isinstance(team.mlflow, RemoteMlflow) or team.hub else ()


def describe(zone: ZonePlan, wanted: Collection[str] | None = None) -> dict[str, Any]:
    """Return the plan as JSON-ready data: `organization`, `stacks` in deployment order, and `notes`.

    Args:
        zone: the plan.
        wanted: only these stacks, and what must be known of them; None: all.
    """
    organization = zone.organization
    wanted = dependencies(zone) if wanted is None else wanted
    stacks = [_organization(zone)]
    stacks += [_platform(stack, platform) for stack, platform in sorted(zone.platforms.items())]
    stacks += [_team(stack, team) for stack, team in sorted(zone.teams.items())]
    costs = standing(zone)
    stacks = [{**stack, **_costs(costs.get(stack["stack"], ()))} for stack in stacks if stack["stack"] in wanted]
    return {
        "organization": {
            "managementAccountId": organization.management_account_id,
            "organizationId": organization.organization_id or None,
            "homeRegion": organization.home_region,
            "allowedRegions": list(organization.allowed_regions),
        },
        "stacks": stacks,
        "standingUsdPerMonth": round(sum(stack["standingUsdPerMonth"] for stack in stacks), 2),
        "standingWithout": WITHOUT,
        "notes": [text for about, text in notes(zone) if about & set(wanted)],
    }


def _costs(costs: Collection[Cost]) -> dict[str, Any]:
    """What a stack costs while nobody works."""
    return {
        "standingUsdPerMonth": total(costs),
        "standingCosts": [
            {"what": cost.what, "count": cost.count, "region": cost.region, "usdPerMonth": cost.usd_per_month}
            for cost in costs
        ],
    }


def _organization(zone: ZonePlan) -> dict[str, Any]:
    """The org stack."""
    organization = zone.organization
    return {
        "stack": ORG,
        "environment": ORG,
        "kind": "organization",
        "accountId": organization.management_account_id,
        "dependsOn": [],
        "region": organization.home_region,
        "organizationalUnits": list(organization.organizational_units),
        "accounts": {key: _made(account.account_id) for key, account in sorted(organization.accounts.items())},
        "retired": dict(sorted(organization.retired.items())),
        "guardrails": [
            {
                "key": guardrail.key,
                "type": guardrail.type.value,
                "description": guardrail.description,
                "targets": list(guardrail.targets),
                "owner": guardrail.owner,
            }
            for guardrail in organization.guardrails
        ],
        "policies": [_policy(policy) for policy in organization.policies],
    }


def _made(account_id: str) -> str | None:
    """Return an account's id; None where the account is not made yet."""
    return None if account_id == UNASSIGNED else account_id


def _policy(policy: OrganizationPolicy) -> dict[str, Any]:
    """A policy as it is attached, with where its statements come from; the guardrail names the owner."""
    return {
        "key": policy.key,
        "type": policy.type.value,
        "targets": list(policy.targets),
        "characters": len(text(policy.document)),
        "sources": {sid: list(sources) for sid, sources in policy.sources.items()},
    }


def _platform(stack: str, platform: PlatformPlan) -> dict[str, Any]:
    """A platform stack."""
    return {
        **_account(stack, "platform", platform.account),
        "keys": list(platform_key_purposes(platform)),
        "mlflow": shared_by(platform),
        "teams": sorted(platform.teams),
        **({"hub": describe_hub(platform.hub, platform.account.region)} if platform.hub else {}),
        "images": sorted(platform.images.repositories),
        "packages": sorted(name for name, _ in platform.packages.connections) if platform.packages else None,
    }


def _team(stack: str, team: TeamPlan) -> dict[str, Any]:
    """A team stack."""
    return {
        **_account(stack, "team", team.account),
        "dependsOn": [ORG, *_platforms(team)],
        "network": {
            "cidr": str(team.network.cidr),
            "subnets": {zone: str(block) for zone, block in team.network.subnets.items()}
            or dict(team.network.existing.subnet_ids if team.network.existing else {}),
        },
        "endpoints": _endpoints(team.endpoints, team.account.region, len(team.network.subnets)),
        "regions": {
            region: {
                "cidr": str(further.network.cidr),
                "subnets": {zone: str(block) for zone, block in further.network.subnets.items()},
                "endpoints": _endpoints(further.endpoints, region, len(further.network.subnets)),
            }
            for region, further in team.regions.items()
        },
        "members": {name: member.persona.value for name, member in team.members.items()},
        "instanceTypes": {use: list(types) for use, types in team.instance_types.model_dump().items() if types},
        "datasets": list(team.datasets),
        "featureGroups": list(team.feature_groups),
        "models": list(team.models),
        **describe_models(team),
        "sharesOut": [_share(share) for share in team.shares_out],
        "sharesIn": [_share(share) for share in team.shares_in],
        "keys": list(key_purposes(team)),
        "mlflow": logs_to(team.mlflow),
        **({"hub": describe_spoke(team.hub)} if team.hub else {}),
        "promotionsOut": [_promotion(each) for each in team.promotions_out],
        "promotionsIn": [_promotion(each) for each in team.promotions_in],
    }


def _endpoints(endpoints: Collection[EndpointPlan], region: str, zones: int) -> list[dict[str, Any]]:
    """VPC endpoints, with what needs each and its price in *zones* zones; none where the network team pays."""
    return [
        {
            "service": endpoint.service or f"{endpoint.key}: not made yet",
            "type": "Gateway" if endpoint.gateway else "Interface",
            "neededBy": list(endpoint.features),
            **({"host": endpoint.host} if endpoint.host else {}),
            "usdPerMonth": 0
            if endpoint.gateway
            else Cost(what="interface endpoint", count=zones, region=region).usd_per_month,
        }
        for endpoint in endpoints
    ]


def _account(stack: str, kind: str, account: AccountPlan) -> dict[str, Any]:
    """What every account stack says."""
    return {
        "stack": stack,
        "environment": account.environment,
        "kind": kind,
        "account": account.key,
        "accountId": _made(account.account_id),
        "dependsOn": [ORG],
        "region": account.region,
        "organizationalUnit": account.organizational_unit,
        "owner": account.owner,
        "dataClass": account.tags["mlz:data-class"],
        "budgetUsdPerMonth": account.budget_usd_per_month,
        "disposable": account.disposable,
        "source": account.source,
    }


def _promotion(promotion: PromotionPlan) -> dict[str, str]:
    """A declared promotion."""
    return {"model": promotion.model, "owner": promotion.owner, "taker": promotion.taker}


def _share(share: Share) -> dict[str, str]:
    """A declared share."""
    return {"name": share.name, "kind": share.kind, "owner": share.owner, "reader": share.reader}

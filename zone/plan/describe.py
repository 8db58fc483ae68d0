"""The plan as plain data, for people's tables and machines' JSON: what would exist, stack by stack."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from zone.guardrails.enforcement import OrganizationPolicy
from zone.guardrails.packing import text
from zone.names import SUSPENDED, UNASSIGNED
from zone.plan.account import AccountPlan
from zone.plan.adopted import named
from zone.plan.cost import REFERENCE_REGION, WITHOUT, Cost, standing, total, unit_price
from zone.plan.keys import key_purposes, platform_key_purposes
from zone.plan.mlflow import RemoteMlflow
from zone.plan.mlflow_words import logs_to, mlflow_notes, shared_by
from zone.plan.zone import EndpointPlan, OrganizationPlan, PlatformPlan, Share, TeamPlan, ZonePlan
from zone.specs.mlflow import SharedMlflow

FEW: Final = 12
"""So many names fit a note."""

ORG = "org"
"""Name of the organisation's stack."""


def dependencies(zone: ZonePlan) -> dict[str, frozenset[str]]:
    """Return each stack with the stacks it needs first: all need the organisation.

    What crosses accounts is computed from names, so team and platform stacks rarely wait for each other. A team does
    where it needs an id that AWS invents: that of the way to MLflow on Fargate.
    """
    return {
        ORG: frozenset(),
        **{stack: frozenset({ORG}) for stack in zone.platforms},
        **{stack: frozenset({ORG, *_platforms(team)}) for stack, team in zone.teams.items()},
    }


def _platforms(team: TeamPlan) -> tuple[str, ...]:
    """The platform's stack, if the team's needs an id of it."""
    return (team.account.environment,) if isinstance(team.mlflow, RemoteMlflow) else ()


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


def notes(zone: ZonePlan) -> list[tuple[set[str], str]]:
    """Return what the reader must know and no table shows, each with the stacks it is about.

    Missing isolation, missing ids, data that is not kept.
    """
    found = []
    for stack, platform in sorted(zone.platforms.items()):
        if isinstance(platform.mlflow, SharedMlflow) and len(platform.teams) > 1:
            said = f"{stack}: MLflow is one shared server with isolation: none. Its {len(platform.teams)} teams "
            teams = f"({_few(sorted(platform.teams))}) read and change each other's runs, models and prompts."
            found.append(({stack, *(account.stack for account in platform.teams.values())}, said + teams))
    for key, account_id in zone.organization.retired.items():
        said = (
            f"{key}: retired; account {account_id} stays in {SUSPENDED}, where nobody works. What it holds costs. "
            f"To close it: aws organizations close-account --account-id {account_id}; then take its id out of the lock."
        )
        found.append(({ORG}, said))
    missing = sorted(a.key for a in zone.organization.accounts.values() if a.account_id == UNASSIGNED)
    if missing:
        tower = zone.organization.account_factory == "control_tower"
        remedy = (
            "make them in Control Tower's account factory, then `./mlz adopt --account ID=KEY --yes` records each."
            if tower
            else "`./mlz up org` makes the accounts and records their ids."
        )
        found.append(({ORG, *missing}, f"no account id yet for {_few(missing)}: {remedy}"))
    found += [({ORG}, said) for said in reached(zone.organization)]
    if zone.organization.portal.unrecorded:
        said = (
            f"{', '.join(zone.organization.portal.unrecorded)}: no id in Identity Center recorded, so its portal shows "
            "them no account: `./mlz people --write` records ids, `./mlz up org` lets them in."
        )
        found.append(({ORG}, said))
    empty = sorted(a.key for a in zone.organization.accounts.values() if a.kind in {"logs", "security"})
    if empty:
        said = (
            f"{' and '.join(empty)} hold nothing yet: the accounts are made and the guardrails hold there, but there "
            "is no trail, no Config, no GuardDuty, no Security Hub (docs/what-you-get.md)."
        )
        found.append(({ORG}, said))
    found += mlflow_notes(zone)
    found += _unpriced(zone)
    found += [
        ({stack}, f"{stack}: disposable: true, so destroying the stack deletes its data.")
        for stack, team in sorted(zone.teams.items())
        if team.account.disposable
    ]
    return found


def _few(names: Sequence[str]) -> str:
    """Name the first of many."""
    shown = names[:FEW]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def _unpriced(zone: ZonePlan) -> list[tuple[set[str], str]]:
    """What runs and has no known price: the sums are too low by it."""
    found = []
    for stack, costs in sorted(standing(zone).items()):
        for cost in costs:
            elsewhere = unit_price(cost.what, REFERENCE_REGION)
            if cost.usd_per_month is None:
                known = f", {cost.count * elsewhere:,.0f} USD a month in {REFERENCE_REGION}" if elsewhere else ""
                said = (
                    f"{stack}: no price known for {cost.count} × {cost.what} in {cost.region}{known}: not in the sum."
                )
                found.append(({stack}, said))
    return found


def _costs(costs: Collection[Cost]) -> dict[str, Any]:
    """What a stack costs while nobody works."""
    return {
        "standingUsdPerMonth": total(costs),
        "standingCosts": [
            {"what": cost.what, "count": cost.count, "usdPerMonth": cost.usd_per_month} for cost in costs
        ],
    }


def reached(organization: OrganizationPlan) -> Iterator[str]:
    """Say whom guardrails at the root hold besides us, and what stops there."""
    others = organization.adopted.others if organization.adopted else {}
    at_root = [guardrail for guardrail in organization.guardrails if "root" in guardrail.targets]
    if others and at_root:
        yield (
            f"guardrails: {{targets: root}} holds {len(others)} accounts that have no file here too: {named(others)}. "
            f"What stops there: {', '.join(each.key for each in at_root)} (docs/guardrails.md says what each refuses)."
        )


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
        "mlflow": shared_by(platform),
        "keys": list(platform_key_purposes(platform)),
        "teams": sorted(platform.teams),
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
        "endpoints": [
            {
                "service": endpoint.service or f"{endpoint.key}: not made yet",
                "type": "Gateway" if endpoint.gateway else "Interface",
                "neededBy": list(endpoint.features),
                **({"host": endpoint.host} if endpoint.host else {}),
                "usdPerMonth": _endpoint_usd(team, endpoint),
            }
            for endpoint in team.endpoints
        ],
        "members": {name: member.persona.value for name, member in team.members.items()},
        "instanceTypes": {use: list(types) for use, types in team.instance_types.model_dump().items() if types},
        "datasets": list(team.datasets),
        "featureGroups": list(team.feature_groups),
        "models": list(team.models),
        "sharesOut": [_share(share) for share in team.shares_out],
        "sharesIn": [_share(share) for share in team.shares_in],
        "keys": list(key_purposes(team)),
        "mlflow": logs_to(team.mlflow),
    }


def _endpoint_usd(team: TeamPlan, endpoint: EndpointPlan) -> float | None:
    """What one endpoint costs in all zones; nothing where it is a gateway, or where the network team pays."""
    if endpoint.gateway or team.network.existing:
        return 0
    cost = Cost(what="interface endpoint", count=len(team.network.subnets), region=team.account.region)
    return cost.usd_per_month


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


def _share(share: Share) -> dict[str, str]:
    """A declared share."""
    return {"name": share.name, "kind": share.kind, "owner": share.owner, "reader": share.reader}

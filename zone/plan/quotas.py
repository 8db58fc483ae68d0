"""Pure: what the plan needs of each AWS quota, and whether an account has it: which increases must be asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from zone.plan.account import AccountPlan
from zone.plan.platform_quotas import copies, platform_needs
from zone.plan.quota import Answer, Need, Quota, known
from zone.plan.team_quotas import further_needs, identities, instances, team_needs
from zone.plan.zone import OrganizationPlan, ZonePlan

Granted = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Stack of a team → role → its grants; each grant is a managed policy."""

Applied = Mapping[tuple[str, str, str, str], int]
"""What AWS said: (account id, region, service, quota code or name) → value; "" stands for every account or region."""

GLOBAL_REGION: Final = "us-east-1"
GLOBAL: Final = frozenset({"iam", "organizations", "s3"})
"""Services whose quotas are read and raised in GLOBAL_REGION only. Source: IAM User Guide, "IAM and AWS STS quotas";
Amazon S3 User Guide, "General purpose bucket quotas, limitations, and restrictions"; AWS General Reference, "AWS
Organizations endpoints and quotas"; read 2026-11-29."""


def needs(zone: ZonePlan, granted: Granted) -> list[Need]:
    """Return what each stack needs, in the order of deployment.

    Args:
        zone: the plan.
        granted: roles and grants of each team, which this room does not know.
    """
    organization = zone.organization
    management = _Place("org", "management", organization.management_account_id, None, organization.home_region)
    found = list(_needs(management, organization.quotas, _organization(organization)))
    for stack, platform in sorted(zone.platforms.items()):
        place, raised = _place(stack, platform.account), platform.account.quotas
        found += _needs(place, raised, platform_needs(platform))
        for region in platform.images.replica_regions:
            found += _needs(replace(place, region=region), {}, copies())
    for stack, team in sorted(zone.teams.items()):
        place, raised = _place(stack, team.account), team.account.quotas
        found += _needs(place, raised, {**team_needs(team), **identities(team, granted[stack])})
        found += _needs(place, raised, instances(team))
        for region, there in team.regions.items():
            away = replace(place, region=region)
            found += _needs(away, there.quotas, further_needs(team, there))
            found += _needs(away, there.quotas, instances(team, notebooks=False))
    return found


def answers(wanted: list[Need], applied: Applied) -> list[Answer]:
    """Hold each need against what AWS said, else against what is declared, else against the documented default."""
    return [_answer(need, applied) for need in wanted]


def _answer(need: Need, applied: Applied) -> Answer:
    quota = need.quota
    for account_id in (need.account_id, ""):
        for region in (need.region, ""):
            for key in (quota.code, quota.name):
                value = applied.get((account_id, region, quota.service, key or ""))
                if value is not None:
                    return Answer(need=need, has=value, source="AWS")
    if need.declared is not None:
        return Answer(need=need, has=need.declared, source="declared")
    return Answer(need=need, has=quota.default, source="unknown" if quota.default is None else "default")


@dataclass(frozen=True)
class _Place:
    """Whose quotas: the fields of Need that do not depend on the quota."""

    stack: str
    account: str
    account_id: str
    role: str | None
    region: str


def _place(stack: str, account: AccountPlan) -> _Place:
    return _Place(stack, account.key, account.account_id, account.role, account.region)


_Numbers = Mapping[str, int] | Mapping[Quota | str, int]
"""How much is needed by quota, or by its id in limits.json."""


def _needs(place: _Place, declared: Mapping[str, int], numbers: _Numbers) -> Iterator[Need]:
    """Yield a need for each quota that is used at all."""
    for key, number in numbers.items():
        quota = known(key) if isinstance(key, str) else key
        if number:
            yield Need(
                stack=place.stack,
                account=place.account,
                account_id=place.account_id,
                role=place.role,
                region=GLOBAL_REGION if quota.service in GLOBAL else place.region,
                quota=quota,
                number=number,
                declared=declared.get(f"{quota.service}/{quota.code}"),
            )


def _organization(plan: OrganizationPlan) -> dict[str, int]:
    """The management account counts too, and what was given up until it is closed."""
    previews = int(plan.preview_caller_arn is not None)
    return {
        "organizations.accounts_per_organization": len(plan.accounts) + len(plan.retired) + 1,
        "iam.roles_per_account": previews,
        "iam.customer_managed_policies_per_account": previews,
    }

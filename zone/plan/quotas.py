"""Pure: what the plan needs of each AWS quota, and whether an account has it: which increases must be asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from zone.facts import facts
from zone.plan.account import AccountPlan
from zone.plan.hub_quotas import hub_needs
from zone.plan.keys import key_purposes
from zone.plan.mlflow_needs import quotas_of
from zone.plan.reach import by_hub
from zone.plan.region_quotas import buckets, further
from zone.plan.serving import fleets
from zone.plan.zone import OrganizationPlan, PlatformPlan, TeamPlan, ZonePlan
from zone.specs.mlflow import FargateMlflow, PerTeamMlflow

Granted = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Stack of a team → role → its grants; each grant is a managed policy."""

Applied = Mapping[tuple[str, str, str, str], int]
"""What AWS said: (account id, region, service, quota code or name) → value; "" stands for every account or region."""

GLOBAL_REGION: Final = "us-east-1"
GLOBAL: Final = frozenset({"iam", "organizations", "s3"})
"""Services whose quotas are read and raised in GLOBAL_REGION only. Source: IAM User Guide, "IAM and AWS STS quotas";
Amazon S3 User Guide, "General purpose bucket quotas, limitations, and restrictions"; AWS General Reference, "AWS
Organizations endpoints and quotas"; read 2026-11-29."""

_GROUPS: Final = 5
"""Security groups of a team's network and Studio besides those of its members."""

_SAGEMAKER_GROUPS: Final = 2
"""Security groups SageMaker itself makes with a domain, for NFS. Source: SageMaker Developer Guide, "Migrate data from
Studio Classic to Studio", read 2026-11-29."""


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota as Service Quotas knows it."""

    service: str
    """Service code, e.g. sagemaker."""

    code: str | None
    """Quota code, e.g. L-AC46C40F; None: Service Quotas has none, or it is known by its name alone."""

    name: str
    """Its name there."""

    default: int | None
    """Documented default; None: not known here, AWS must be asked."""

    unit: str = "count"
    """count, GB or seconds."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one account needs of one quota."""

    stack: str
    """The stack that needs it."""

    account: str
    """Key of the account; management for the management account."""

    account_id: str
    """12 digits; UNASSIGNED until the account is made."""

    role: str | None
    """Role by which the management account reads there; None: its own credentials do."""

    region: str
    """Region in which the quota is read and raised."""

    quota: Quota
    """Which."""

    number: int
    """How much of it the plan may use at a time [the quota's unit]."""

    declared: int | None
    """What the YAML says AWS has raised it to."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A need, and what the account has."""

    need: Need
    """What is needed."""

    has: int | None
    """What there is; None: not known."""

    source: str
    """Who says so: AWS, declared, default, or unknown."""

    @property
    def fits(self) -> bool:
        """Whether it is known to suffice."""
        return self.has is not None and self.need.number <= self.has

    @property
    def command(self) -> str:
        """The command that asks for the increase, to be run with credentials of the account."""
        quota, region = self.need.quota, self.need.region
        if quota.code:
            return (
                f"aws service-quotas request-service-quota-increase --region {region} --service-code {quota.service} "
                f"--quota-code {quota.code} --desired-value {self.need.number}"
            )
        query = f"Quotas[?QuotaName=='{quota.name}'].[QuotaCode,Value]"
        return (
            f"aws service-quotas list-service-quotas --region {region} --service-code {quota.service} "
            f'--output text --query "{query}"'
        )


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
        found += _needs(_place(stack, platform.account), platform.account.quotas, _platform(platform))
    for stack, team in sorted(zone.teams.items()):
        numbers = {**_team(team), **_identities(team, granted[stack])}
        found += _needs(_place(stack, team.account), team.account.quotas, numbers)
        found += _needs(_place(stack, team.account), team.account.quotas, _instances(team))
        for region, there in team.regions.items():
            place = replace(_place(stack, team.account), region=region)
            numbers = {**further(team, there)}
            found += _needs(place, there.quotas, numbers | _instances(team, notebooks=False))
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


def _needs(place: _Place, declared: Mapping[str, int], numbers: Mapping[Quota | str, int]) -> Iterator[Need]:
    """Yield a need for each quota that is used at all; a text is an id of limits.json."""
    for key, number in numbers.items():
        quota = _known(key) if isinstance(key, str) else key
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


def _known(key: str) -> Quota:
    record: dict[str, Any] = next(record for record in facts("limits")["limits"] if record["id"] == key)
    return Quota(
        service=record["service"],
        code=record["code"],
        name=record["name"],
        default=record["default"],
        unit=record["unit"],
    )


def _organization(plan: OrganizationPlan) -> dict[Quota | str, int]:
    """The management account counts too."""
    previews = int(plan.preview_caller_arn is not None)
    return {
        "organizations.accounts_per_organization": len(plan.accounts) + 1,
        "iam.roles_per_account": previews,
        "iam.customer_managed_policies_per_account": previews,
    }


def _platform(plan: PlatformPlan) -> dict[Quota | str, int]:
    hub = hub_needs(plan.hub, beside=int(plan.network is not None)) if plan.hub else {}
    if isinstance(plan.mlflow, FargateMlflow):
        return dict(quotas_of(plan, plan.mlflow).items()) | hub
    servers = len(plan.teams) if isinstance(plan.mlflow, PerTeamMlflow) else 1
    size = plan.mlflow.size.value
    # A role with a policy of its own for each server and for each team's access.
    roles = servers + len(plan.teams) + (plan.account.preview_caller_arn is not None)
    return {
        "sagemaker.mlflow_servers": servers,
        f"sagemaker.mlflow_servers_{size.lower()}": servers,
        "iam.roles_per_account": roles,
        "iam.customer_managed_policies_per_account": roles + 1,
        "kms.customer_managed_keys_per_region": 1 + bool(hub),
        "s3.buckets_per_account": 1,
        **hub,
    }


def _team(plan: TeamPlan) -> dict[Quota | str, int]:
    """All but roles and instances. A space for each member besides the shared ones, and in each an app that runs."""
    spaces = len(plan.members) + len(plan.studio.shared_spaces)
    gateways = sum(endpoint.gateway for endpoint in plan.endpoints)
    return {
        "sagemaker.domains": 1,
        "sagemaker.user_profiles": len(plan.members),
        "sagemaker.spaces": spaces,
        "sagemaker.space_storage": spaces * plan.studio.space_storage_gb,
        "sagemaker.running_apps": spaces,
        "sagemaker.feature_groups": len(plan.feature_groups),
        "sagemaker.model_package_groups": len(plan.models),
        "vpc.vpcs_per_region": 2,  # a new account has a default one
        "vpc.interface_endpoints_per_vpc": len(plan.endpoints) - gateways,
        "vpc.gateway_endpoints_per_region": gateways,
        "vpc.security_groups_per_region": len(plan.members) + _GROUPS + _SAGEMAKER_GROUPS,
        # Out to the interface endpoints, to each gateway endpoint, and to the other members of the group.
        "vpc.rules_per_security_group": 2 + gateways + (len(plan.hub.routes) if plan.hub else by_hub(plan.mlflow)),
        "kms.customer_managed_keys_per_region": len(key_purposes(plan)),
        "s3.buckets_per_account": buckets(plan),
        # All runs together, should they meet.
        "emr-serverless.vcpus": sum(batch.spark.max_vcpus for batch in plan.scheduled.batches.values() if batch.spark),
    }


def _identities(plan: TeamPlan, granted: Mapping[str, tuple[str, ...]]) -> dict[Quota | str, int]:
    online = sum(share.kind == "online" for share in plan.shares_out)
    grants = {grant for each in granted.values() for grant in each}
    previews = int(plan.account.preview_caller_arn is not None)
    entries = len({member.persona for member in plan.members.values()}) if plan.trusted else 0
    apis = sum(each.has_api for each in plan.serving.values())
    gateway = apis + bool(apis)  # one each, and one that writes the logs of all
    return {
        "iam.roles_per_account": len(granted)
        + online
        + previews
        + entries
        + gateway
        + 1  # flow logs
        + len(plan.regions),
        "iam.customer_managed_policies_per_account": len(grants)
        + online
        + previews
        + bool(entries)
        + 1,  # the boundary
        "iam.managed_policies_per_role": max((len(each) for each in granted.values()), default=0),
    }


def _instances(plan: TeamPlan, *, notebooks: bool = True) -> dict[Quota | str, int]:
    """One job or endpoint of the largest size allowed at a time; a notebook for each space on the default type."""
    types, most = plan.instance_types, plan.max_instances_per_job
    # Declared endpoints are at home, as notebooks are.
    served = plan.serving.values() if notebooks else ()
    # Tuning runs training jobs.
    training = tuple(dict.fromkeys((*types.training, *types.tuning)))
    uses = {"training": training, "processing": types.processing, "transform": types.transform}
    found: dict[Quota | str, int] = {}
    for use, allowed in (*uses.items(), ("endpoint", types.endpoint)):
        if allowed:
            plural = "endpoints" if use == "endpoint" else f"{use}_jobs"
            found[f"sagemaker.instances_across_{plural}"] = max(most, fleets(served) if use == "endpoint" else 0)
            if use in {"training", "processing"}:
                found[f"sagemaker.{use}_run_time"] = plan.max_runtime_hours * 3600
            if use != "transform":
                found[f"sagemaker.instances_per_{plural.removesuffix('s')}"] = most
        found |= {_of_type(use, kind): max(most, fleets(served, kind) if use == "endpoint" else 0) for kind in allowed}
    spaces = len(plan.members) + len(plan.studio.shared_spaces)
    kinds = types.notebook if notebooks else ()
    return found | {_of_type("notebook", each): 1 if place else spaces for place, each in enumerate(kinds)}


def _of_type(use: str, instance_type: str) -> Quota:
    """The quota on instances of one type for one use; for a type without a record AWS knows default and code."""
    known = facts("limits")["instances"]
    record = known["by_use"][use].get(instance_type, {"default": None, "code": None})
    name = known["names"][use].format(type=instance_type)
    return Quota(service="sagemaker", code=record["code"], name=name, default=record["default"])

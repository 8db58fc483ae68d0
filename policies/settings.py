"""What the accounts' files say a stack may do, as settings of the rules: there is no second place for it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from accounts import names
from accounts.plan import read
from accounts.spec import MlflowServer, PolicyException
from accounts.zone import PlatformPlan, TeamPlan, ZonePlan
from policies.rules import REGISTRY

Settings = dict[str, dict[str, Any]]
"""rule key → setting → value."""

MLFLOW_SIZES = [size.value for size in MlflowServer]
"""Smallest first."""


def settings_for(stack_name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return rule → setting → value of the stack called *stack_name*; rules it does not name keep their defaults.

    Raises:
        SpecErrors: the files under accounts/ are wrong, so nobody knows what the stack may do.
    """
    zone = _zone()
    if team := zone.teams.get(stack_name):
        return {**_account(zone, [team.account.tags]), **_member(team), **_team(team)}
    if platform := zone.platforms.get(stack_name):
        return {**_account(zone, [platform.account.tags]), **_member(platform), **_platform(platform)}
    if stack_name == "org":
        # The accounts it makes carry their own tags.
        members = [account.tags for account in zone.organization.accounts.values()]
        return _account(zone, [zone.organization.tags, *members])
    return {}


def exceptions_for(stack_name: str) -> Sequence[PolicyException]:
    """Return what the account's file lets pass in the stack called *stack_name*.

    Raises:
        SpecErrors: the files under accounts/ are wrong.
    """
    zone = _zone()
    plan = zone.teams.get(stack_name) or zone.platforms.get(stack_name)
    return plan.account.policy_exceptions if plan else ()


@lru_cache(maxsize=1)
def _zone() -> ZonePlan:
    """A pack serves one run: the files are read once."""
    return read()


def _account(zone: ZonePlan, tags: Sequence[Mapping[str, str]]) -> Settings:
    """What holds for every resource of a stack: its own tags (the first) or those of *tags*, and the regions."""
    own = tags[0]
    return {
        "required-tags": {
            "requiredTags": list(own),
            "allowedValues": {key: sorted({each[key] for each in tags}) for key in own},
            "knownTags": dict(own),
        },
        "allowed-regions": {"allowedRegions": list(zone.organization.allowed_regions)},
        **{rule.key: {"boundaries": [names.BOUNDARY]} for rule in REGISTRY.values() if "boundaries" in rule.settings},
    }


def _member(plan: TeamPlan | PlatformPlan) -> Settings:
    """What holds for every account of an environment, a team's or a platform's."""
    protect: dict[str, Any] = {"environment": plan.account.environment}
    if plan.account.disposable:
        protect["enforcementLevel"] = "disabled"
    return {
        "stateful-protect": protect,
        "kms-deletion-window": {"minDeletionWindowDays": plan.key_deletion_days},
        "sm-training-spot": {"environment": plan.account.environment},
        "sm-training-no-remote-debug": {"environment": plan.account.environment},
    }


def _team(team: TeamPlan) -> Settings:
    """The team's instance guardrail, from the lists it declares; an empty list allows nothing."""
    types, count = team.instance_types, team.max_instances_per_job
    jobs = {"allowedInstanceTypes": list(types.training), "maxInstanceCount": count}
    return {
        "sm-notebook-instance-type": {"allowedInstanceTypes": list(types.notebook)},
        "sm-domain-instance-types": {"allowedInstanceTypes": list(types.notebook)},
        "sm-domain-idle-shutdown": {"maxIdleTimeoutMinutes": team.studio.idle_minutes},
        "sm-training-instance-guardrail": jobs,
        "sm-training-max-runtime": {"maxRuntimeSeconds": team.max_runtime_hours * 3600},
        "sm-tuning-instance-guardrail": {"allowedInstanceTypes": list(types.tuning), "maxInstanceCount": count},
        # Monitoring runs processing jobs; validating an algorithm trains and transforms.
        "sm-monitoring-instance-types": {"allowedInstanceTypes": list(types.processing), "maxInstanceCount": count},
        "sm-algorithm-instance-types": {
            "allowedInstanceTypes": sorted({*types.training, *types.transform}),
            "maxInstanceCount": count,
        },
        # The plan has the endpoints that the declared features need, and each is to be there.
        "vpc-endpoint-baseline": {
            "requiredServices": [endpoint.service.split(".", 3)[3] for endpoint in team.endpoints]
        },
        # Where the organisation has no Identity Center, the spec says IAM, and nobody can do better.
        "sm-domain-sso": {"enforcementLevel": "disabled" if team.studio_auth == "IAM" else "advisory"},
        "sm-endpointconfig-instance-type": {
            "allowedInstanceTypes": list(types.endpoint),
            "maxInstanceCount": count,
        },
    }


def _platform(platform: PlatformPlan) -> Settings:
    """A platform runs no jobs; its MLflow may be as large as declared, and smaller."""
    declared = MLFLOW_SIZES.index(platform.mlflow.size.value)
    return {"sm-mlflow-size-guardrail": {"allowedSizes": MLFLOW_SIZES[: declared + 1]}}

"""What the accounts' files say a stack may do, as settings of the rules: there is no second place for it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from policies.exceptions import exception_problems
from policies.rules import REGISTRY
from zone import names
from zone.facts.studio_types import hidden
from zone.plan.planner import chosen, read
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan
from zone.specs.account import InstanceTypes, PolicyException
from zone.specs.mlflow import FargateMlflow, MlflowServer

Settings = dict[str, dict[str, Any]]
"""rule key → setting → value."""

MLFLOW_SIZES = [size.value for size in MlflowServer]
"""Smallest first."""

AGAINST_DELETION = (
    *("stateful-protect", "s3-no-force-destroy", "ecr-no-force-delete"),
    *("eks-deletion-protection", "lb-deletion-protection"),
)
"""Rules that have nothing to keep in a disposable account."""

IN_BASELINE = {
    "deny-leaving": "leaving the organisation",
    "deny-other-regions": "other regions",
    "deny-root": "the root user",
    "protect-logs": "stopping CloudTrail",
}
"""Guardrail → what org-scp-baseline calls it: left out of ours where something else enforces it."""


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
        organization = zone.organization
        members = [account.tags for account in organization.accounts.values()]
        members += [organization.retired_tags(key) for key in organization.retired]
        elsewhere = [what for key, what in IN_BASELINE.items() if key in organization.elsewhere]
        baseline = {"org-scp-baseline": {"enforcedElsewhere": elsewhere}} if elsewhere else {}
        return _account(zone, [organization.tags, *members]) | baseline
    return {}


def exceptions_for(stack_name: str) -> Sequence[PolicyException]:
    """Return what the account's file lets pass in the stack called *stack_name*.

    Raises:
        SpecErrors: the files under accounts/ are wrong.
    """
    zone = _zone()
    plan = zone.teams.get(stack_name) or zone.platforms.get(stack_name)
    return plan.account.policy_exceptions if plan else ()


def _zone() -> ZonePlan:
    return _read(*chosen())


@lru_cache(maxsize=1)
def _read(folder: Path, lock: Path) -> ZonePlan:
    """A pack serves one run: the files are read once."""
    return read(folder, lock, check=exception_problems)


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
    settings: Settings = {
        rule.key: {"environment": plan.account.environment}
        for rule in REGISTRY.values()
        if "environment" in rule.settings
    }
    settings["kms-deletion-window"] = {"minDeletionWindowDays": plan.key_deletion_days}
    settings["loggroup-retention-1y"] = {"minRetentionDays": plan.log_retention_days}
    for key in AGAINST_DELETION if plan.account.disposable else ():
        settings.setdefault(key, {})["enforcementLevel"] = "disabled"
    return settings


def _team(team: TeamPlan) -> Settings:
    """The team's own limits."""
    return {
        **_instances(team.instance_types, team.max_instances_per_job),
        "sm-domain-idle-shutdown": {"maxIdleTimeoutMinutes": team.studio.idle_minutes},
        "sm-training-max-runtime": {"maxRuntimeSeconds": team.max_runtime_hours * 3600},
        # The plan has the endpoints that the declared features need, and each is to be there.
        "vpc-endpoint-baseline": {
            "requiredServices": [endpoint.service.split(".", 3)[3] for endpoint in team.endpoints],
            "requiredElsewhere": [
                endpoint.service.removeprefix("com.amazonaws.")
                for there in team.regions.values()
                for endpoint in there.endpoints
            ],
        },
        # Where the organisation has no Identity Center, the spec says IAM, and nobody can do better.
        "sm-domain-sso": {"enforcementLevel": "disabled" if team.studio_auth == "IAM" else "advisory"},
    }


def _platform(platform: PlatformPlan) -> Settings:
    """A platform runs no jobs; its MLflow may be as large as declared, and smaller."""
    spec = platform.mlflow
    # On Fargate no server of SageMaker's is to be there at all.
    sizes = 0 if isinstance(spec, FargateMlflow) else MLFLOW_SIZES.index(spec.size.value) + 1
    return {
        **_instances(InstanceTypes.model_validate({}), 0),
        **_network(platform),
        "sm-mlflow-size-guardrail": {"allowedSizes": MLFLOW_SIZES[:sizes]},
        # In a hub's network nobody works: which endpoints are there is the plan's choice, proved by checks/network.
        **({"vpc-endpoint-baseline": {"requiredServices": []}} if platform.hub else {}),
    }


def _network(platform: PlatformPlan) -> Settings:
    """Its own network has the endpoints that its servers need. Without one nothing is asked."""
    if not platform.network:
        return {}
    return {
        "vpc-endpoint-baseline": {
            "requiredServices": [endpoint.service.split(".", 3)[3] for endpoint in platform.endpoints]
        },
        # The accounts that may connect are named one by one, and are the plan's: to ask once more for each would only
        # stop a team's first `up`.
        "vpc-endpoint-service-manual-accept": {"enforcementLevel": "disabled"},
    }


def _instances(types: InstanceTypes, count: int) -> Settings:
    """The instance guardrail, from the declared lists; an empty list allows nothing.

    The guardrails AWS enforces, the roles and Studio come from the same lists; a test asks all of them about each type.
    """

    def of(*allowed: str) -> dict[str, Any]:
        return {"allowedInstanceTypes": list(allowed), "maxInstanceCount": count}

    studio = {"allowedInstanceTypes": list(types.notebook)}
    return {
        "sm-notebook-instance-type": studio,
        "sm-domain-instance-types": studio,
        "sm-domain-hidden-instance-types": {"mustHide": list(hidden(types.notebook))},
        "sm-training-instance-guardrail": of(*types.training),
        "sm-tuning-instance-guardrail": of(*types.tuning),
        # Monitoring runs processing jobs.
        "sm-monitoring-instance-types": of(*types.processing),
        # No spec declares an algorithm: making one starts jobs to validate it, and the guardrails refuse it wholly.
        "sm-algorithm-instance-types": of(),
        "sm-endpointconfig-instance-type": of(*types.endpoint),
    }

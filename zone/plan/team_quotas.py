"""Pure: what a team's stack needs of AWS's quotas at home and in further regions; quotas.py asks for these numbers."""

from collections.abc import Mapping
from typing import Final

from zone.names import BUCKET_PURPOSES, FURTHER_KEY_PURPOSES
from zone.plan.keys import key_purposes
from zone.plan.network_quotas import DEFAULT_NETWORK, network_needs
from zone.plan.quota import Quota, of_type, together
from zone.plan.reach import by_hub
from zone.plan.serving import fleets
from zone.plan.zone import RegionPlan, TeamPlan

_STUDIO_GROUPS: Final = 2
"""Security groups of the domain and of shared spaces; each member's profile has one besides."""

_SAGEMAKER_GROUPS: Final = 2
"""Security groups SageMaker itself makes with a domain, for NFS. Source: SageMaker Developer Guide, "Migrate data from
Studio Classic to Studio", read 2026-11-29."""


def team_needs(plan: TeamPlan) -> dict[str, int]:
    """Return all needs but roles and instances, by id in limits.json.

    A space for each member besides the shared ones, and in each an app that runs. A network that is there already
    counts as one of ours would: it is in this account.
    """
    spaces = len(plan.members) + len(plan.studio.shared_spaces)
    beyond = len(plan.hub.routes) if plan.hub else by_hub(plan.mlflow)
    own = {
        "sagemaker.domains": 1,
        "sagemaker.user_profiles": len(plan.members),
        "sagemaker.spaces": spaces,
        "sagemaker.space_storage": spaces * plan.studio.space_storage_gb,
        "sagemaker.running_apps": spaces,
        "sagemaker.feature_groups": len(plan.feature_groups),
        "sagemaker.model_package_groups": len(plan.models),
        "vpc.security_groups_per_region": len(plan.members) + _STUDIO_GROUPS + _SAGEMAKER_GROUPS,
        "kms.customer_managed_keys_per_region": len(key_purposes(plan)),
        "s3.buckets_per_account": len(BUCKET_PURPOSES) * (1 + len(plan.regions)),
        # All runs together, should they meet.
        "emr-serverless.vcpus": sum(batch.spark.max_vcpus for batch in plan.scheduled.batches.values() if batch.spark),
    }
    return together(own, DEFAULT_NETWORK, network_needs(plan.endpoints, beyond=beyond))


def further_needs(plan: TeamPlan, there: RegionPlan) -> dict[str, int]:
    """Return the needs in a further region but instances; buckets and roles are the account's and counted at home.

    Whether another region has them, Service Quotas says: it keeps a quota a region.
    """
    own = {
        "sagemaker.model_package_groups": len(plan.models),
        "kms.customer_managed_keys_per_region": len(FURTHER_KEY_PURPOSES),
    }
    return together(own, DEFAULT_NETWORK, network_needs(there.endpoints))


def identities(plan: TeamPlan, granted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return what roles and managed policies need; *granted*: the team's roles and their grants."""
    online = sum(share.kind == "online" for share in plan.shares_out)
    grants = {grant for each in granted.values() for grant in each}
    previews = int(plan.account.preview_caller_arn is not None)
    entries = len({member.persona for member in plan.members.values()}) if plan.trusted else 0
    apis = sum(each.has_api for each in plan.serving.values())
    services = (
        apis + bool(apis),  # one each, and one that writes the logs of all
        bool(plan.network.subnets) + len(plan.regions),  # flow logs of the networks that are ours
        bool(plan.scheduled),
        2 * plan.scheduled.arrivals,  # who hears of a file, and who starts a job for it
        bool(plan.scheduled.spark),
        plan.builds is not None,
        bool(plan.studio_images),
    )
    return {
        "iam.roles_per_account": len(granted) + online + previews + entries + sum(services),
        # The boundary is one.
        "iam.customer_managed_policies_per_account": len(grants) + online + previews + bool(entries) + 1,
        "iam.managed_policies_per_role": max((len(each) for each in granted.values()), default=0),
    }


def instances(plan: TeamPlan, *, notebooks: bool = True) -> dict[Quota | str, int]:
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
        found |= {of_type(use, kind): max(most, fleets(served, kind) if use == "endpoint" else 0) for kind in allowed}
    spaces = len(plan.members) + len(plan.studio.shared_spaces)
    kinds = types.notebook if notebooks else ()
    return found | {of_type("notebook", each): 1 if place else spaces for place, each in enumerate(kinds)}

"""Pure: what an environment's platform stack needs of AWS's quotas; quotas.py asks for these numbers."""

from zone.plan.hub_quotas import hub_needs
from zone.plan.images import ImagesPlan
from zone.plan.keys import platform_key_purposes
from zone.plan.mlflow_needs import quotas_of
from zone.plan.network_quotas import DEFAULT_NETWORK
from zone.plan.quota import together
from zone.plan.zone import PlatformPlan
from zone.specs.mlflow import FargateMlflow, PerTeamMlflow, SharedMlflow


def platform_needs(plan: PlatformPlan) -> dict[str, int]:
    """Return the needs at home, by id in limits.json."""
    previews = int(plan.account.preview_caller_arn is not None)
    own = {
        "iam.roles_per_account": previews,
        "iam.customer_managed_policies_per_account": 1 + previews,  # the boundary, and the preview's
        "kms.customer_managed_keys_per_region": len(platform_key_purposes(plan)),
        "s3.buckets_per_account": 1,
    }
    return together(
        own,
        quotas_of(plan, plan.mlflow) if isinstance(plan.mlflow, FargateMlflow) else _managed(plan, plan.mlflow),
        hub_needs(plan.hub, beside=int(plan.network is not None)) if plan.hub else {},
        DEFAULT_NETWORK if plan.network or plan.hub else {},
        _images(plan.images),
    )


def copies() -> dict[str, int]:
    """Return the needs of a region to which images are copied."""
    return {"kms.customer_managed_keys_per_region": 1}


def _managed(plan: PlatformPlan, spec: SharedMlflow | PerTeamMlflow) -> dict[str, int]:
    """Tracking servers that SageMaker runs: a role with a policy of its own for each, and for each team's access."""
    servers = len(plan.teams) if isinstance(spec, PerTeamMlflow) else 1
    return {
        "sagemaker.mlflow_servers": servers,
        f"sagemaker.mlflow_servers_{spec.size.value.lower()}": servers,
        "iam.roles_per_account": servers + len(plan.teams),
        "iam.customer_managed_policies_per_account": servers + len(plan.teams),
    }


def _images(images: ImagesPlan) -> dict[str, int]:
    """A bucket and a role for builds; a role for repositories that ECR makes itself, of a cache or a copy."""
    return {
        "s3.buckets_per_account": int(images.builds),
        "iam.roles_per_account": images.builds + bool(images.caches or images.replica_regions),
    }

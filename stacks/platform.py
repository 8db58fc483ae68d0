"""A platform stack: what the teams of one environment share. Runs in the environment's platform account."""

import pulumi

from components.access.boundary import Boundary, BoundaryArgs
from components.access.preview import Preview
from components.account.budget import Budget, BudgetArgs
from components.account.contract import Contract, ContractArgs
from components.encryption.keys import Keys, KeysArgs
from components.ml.mlflow import Mlflow, MlflowArgs
from components.storage.bucket import Bucket, BucketArgs
from stacks.images import platform_images, platform_packages
from stacks.inputs import artifact_writers_of, home_of, preview_of
from zone import names
from zone.plan.keys import platform_purposes
from zone.plan.zone import PlatformPlan
from zone.specs.mlflow import PerTeamMlflow


def platform_stack(plan: PlatformPlan, *, reading: bool = False) -> None:
    """Register the managed MLflow with its bucket and key, a budget, and the contract; *reading*: see team_stack."""
    account = plan.account
    there = pulumi.ResourceOptions(provider=home_of(account, reading=reading))
    outside = artifact_writers_of(plan)

    boundary = Boundary(
        "platform",
        BoundaryArgs(account_id=account.account_id, region=account.region, partner_account_ids=()),
        opts=there,
    )
    keys = Keys(
        "platform",
        KeysArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            provisioning_role=account.role,
            outside={"models": outside},
            purposes=platform_purposes(plan),
            deletion_days=plan.key_deletion_days,
            disposable=account.disposable,
            kept=(),
        ),
        opts=there,
    )
    bucket = Bucket(
        "platform-mlflow",
        BucketArgs(
            bucket_name=names.bucket(account.key, "mlflow", account.account_id),
            account_id=account.account_id,
            organization_id=plan.organization_id,
            key_arn=keys.arns["models"],
            provisioning_role=account.role,
            # A managed tracking server runs in a VPC of AWS's; each has a role of its own, mlz-tracking….
            service_role_arns=[names.role_arn(account.account_id, role) for role in names.SERVICE_SIDE_ROLES["mlflow"]],
            outside=outside,
            disposable=account.disposable,
        ),
        opts=there,
    )
    mlflow = Mlflow(
        "platform",
        MlflowArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            environment=account.environment,
            teams={team: each.account_id for team, each in plan.teams.items()},
            isolated=isinstance(plan.mlflow, PerTeamMlflow),
            server_size=plan.mlflow.size.value,
            disposable=account.disposable,
            bucket_name=bucket.name,
            key_arn=keys.arns["models"],
            boundary_arn=boundary.arn,
        ),
        opts=there,
    )
    platform_images(plan, keys, boundary, there)
    platform_packages(plan, keys, there)
    if preview := preview_of(account):
        Preview("platform", preview, opts=there)
    Budget("platform", BudgetArgs(limit_usd_per_month=account.budget_usd_per_month, email=account.owner), opts=there)
    Contract(
        "platform",
        ContractArgs(
            values={
                "keys/models": keys.arns["models"],
                "buckets/mlflow": bucket.name,
                **{f"mlflow/{team}/server-arn": arn for team, arn in mlflow.server_arns.items()},
                **{f"mlflow/{team}/access-role-arn": arn for team, arn in mlflow.access_role_arns.items()},
            }
        ),
        opts=there,
    )

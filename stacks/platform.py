"""A platform stack: what the teams of one environment share. Runs in the environment's platform account."""

from dataclasses import dataclass
from typing import Any

import pulumi

from components.access.boundary import Boundary, BoundaryArgs
from components.access.preview import Preview
from components.account.budget import Budget, BudgetArgs
from components.account.contract import Contract, ContractArgs
from components.encryption.keys import Keys, KeysArgs
from components.ml.mlflow import Mlflow, MlflowArgs
from components.network.network import Network  # noqa: TC001 - a name beside the others
from components.storage.bucket import Bucket, BucketArgs
from stacks.hub import HubGround, hub
from stacks.images import platform_builds, platform_images, platform_packages
from stacks.inputs import artifact_writers_of, home_of, preview_of
from stacks.mlflow import Ground, fargate_mlflow
from zone import names
from zone.plan.keys import platform_key_purposes
from zone.plan.zone import PlatformPlan
from zone.specs.mlflow import FargateMlflow, PerTeamMlflow, SharedMlflow


def platform_stack(plan: PlatformPlan, *, reading: bool = False) -> None:
    """Register the managed MLflow with its bucket and key, a budget, and the contract; *reading*: see team_stack."""
    account = plan.account
    there = pulumi.ResourceOptions(provider=home_of(account, reading=reading))
    outside = artifact_writers_of(plan)
    fargate = isinstance(plan.mlflow, FargateMlflow)

    boundary = Boundary(
        "platform",
        BoundaryArgs(
            account_id=account.account_id,
            regions=[account.region],
            partner_account_ids=(),
            promoting_account_ids=(),
            databases=fargate,
            managed_mlflow=not fargate,
        ),
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
            purposes=platform_key_purposes(plan),
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
            service_role_arns=[
                names.role_arn(account.account_id, role)
                for role in (() if fargate else names.SERVICE_SIDE_ROLES["mlflow"])
            ],
            outside=outside,
            disposable=account.disposable,
        ),
        opts=there,
    )
    shared: dict[str, Any] = {}
    network: Network | None = None
    if isinstance(plan.mlflow, FargateMlflow):
        # What is missing is made in this account first, the image by what else this stack holds; see the plan's note.
        if not plan.mlflow.lacks:
            house = Ground(keys=dict(keys.arns), bucket_name=bucket.name, boundary_arn=boundary.arn)
            made, network = fargate_mlflow(plan, plan.mlflow, house, there)
            shared |= made
        values: dict[str, pulumi.Input[str]] = {
            f"mlflow/{key}/uri": f"https://{each.host}" for key, each in plan.servers.items()
        }
    else:
        values = _managed(plan, plan.mlflow, _Made(bucket.name, keys.arns["models"], boundary.arn), there)
    if plan.hub:
        ground = HubGround(logs_key_arn=keys.arns["logs"], boundary_arn=boundary.arn, network=network)
        shared["hub"] = hub(plan, plan.hub, ground, there)
    platform_images(plan, keys, boundary, there)
    values |= platform_builds(plan, keys, boundary, there)
    platform_packages(plan, keys, there)
    if fargate or plan.hub:
        pulumi.export("shared", shared)
    if preview := preview_of(account):
        Preview("platform", preview, opts=there)
    Budget("platform", BudgetArgs(limit_usd_per_month=account.budget_usd_per_month, email=account.owner), opts=there)
    Contract(
        "platform",
        ContractArgs(
            values={
                "keys/models": keys.arns["models"],
                "buckets/mlflow": bucket.name,
                **values,
            }
        ),
        opts=there,
    )


@dataclass(frozen=True)
class _Made:
    """What servers stand on."""

    bucket_name: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    boundary_arn: pulumi.Input[str]


def _managed(
    plan: PlatformPlan,
    spec: SharedMlflow | PerTeamMlflow,
    made: _Made,
    there: pulumi.ResourceOptions,
) -> dict[str, pulumi.Input[str]]:
    """Register SageMaker's tracking servers; return what the contract says of them."""
    account = plan.account
    mlflow = Mlflow(
        "platform",
        MlflowArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            environment=account.environment,
            teams={team: each.account_id for team, each in plan.teams.items()},
            isolated=isinstance(spec, PerTeamMlflow),
            server_size=spec.size.value,
            disposable=account.disposable,
            bucket_name=made.bucket_name,
            key_arn=made.key_arn,
            boundary_arn=made.boundary_arn,
        ),
        opts=there,
    )
    return {
        **{f"mlflow/{team}/server-arn": arn for team, arn in mlflow.server_arns.items()},
        **{f"mlflow/{team}/access-role-arn": arn for team, arn in mlflow.access_role_arns.items()},
    }

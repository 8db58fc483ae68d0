"""Plan → what components take, where that is more than a value or two."""

import json
from collections.abc import Sequence
from typing import Final

import pulumi_aws as aws

from components.access.grants.reading import read_account
from components.access.grants.reading_apis import read_apis
from components.access.grants.reading_schedules import read_schedules
from components.access.grants.roles import holders, roles
from components.access.outside import Outside, of_mlflow
from components.access.packages import PackageSource
from components.access.preview import PreviewArgs
from components.access.team import MlflowAccess, Promoted, Share, Stores, Team
from components.account.provider import provider
from components.ml.features import FeatureGroupArgs
from components.ml.studio import ProfileArgs
from components.network.network import EndpointArgs
from zone import names
from zone.plan.account import AccountPlan
from zone.plan.endpoint import EndpointPlan
from zone.plan.endpoints import endpoint_policy
from zone.plan.mlflow import MlflowPlan
from zone.plan.packages import PackagesPlan
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan
from zone.specs.mlflow import FargateMlflow, PerTeamMlflow
from zone.specs.registry import Registry

PREVIEW_ROLE: Final = f"{names.PATH.strip('/')}/{names.role(names.PREVIEW)}"
"""The role that only reads, with its path."""


def home_of(account: AccountPlan, *, reading: bool) -> aws.Provider:
    """Return the provider of a member account; *reading*: under the role that only reads."""
    return provider(
        account.key,
        account_id=account.account_id,
        role=PREVIEW_ROLE if reading else account.role,
        region=account.region,
        tags=account.tags,
    )


def preview_of(account: AccountPlan, *, schedules: bool = False, apis: bool = False) -> PreviewArgs | None:
    """Return what pull requests' previews read in a member account; None where they have no role.

    Args:
        account: the account.
        schedules: whether it has schedules.
        apis: whether endpoints of its are asked over HTTP.
    """
    if account.preview_caller_arn is None:
        return None
    regions = [account.region, *account.further_regions]
    if (schedules and apis) or ((schedules or apis) and account.further_regions):
        regions = ["*"]  # named one by one, they would not fit into a managed policy with the rest
    return PreviewArgs(
        account_id=account.account_id,
        caller_arn=account.preview_caller_arn,
        statements=(
            *read_account(regions, account.account_id),
            *(read_schedules(account.region, account.account_id, account.key) if schedules else ()),
            *(read_apis(account.region, account.account_id) if apis else ()),
        ),
    )


def team_of(plan: TeamPlan) -> Team:
    """Return what the team's roles are compiled from."""
    account, mlflow = plan.account, plan.mlflow
    return Team(
        name=plan.team,
        account_key=account.key,
        account_id=account.account_id,
        region=account.region,
        data_class=account.tags["mlz:data-class"],
        personas=sorted({names.PERSONA_ROLES[member.persona] for member in plan.members.values()}),
        instance_types=plan.instance_types.model_dump(),
        max_runtime_hours=plan.max_runtime_hours,
        datasets=plan.datasets,
        feature_groups={
            key: Stores(offline=group.offline, online=group.online) for key, group in plan.feature_groups.items()
        },
        models=plan.models,
        reads=[
            Share(
                name=share.name,
                kind=share.kind,
                team=share.owner.removeprefix(f"{account.environment}-"),
                account_key=share.owner,
                account_id=share.owner_account_id,
            )
            for share in plan.shares_in
        ],
        mlflow=MlflowAccess(
            server_arn=mlflow.server_arn,
            access_role_arn=mlflow.access_role_arn,
            artifact_bucket=mlflow.artifact_bucket,
            artifact_prefix=mlflow.artifact_prefix,
            key_alias=mlflow.key_alias,
        )
        if isinstance(mlflow, MlflowPlan)
        else None,
        further_regions=tuple(plan.regions),
        promoted=[
            Promoted(model=each.model, account_key=each.owner, account_id=each.owner_account_id)
            for each in plan.promotions_in
        ],
        provenance=(*names.PROVENANCE, *((names.MLFLOW_VERSION,) if plan.registry is Registry.MLFLOW else ())),
        # A stage is named after the environment that serves the version.
        stages={
            model: (
                account.environment,
                *(each.taker.removesuffix(f"-{plan.team}") for each in plan.promotions_out if each.model == model),
            )
            for model in plan.models
        },
        shared_images=plan.shared_images,
        spark=bool(plan.scheduled.spark),
        captured=[name for name, each in plan.serving.items() if each.capture_percent],
        asynchronous=[name for name, each in plan.serving.items() if each.asynchronous],
        apis=[name for name, each in plan.serving.items() if each.has_api],
        image_builds=plan.builds is not None,
        packages=source_of(plan.packages) if plan.packages else None,
    )


def source_of(plan: PackagesPlan) -> PackageSource:
    """Return where packages come from."""
    return PackageSource(environment=plan.environment, account_id=plan.account_id, region=plan.region)


def granted_of(zone: ZonePlan) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the grants of each role by team stack: what quotas on roles and policies are held against."""
    return {stack: roles(team_of(team)) for stack, team in zone.teams.items()}


def readers_of(plan: TeamPlan) -> list[Share]:
    """Return what other teams may read here."""
    return [
        Share(
            name=share.name,
            kind=share.kind,
            team=share.reader.removeprefix(f"{plan.account.environment}-"),
            account_key=share.reader,
            account_id=share.reader_account_id,
        )
        for share in plan.shares_out
    ]


def takers_of(plan: TeamPlan) -> dict[str, list[str]]:
    """Return the accounts of later environments that may deploy a model, by model."""
    takers: dict[str, list[str]] = {}
    for each in plan.promotions_out:
        takers.setdefault(each.model, []).append(each.taker_account_id)
    return takers


def catalogs_of(plan: TeamPlan) -> dict[str, str]:
    """Return the accounts of the teams whose offline features the team reads."""
    return {
        share.owner.removeprefix(f"{plan.account.environment}-"): share.owner_account_id
        for share in plan.shares_in
        if share.kind == "offline"
    }


def endpoints_of(plan: TeamPlan, region: str = "") -> dict[str, EndpointArgs]:
    """Return the VPC endpoints to AWS's services with what each lets through; *region*: a further one, empty: home."""
    endpoints = plan.regions[region].endpoints if region else plan.endpoints
    packages = plan.packages is not None and not region
    return _endpoints(endpoints, plan.account, plan.organization_id, region=region, packages=packages)


def _endpoints(
    endpoints: Sequence[EndpointPlan],
    account: AccountPlan,
    organization_id: str,
    *,
    region: str = "",
    packages: bool = False,
) -> dict[str, EndpointArgs]:
    return {
        endpoint.key: EndpointArgs(
            service=endpoint.service,
            gateway=endpoint.gateway,
            policy=json.dumps(
                endpoint_policy(
                    endpoint.key,
                    region=region or account.region,
                    organization_id=organization_id,
                    account_id=account.account_id,
                    packages=packages,
                )
            )
            if endpoint.policy_supported
            else None,
        )
        for endpoint in endpoints
        if not endpoint.host
    }


def platform_endpoints_of(plan: PlatformPlan) -> dict[str, EndpointArgs]:
    """Return the VPC endpoints of the platform's own network with what each lets through."""
    return _endpoints(plan.endpoints, plan.account, plan.organization_id)


def profiles_of(plan: TeamPlan) -> dict[str, ProfileArgs]:
    """Return a Studio profile for each member."""
    return {
        key: ProfileArgs(role=names.PERSONA_ROLES[member.persona], email=member.sign_in, may_open=not member.left)
        for key, member in plan.members.items()
    }


def feature_groups_of(plan: TeamPlan) -> dict[str, FeatureGroupArgs]:
    """Return the team's feature groups."""
    return {
        key: FeatureGroupArgs(
            description=group.description,
            record_id=group.record_id,
            event_time=group.event_time,
            features={feature: kind.value for feature, kind in group.features.items()},
            offline=group.offline,
            online=group.online,
        )
        for key, group in plan.feature_groups.items()
    }


def artifact_writers_of(plan: PlatformPlan) -> tuple[Outside, ...]:
    """Return the teams' rights on the bucket of MLflow's artifacts and on its key.

    None before the first team, and none where the server itself keeps the artifacts.
    """
    if isinstance(plan.mlflow, FargateMlflow):
        return ()
    account_ids = [account.account_id for account in plan.teams.values()]
    if not account_ids:
        return ()
    return of_mlflow(account_ids, holders("log-experiments"), isolated=isinstance(plan.mlflow, PerTeamMlflow))

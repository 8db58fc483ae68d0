"""Plan → components: images and packages, in the platform's stack and in a team's."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import pulumi

from components.access.boundary import Boundary
from components.access.grants.roles import holders
from components.encryption.keys import Keys
from components.images.build import BuildNetworkArgs, ImageBuild, ImageBuildArgs
from components.images.registry import CacheArgs, Registry, RegistryArgs
from components.images.repositories import Images, ImagesArgs
from components.ml.studio import CustomImageArgs
from components.ml.studio_images import StudioImageArgs, StudioImages, StudioImagesArgs
from components.network.existing import ExistingNetwork
from components.network.network import Network
from components.packages.packages import Packages, PackagesArgs
from components.storage.bucket import Bucket, BucketArgs
from stacks.inputs import source_of
from zone import names, platform_names
from zone.plan.zone import PlatformPlan, TeamPlan

_PUBLIC_REGISTRY: Final = "public.ecr.aws"
"""Amazon ECR Public, which has Docker's official images too and asks no name of who pulls."""


def platform_images(plan: PlatformPlan, keys: Keys, boundary: Boundary, there: pulumi.ResourceOptions) -> None:
    """Register the environment's image repositories, and how its registry works, where there are any."""
    account, images = plan.account, plan.images
    if not images.wanted:
        return
    teams = [team.account_id for team in plan.teams.values()]
    if images.repositories:
        Images(
            "platform",
            ImagesArgs(
                organization_id=plan.organization_id,
                account_ids=[account.account_id, *teams],
                repositories={key: each.keep for key, each in images.repositories.items()},
                key_arn=keys.arns["images"],
                disposable=account.disposable,
            ),
            opts=there,
        )
    Registry(
        "platform",
        RegistryArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            organization_id=plan.organization_id,
            team_account_ids=teams,
            provisioning_role=account.role,
            scan=images.scan,
            caches={
                key: CacheArgs(url=each.url, credentials_arn=each.credentials_arn)
                for key, each in images.caches.items()
            },
            replicas={key: each.replicate_to for key, each in images.repositories.items() if each.replicate_to},
            key_arn=keys.arns["images"],
            boundary_arn=boundary.arn,
            deletion_days=plan.key_deletion_days,
            disposable=account.disposable,
            tags=account.tags,
        ),
        opts=there,
    )


def platform_builds(
    plan: PlatformPlan, keys: Keys, boundary: Boundary, there: pulumi.ResourceOptions
) -> dict[str, pulumi.Input[str]]:
    """Register what builds the environment's images, and return what the contract says of it.

    In AWS's own network: MLflow's image comes of a public base image and of packages that its lock names by hash, and
    the platform's network reaches neither.
    """
    account, images = plan.account, plan.images
    if not images.builds:
        return {}
    bucket = Bucket(
        "platform-builds",
        BucketArgs(
            bucket_name=names.bucket(account.key, "builds", account.account_id),
            account_id=account.account_id,
            organization_id=plan.organization_id,
            key_arn=keys.arns["images"],
            provisioning_role=account.role,
            service_role_arns=[names.role_arn(account.account_id, role) for role in names.SERVICE_SIDE_ROLES["builds"]],
            outside=(),
            disposable=account.disposable,
        ),
        opts=there,
    )
    own = [platform_names.image_repository(each) for each in images.repositories]
    build = ImageBuild(
        "platform",
        ImageBuildArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            project=platform_names.IMAGES,
            role=platform_names.PLATFORM_BUILD_ROLE,
            repositories=own,
            bases=(),
            caches=(),
            base_registry=_PUBLIC_REGISTRY,
            build_args={},
            source_bucket_name=bucket.name,
            source_key_arn=keys.arns["images"],
            network=None,
            log_key_arn=keys.arns["logs"],
            log_retention_days=plan.log_retention_days,
            boundary_arn=boundary.arn,
            packages=None,
            disposable=account.disposable,
        ),
        opts=there,
    )
    return {"builds/project": build.project_name, "buckets/builds": bucket.name}


def platform_packages(plan: PlatformPlan, keys: Keys, there: pulumi.ResourceOptions) -> None:
    """Register the environment's package repository, where there is one."""
    if plan.packages is None:
        return
    Packages(
        "platform",
        PackagesArgs(
            source=source_of(plan.packages),
            reader_account_ids=[team.account_id for team in plan.teams.values()],
            reader_roles=[*holders("read-packages"), platform_names.BUILD_ROLE],
            connections=dict(plan.packages.connections),
            quarantine=plan.packages.quarantine,
            key_arn=keys.arns["packages"],
            disposable=plan.account.disposable,
            tags=plan.account.tags,
        ),
        opts=there,
    )


def team_studio_images(plan: TeamPlan, boundary: Boundary, there: pulumi.ResourceOptions) -> list[CustomImageArgs]:
    """Register the team's own Studio images and return what its domain says of them."""
    if not plan.studio_images:
        return []
    made = StudioImages(
        plan.team,
        StudioImagesArgs(
            account_id=plan.account.account_id,
            images={key: StudioImageArgs(**asdict(each)) for key, each in plan.studio_images.items()},
            boundary_arn=boundary.arn,
        ),
        opts=there,
    )
    return [
        CustomImageArgs(
            app=each.app,
            image_name=made.image_names[key],
            version=made.versions[key],
            config_name=made.config_names[key],
        )
        for key, each in plan.studio_images.items()
    ]


def team_builds(
    plan: TeamPlan,
    there: pulumi.ResourceOptions,
    *,
    network: Network | ExistingNetwork,
    subnet_ids: Sequence[pulumi.Input[str]],
    keys: Keys,
    bucket: Bucket,
    boundary: Boundary,
) -> ImageBuild | None:
    """Register the project that builds the team's images; None: none are built."""
    if plan.builds is None:
        return None
    account = plan.account
    return ImageBuild(
        plan.team,
        ImageBuildArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            project=platform_names.IMAGES,
            role=platform_names.BUILD_ROLE,
            repositories=[names.repository(plan.team, model) for model in plan.models],
            bases=plan.builds.bases,
            caches=plan.builds.caches,
            base_registry=plan.builds.base_registry,
            build_args={},
            source_bucket_name=bucket.name,
            source_key_arn=keys.arns["studio"],
            network=BuildNetworkArgs(
                vpc_id=network.vpc_id,
                subnet_ids=subnet_ids,
                security_group_id=network.workload_security_group_id,
            ),
            log_key_arn=keys.arns["logs"],
            log_retention_days=plan.log_retention_days,
            boundary_arn=boundary.arn,
            packages=source_of(plan.packages) if plan.packages else None,
            disposable=account.disposable,
        ),
        opts=there,
    )


def published_images(plan: TeamPlan, build: ImageBuild | None) -> dict[str, pulumi.Input[str]]:
    """Return what the contract says of images and packages."""
    said: dict[str, pulumi.Input[str]] = {}
    if build:
        said["builds/project"] = build.project_name
    if plan.packages:
        said.update({f"packages/{key}": value for key, value in source_of(plan.packages).index.items()})
    return said

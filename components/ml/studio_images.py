"""A team's own images for Studio apps: a SageMaker image, its version and how the app runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants.builds import PULL
from components.access.grants.statement import Statement, trust_sagemaker
from components.access.role import service_role
from zone import platform_names

APPS: Final = ("jupyterlab", "code_editor")
"""Apps that run an own image."""


@dataclass(frozen=True, kw_only=True)
class StudioImageArgs:
    """One image."""

    repository_arn: str
    """ECR repository it lies in, of this account or another's, in the domain's region."""

    uri: str
    """Registry, repository and tag: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/images/lab:1."""

    app: str
    """What it runs: jupyterlab or code_editor."""

    display_name: str
    """What people see in Studio's list."""

    entrypoint: Sequence[str]
    """Command that starts the app; empty: the image's own."""

    arguments: Sequence[str]
    """Its arguments."""

    environment: Mapping[str, str]
    """Environment variables; no secrets."""


@dataclass(frozen=True, kw_only=True)
class StudioImagesArgs:
    """Inputs of StudioImages."""

    account_id: str
    """Account of the domain [12 digits]."""

    images: Mapping[str, StudioImageArgs]
    """By name. Plain: they decide which resources exist."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the role by which SageMaker looks at the images."""


class StudioImages(pulumi.ComponentResource):
    """Images as SageMaker knows them; a domain offers them.

    Another tag makes another version, then the domain is changed in place to offer it, then the older one goes: who
    works keeps the app, and gets the new image with the next start.
    """

    image_names: Mapping[str, pulumi.Output[str]]
    """Name of the SageMaker image by image."""

    versions: Mapping[str, pulumi.Output[int]]
    """Number of its version."""

    config_names: Mapping[str, pulumi.Output[str]]
    """Name of the app's configuration of it."""

    def __init__(self, name: str, args: StudioImagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:StudioImages", name, {}, opts)
        words.names(image=args.images)
        words.among(APPS, app=(image.app for image in args.images.values()))
        child = pulumi.ResourceOptions(parent=self)
        single = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
        role_arn = service_role(
            f"{name}-studio-images",
            platform_names.STUDIO_IMAGES_ROLE,
            account_id=args.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_sagemaker(args.account_id),
            statements=_pull(args),
            child=child,
        )

        images, versions, configs = {}, {}, {}
        for key, each in args.images.items():
            images[key] = aws.sagemaker.Image(
                f"{name}-{key}",
                image_name=platform_names.studio_image(key),
                display_name=each.display_name,
                role_arn=role_arn,
                opts=single,
            ).image_name
            versions[key] = aws.sagemaker.ImageVersion(
                f"{name}-{key}", image_name=images[key], base_image=each.uri, opts=child
            ).version
            configs[key] = aws.sagemaker.AppImageConfig(
                f"{name}-{key}", app_image_config_name=platform_names.studio_image(key), opts=single, **_container(each)
            ).app_image_config_name

        self.image_names, self.versions, self.config_names = images, versions, configs
        self.register_outputs({"image_names": images, "versions": versions, "config_names": configs})


def _container(image: StudioImageArgs) -> dict[str, Any]:
    """How the app's container runs. User and group are left to SageMaker, which remaps 1000 and 100.

    A variable names the image, for whoever asks in which one they work; the provider takes no configuration that is
    empty.
    """
    said = {
        "container_entrypoints": list(image.entrypoint),
        "container_arguments": list(image.arguments),
        "container_environment_variables": {"MLZ_IMAGE": image.uri, **image.environment},
    }
    config = {"container_config": {key: value for key, value in said.items() if value}}
    return {"code_editor_app_image_config" if image.app == "code_editor" else "jupyter_lab_image_config": config}


def _pull(args: StudioImagesArgs) -> tuple[Statement, ...]:
    """Look at the images and pull them; SageMaker does it from its own network.

    Source: SageMaker API Reference, CreateImage (the role "enables Amazon SageMaker AI to perform tasks on your
    behalf"), read 2026-11-30; no page says which rights: these are what a pull asks.
    """
    return (
        Statement(
            sid="PullStudioImages",
            actions=(*PULL, "ecr:DescribeImages"),
            resources=tuple(sorted({image.repository_arn for image in args.images.values()})),
        ),
        Statement(
            sid="EnterRegistries",
            actions=("ecr:GetAuthorizationToken",),
            resources=("*",),
            reason="ECR's token knows no resource",
        ),
    )

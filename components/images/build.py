"""Images built from a zip with a Dockerfile, by CodeBuild in the account's network: nobody needs Docker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants.builds import build
from components.access.packages import PackageSource
from components.access.role import service_role, trust_service
from components.images.build_spec import build_spec
from zone import names, platform_names

_ENVIRONMENT: Final = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
"""Image of CodeBuild's with Docker and the AWS CLI, on which a build runs."""

_TIMEOUT_MINUTES: Final = 60
"""Longest build; one that hangs costs no more."""


@dataclass(frozen=True, kw_only=True)
class BuildNetworkArgs:
    """The network in which builds run: what it may reach is what they reach."""

    vpc_id: pulumi.Input[str]
    """Network."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets."""

    security_group_id: pulumi.Input[str]
    """Security group: out to the endpoints, nothing in."""


@dataclass(frozen=True, kw_only=True)
class ImageBuildArgs:
    """Inputs of ImageBuild."""

    account_key: str
    """Account of the builds; part of the names."""

    account_id: str
    """Its id [12 digits]."""

    region: str
    """Its region."""

    project: str
    """What the project builds, such as images; part of its name."""

    role: str
    """Name of the builds' role, without mlz-."""

    repositories: Sequence[str]
    """Names of the account's image repositories to which a build may push. Plain."""

    bases: Sequence[str]
    """ARNs and patterns of the repositories from which base images may come. Plain."""

    caches: Sequence[str]
    """Those of them that a pull fills from their upstream. Plain."""

    base_registry: str
    """Host of the registry of base images; a Dockerfile gets it as the build argument BASE_REGISTRY."""

    build_args: Mapping[str, str]
    """Further build arguments. Plain; no secrets: an image's history shows them."""

    source_bucket_name: pulumi.Input[str]
    """Bucket of the zips, which lie below the prefix builds."""

    source_key_arn: pulumi.Input[str]
    """KMS key of that bucket."""

    network: BuildNetworkArgs | None
    """Network of the builds; None: AWS's own, which reaches public registries. Plain: it decides what the role may."""

    log_key_arn: pulumi.Input[str]
    """KMS key of the log."""

    log_retention_days: int
    """Retention of the log [days, one CloudWatch Logs knows]."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the build's role."""

    packages: PackageSource | None
    """Where pip gets packages during a build; None: nowhere."""

    disposable: bool
    """Whether destroying the stack deletes the log."""


class ImageBuild(pulumi.ComponentResource):
    """A CodeBuild project, its role and its log.

    Builds run privileged, for Docker does: a build is as good as its role, and the role can read the zips, pull what is
    declared, push to the named repositories and no more. In the network of an account without a way out a Dockerfile
    gets base images from the registries named here only, whatever it says; in AWS's own it gets what it names.
    """

    project_name: pulumi.Output[str]
    """Name of the project."""

    role_arn: pulumi.Output[str]
    """Role of a build."""

    def __init__(self, name: str, args: ImageBuildArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:ImageBuild", name, {}, opts)
        words.names(project=[args.project], build_argument=args.build_args)
        if not args.repositories:
            raise pulumi.RunError(f"{args.account_key}: a build of {args.project} has no repository to push to")
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(
            protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
        )

        group_name = names.log_group(args.account_key, platform_names.BUILD_PREFIX)
        group = aws.cloudwatch.LogGroup(
            f"{name}-{args.project}-log",
            name=group_name,
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            opts=child.merge(kept),
        )
        bucket = pulumi.Output.from_input(args.source_bucket_name)
        self.role_arn = service_role(
            f"{name}-{args.project}",
            args.role,
            account_id=args.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_service(
                "codebuild.amazonaws.com",
                args.account_id,
                platform_names.build_project_arn(args.region, args.account_id, args.account_key, args.project),
            ),
            statements=build(
                account_id=args.account_id,
                region=args.region,
                log_group_arn=f"arn:aws:logs:{args.region}:{args.account_id}:log-group:{group_name}",
                bucket_arn=pulumi.Output.concat("arn:aws:s3:::", bucket),
                source_key_arn=args.source_key_arn,
                repositories=args.repositories,
                bases=args.bases,
                caches=args.caches,
                subnet_ids=args.network.subnet_ids if args.network else (),
                packages=args.packages,
            ),
            child=child,
        )
        project = aws.codebuild.Project(
            f"{name}-{args.project}",
            name=platform_names.build_project(args.account_key, args.project),
            description="A zip's Dockerfile becomes an image",
            service_role=self.role_arn,
            source={
                "type": "S3",
                # Each build names its own; without one there is nothing to build.
                "location": bucket.apply(lambda known: f"{known}/{platform_names.BUILD_PREFIX}/source.zip"),
                "buildspec": build_spec(
                    own_registry=platform_names.registry_host(args.region, args.account_id),
                    base_registry=args.base_registry,
                    repositories=args.repositories,
                    build_args=args.build_args,
                    packages=args.packages,
                ),
            },
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "LINUX_CONTAINER",
                "compute_type": "BUILD_GENERAL1_SMALL",
                "image": _ENVIRONMENT,
                "image_pull_credentials_type": "CODEBUILD",
                # Docker's daemon runs inside the build.
                "privileged_mode": True,
            },
            vpc_config={
                "vpc_id": args.network.vpc_id,
                "subnets": args.network.subnet_ids,
                "security_group_ids": [args.network.security_group_id],
            }
            if args.network
            else None,
            logs_config={
                "cloudwatch_logs": {"status": "ENABLED", "group_name": group.name},
                "s3_logs": {"status": "DISABLED"},
            },
            encryption_key=args.source_key_arn,
            build_timeout=_TIMEOUT_MINUTES,
            opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
        )

        self.project_name = project.name
        self.register_outputs({"project_name": self.project_name, "role_arn": self.role_arn})

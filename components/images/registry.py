"""An account's image registry: how it scans, which registries of others it caches, where it copies images to."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components import words
from components.access.role import service_role, trust_service
from components.encryption.key_policy import key_policy
from components.images.documents import import_by_pull, kept_images, make_repositories, organization_pulls
from zone import names, platform_names

_CACHED: Final = 100
"""Images kept in a cached repository [count]; one that is gone is pulled again."""

_SCANS: Final = {"basic": ("BASIC", "SCAN_ON_PUSH"), "enhanced": ("ENHANCED", "CONTINUOUS_SCAN")}
"""Type of scan and its frequency. Source: Amazon ECR User Guide, "Scan images for OS and programming language package
vulnerabilities in Amazon ECR", read 2026-11-30: Inspector makes its own role when it is switched on, and bills."""


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    """One registry of others."""

    url: str
    """Its host."""

    credentials_arn: str | None
    """Secret with its credentials; None: it asks for none."""


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """Inputs of Registry."""

    account_key: str
    """Account of the registry; part of the names of keys."""

    account_id: str
    """Its id [12 digits]."""

    region: str
    """Its region."""

    organization_id: str
    """o-…; empty while unknown: then only this account and the teams' pull."""

    team_account_ids: Sequence[str]
    """Accounts whose builds fill the caches."""

    provisioning_role: str
    """Name of the role that administers the keys of the copies."""

    scan: str
    """basic: when an image is pushed. enhanced: by Inspector, then and whenever it learns of a vulnerability."""

    caches: Mapping[str, CacheArgs]
    """Registries of others by the prefix their repositories get here. Plain: they decide which resources exist."""

    replicas: Mapping[str, Sequence[str]]
    """Regions by image that is copied. Plain likewise."""

    key_arn: pulumi.Input[str]
    """KMS key of cached images."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the role by which ECR makes repositories."""

    deletion_days: int
    """How long a copy's key that was deleted by mistake can be saved [days, 7 to 30]."""

    disposable: bool
    """Whether destroying the stack deletes the keys of the copies."""

    tags: Mapping[str, str]
    """Tags of the repositories that ECR makes by itself."""


class Registry(pulumi.ComponentResource):
    """Settings that an account has once a region, and what ECR needs to make repositories by itself.

    Cached tags do move, or a cache could not follow its upstream; AWS recommends the same. Who must have the same image
    for ever names its digest. Copies have a key in each region: a repository's key is always of its own region.
    """

    copy_key_arns: Mapping[str, pulumi.Output[str]]
    """KMS key of the copies by region."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Registry", name, {}, opts)
        words.among(_SCANS, scan=[args.scan])
        words.names(cache=args.caches, image=args.replicas)
        child = pulumi.ResourceOptions(parent=self)
        regions = sorted({region for each in args.replicas.values() for region in each})
        pulls = organization_pulls(args.organization_id, [args.account_id, *args.team_account_ids])

        for region in (None, *regions):
            kind, frequency = _SCANS[args.scan]
            aws.ecr.RegistryScanningConfiguration(
                f"{name}-scan-{_word(region)}" if region else f"{name}-scan",
                scan_type=kind,
                rules=[
                    {
                        "scan_frequency": frequency,
                        "repository_filters": [{"filter": "*", "filter_type": "WILDCARD"}],
                    }
                ],
                region=region,
                opts=child,
            )
        keys = {region: _key(name, args, region, child) for region in regions}
        self.copy_key_arns = keys
        self.register_outputs({"copy_key_arns": keys})
        if not args.caches and not keys:
            return
        role_arn = service_role(
            f"{name}-templates",
            "image-templates",
            account_id=args.account_id,
            boundary_arn=args.boundary_arn,
            trust=trust_service("ecr.amazonaws.com", args.account_id),
            statements=make_repositories(
                [*args.caches, *([platform_names.IMAGES] if keys else [])],
                args.account_id,
                [*([args.key_arn] if args.caches else []), *keys.values()],
            ),
            child=child,
        )
        single = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        def template(
            logical: str, prefix: str, purpose: str, key_arn: pulumi.Input[str], region: str | None = None
        ) -> None:
            aws.ecr.RepositoryCreationTemplate(
                logical,
                prefix=prefix,
                applied_fors=[purpose],
                image_tag_mutability="MUTABLE" if purpose == "PULL_THROUGH_CACHE" else "IMMUTABLE",
                encryption_configurations=[{"encryption_type": "KMS", "kms_key": key_arn}],
                repository_policy=json.dumps(pulls),
                lifecycle_policy=json.dumps(kept_images(_CACHED)),
                resource_tags=dict(args.tags),
                custom_role_arn=role_arn,
                opts=single,
                region=region,
            )

        for cache, upstream in args.caches.items():
            template(f"{name}-{cache}", cache, "PULL_THROUGH_CACHE", args.key_arn)
            aws.ecr.PullThroughCacheRule(
                f"{name}-{cache}",
                ecr_repository_prefix=cache,
                upstream_registry_url=upstream.url,
                credential_arn=upstream.credentials_arn,
                opts=single,
            )
        if args.caches and args.team_account_ids:
            aws.ecr.RegistryPolicy(
                f"{name}-registry",
                policy=json.dumps(
                    import_by_pull(
                        list(args.caches),
                        region=args.region,
                        account_id=args.account_id,
                        team_account_ids=args.team_account_ids,
                    )
                ),
                opts=child,
            )
        for region, key_arn in keys.items():
            template(f"{name}-copies-{_word(region)}", platform_names.IMAGES, "REPLICATION", key_arn, region)
        if args.replicas:
            aws.ecr.ReplicationConfiguration(
                f"{name}-replication",
                replication_configuration={
                    "rules": [
                        {
                            "destinations": [{"region": region, "registry_id": args.account_id} for region in regions],
                            "repository_filters": [
                                {"filter": platform_names.image_repository(image), "filter_type": "PREFIX_MATCH"}
                            ],
                        }
                        for image, regions in args.replicas.items()
                    ]
                },
                opts=child,
            )


def _key(name: str, args: RegistryArgs, region: str, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Make the key of the copies in *region* and return its ARN."""
    kept = pulumi.ResourceOptions(protect=not args.disposable, retain_on_delete=not args.disposable)
    key = aws.kms.Key(
        f"{name}-images-{_word(region)}",
        description=f"images of {args.account_key}",
        enable_key_rotation=True,
        deletion_window_in_days=args.deletion_days,
        policy=json.dumps(
            key_policy(
                "images",
                account_id=args.account_id,
                region=region,
                provisioning_role=args.provisioning_role,
                outside=(),
            )
        ),
        tags={"Name": f"{args.account_key}-images"},
        region=region,
        opts=child.merge(kept),
    )
    aws.kms.Alias(
        f"{name}-images-{_word(region)}",
        name=names.key_alias(args.account_key, "images"),
        target_key_id=key.key_id,
        region=region,
        opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
    )
    return key.arn


def _word(region: str) -> str:
    """Return a region as one word: eucentral1."""
    return region.replace("-", "")

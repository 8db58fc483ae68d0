"""Image repositories of an environment: tags that never move, scanned, encrypted, open to the organisation's pulls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import words
from components.images.documents import kept_images, organization_pulls
from zone import platform_names


@dataclass(frozen=True, kw_only=True)
class ImagesArgs:
    """Inputs of Images."""

    organization_id: str
    """o-…; empty while unknown: then only the accounts below pull."""

    account_ids: Sequence[str]
    """Accounts that pull: this one and those of the teams."""

    repositories: Mapping[str, int]
    """Images kept [count] by repository, images/<name>. Plain: it decides which resources exist."""

    key_arn: pulumi.Input[str]
    """KMS key of the images."""

    disposable: bool
    """Whether destroying the stack deletes repositories and images."""


class Images(pulumi.ComponentResource):
    """A repository for each image, which only this account pushes to."""

    repository_urls: Mapping[str, pulumi.Output[str]]
    """Address by image."""

    def __init__(self, name: str, args: ImagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Images", name, {}, opts)
        words.names(image=args.repositories)
        child = pulumi.ResourceOptions(parent=self)
        kept = child.merge(
            pulumi.ResourceOptions(
                protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
            )
        )

        urls = {}
        for image, keep in args.repositories.items():
            repository = aws.ecr.Repository(
                f"{name}-{image}",
                name=platform_names.image_repository(image),
                image_tag_mutability="IMMUTABLE",
                image_scanning_configuration={"scan_on_push": True},
                encryption_configurations=[{"encryption_type": "KMS", "kms_key": args.key_arn}],
                force_delete=args.disposable,
                opts=kept,
            )
            aws.ecr.RepositoryPolicy(
                f"{name}-{image}",
                repository=repository.name,
                policy=json.dumps(organization_pulls(args.organization_id, args.account_ids)),
                opts=child,
            )
            # Another policy is put in the place of the old one, whose deletion would then take both.
            aws.ecr.LifecyclePolicy(
                f"{name}-{image}",
                repository=repository.name,
                policy=json.dumps(kept_images(keep)),
                opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
            )
            urls[image] = repository.repository_url

        self.repository_urls = urls
        self.register_outputs({"repository_urls": urls})

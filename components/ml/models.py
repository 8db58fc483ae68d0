"""What a team's models are kept in: a registry group and an image repository each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import words
from components.access.grants.registry import keep_versions, promote_images, promote_versions
from zone import names


@dataclass(frozen=True, kw_only=True)
class ModelsArgs:
    """Inputs of Models."""

    team: str
    """The team; part of the names."""

    models: Sequence[str]
    """Its models. Plain: they decide which resources exist."""

    account_id: str
    """Its account [12 digits]."""

    region: str
    """Region of the account."""

    provisioning_role: str
    """Name of the role that may delete versions, and in takers' accounts deploys them: nobody works as it."""

    disposable: bool
    """Whether destroying the stack deletes groups and repositories."""

    key_arn: pulumi.Input[str]
    """The team's models key, for the image repositories."""

    takers: Mapping[str, Sequence[str]]
    """Accounts of other environments that may deploy a model, by model [12 digits]. Plain: they decide which resources
    exist."""


class Models(pulumi.ComponentResource):
    """A model package group nobody can delete and an immutable image repository for each model."""

    repository_urls: Mapping[str, pulumi.Output[str]]
    """Address of the image repository by model."""

    repository_names: Mapping[str, pulumi.Output[str]]
    """Name of the image repository by model; known once it is made."""

    group_arns: Mapping[str, pulumi.Output[str]]
    """ARN of the model package group by model."""

    def __init__(self, name: str, args: ModelsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Models", name, {}, opts)
        words.names(team=[args.team], model=args.models)
        words.among(args.models, model_of_takers=args.takers)
        child = pulumi.ResourceOptions(parent=self)
        kept = child.merge(
            pulumi.ResourceOptions(
                protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
            )
        )

        groups = {}
        repositories = {}
        for model in args.models:
            groups[model] = aws.sagemaker.ModelPackageGroup(
                f"{name}-{model}",
                model_package_group_name=names.model_package_group(args.team, model),
                model_package_group_description=f"Versions of model {model} of team {args.team}",
                opts=kept,
            )
            aws.sagemaker.ModelPackageGroupPolicy(
                f"{name}-{model}",
                model_package_group_name=groups[model].model_package_group_name,
                resource_policy=pulumi.Output.json_dumps(_group_policy(args, model)),
                opts=child,
            )
            repositories[model] = aws.ecr.Repository(
                f"{name}-{model}",
                name=names.repository(args.team, model),
                image_tag_mutability="IMMUTABLE",
                image_scanning_configuration={"scan_on_push": True},
                encryption_configurations=[{"encryption_type": "KMS", "kms_key": args.key_arn}],
                force_delete=args.disposable,
                opts=kept,
            )
            if takers := args.takers.get(model):
                aws.ecr.RepositoryPolicy(
                    f"{name}-{model}",
                    repository=repositories[model].name,
                    policy=json.dumps(promote_images(takers)),
                    opts=child,
                )

        self.group_arns = {model: group.arn for model, group in groups.items()}
        self.repository_urls = {model: repository.repository_url for model, repository in repositories.items()}
        self.repository_names = {model: repository.name for model, repository in repositories.items()}
        self.register_outputs(
            {
                "group_arns": self.group_arns,
                "repository_urls": self.repository_urls,
                "repository_names": self.repository_names,
            }
        )


def _group_policy(args: ModelsArgs, model: str) -> dict[str, Any]:
    """Who may not delete the model's versions, and which other environments may deploy them."""
    document = keep_versions(
        args.team,
        model,
        account_id=args.account_id,
        region=args.region,
        provisioning_role=args.provisioning_role,
    )
    promoted = promote_versions(
        args.team,
        model,
        account_id=args.account_id,
        region=args.region,
        takers=args.takers.get(model, ()),
        provisioning_role=args.provisioning_role,
    )
    return {**document, "Statement": [*document["Statement"], *promoted]}

"""A team's feature store: its groups, their tables, and what other teams may read of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import words
from components.access.arns import policy_arn, role_arn
from components.access.grants.sharing import offline_readers, online_readers
from components.access.grants.statement import policy_json, trust_roles
from components.access.team import SHARE_KINDS, Share
from components.account.home import Home
from components.ml.feature_additions import add_features, signature
from zone import names


@dataclass(frozen=True, kw_only=True)
class FeatureGroupArgs:
    """One feature group."""

    description: str
    """What it holds; empty: nothing said."""

    record_id: str
    """Feature that identifies a record."""

    event_time: str
    """Feature that says when a record was true."""

    features: Mapping[str, str]
    """Type by feature: Integral, Fractional or String."""

    offline: bool
    """Whether records are kept in S3, for training."""

    online: bool
    """Whether the latest records can be looked up, for inference."""


@dataclass(frozen=True, kw_only=True)
class FeaturesArgs:
    """Inputs of Features."""

    team: str
    """The team; part of the names."""

    account_id: str
    """Its account [12 digits]."""

    region: str
    """Region of the account."""

    groups: Mapping[str, FeatureGroupArgs]
    """Feature groups by name. Plain: they decide which resources exist."""

    shares: Sequence[Share]
    """What other teams may read of them. Plain likewise."""

    disposable: bool
    """Whether destroying the stack deletes groups and tables."""

    bucket_name: pulumi.Input[str]
    """The team's data bucket, which holds the offline stores."""

    key_arns: Mapping[str, pulumi.Input[str]]
    """KMS key by purpose: data for the offline stores, online for the online stores, where there is one."""

    provisioning_role: str
    """Name of the role that adds features to a group; not taken where the caller signs in to the account itself."""

    role_arn: pulumi.Input[str]
    """The role that Feature Store works under: it persists records in the offline stores."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the readers' roles."""


class Features(pulumi.ComponentResource):
    """Feature groups with offline stores (S3 and a Glue table) and online stores.

    Other teams read an offline store with their own roles: the catalogue's policy here, the bucket's and the key's
    elsewhere name them. AWS has no such policy for the online store, so a reader assumes a role of this account.

    New features are added in place and records stay (components/ml/feature_additions.py). Any other change of a group
    replaces it, data and all; protection refuses that unless the account is disposable.
    """

    group_arns: Mapping[str, pulumi.Output[str]]
    """ARN by feature group."""

    reader_role_arns: Mapping[str, pulumi.Output[str]]
    """Role by <feature group>-<reading team>, for each online share."""

    def __init__(self, name: str, args: FeaturesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Features", name, {}, opts)
        words.among(SHARE_KINDS, kind_of_share=(share.kind for share in args.shares))
        words.names(team=[args.team, *(share.team for share in args.shares)], feature_group=args.groups)
        words.names(share=(share.name for share in args.shares))
        child = pulumi.ResourceOptions(parent=self)
        kept = child.merge(
            pulumi.ResourceOptions(
                protect=not args.disposable, retain_on_delete=not args.disposable, delete_before_replace=True
            )
        )

        database = aws.glue.CatalogDatabase(
            f"{name}-features",
            name=names.feature_database(args.team),
            description=f"Offline feature stores of team {args.team}",
            opts=kept,
        )
        groups = {
            key: aws.sagemaker.FeatureGroup(
                f"{name}-{key}",
                feature_group_name=names.feature_group(args.team, key),
                description=group.description or None,
                record_identifier_feature_name=group.record_id,
                event_time_feature_name=group.event_time,
                feature_definitions=[
                    {"feature_name": feature, "feature_type": kind} for feature, kind in group.features.items()
                ],
                role_arn=args.role_arn,
                offline_store_config=_offline(args, key, group, database),
                online_store_config=_online(args, group),
                tags={names.FEATURES_TAG: signature(group.features)},
                # AWS can't change the description, and a new wording must not cost a group with its records.
                opts=kept.merge(
                    pulumi.ResourceOptions(
                        ignore_changes=["description", "featureDefinitions"], hooks=_additions(name, key, args)
                    )
                ),
            )
            for key, group in args.groups.items()
        }
        readable = offline_readers(args.shares, team=args.team, account_id=args.account_id, region=args.region)
        if readable:
            aws.glue.ResourcePolicy(
                f"{name}-readers", policy=pulumi.Output.json_dumps(readable), opts=child.merge(_after(database))
            )

        self.group_arns = {key: group.arn for key, group in groups.items()}
        self.reader_role_arns = _online_readers(name, args, child)
        self.register_outputs({"group_arns": self.group_arns, "reader_role_arns": self.reader_role_arns})


def _additions(name: str, key: str, args: FeaturesArgs) -> pulumi.ResourceHookBinding:
    """Add features before the group's tag says that they are there."""
    where = Home(account_id=args.account_id, region=args.region, role=args.provisioning_role)
    features, group = dict(args.groups[key].features), names.feature_group(args.team, key)

    async def add(made: pulumi.ResourceHookArgs) -> None:
        # A replacement is made of what the group had before: the engine ignores the change there too.
        given = (made.new_inputs or {}).get("featureDefinitions") or []
        if made.old_inputs is not None or len(given) != len(features):
            await asyncio.to_thread(lambda: add_features(where.client("sagemaker"), group, features))

    hook = pulumi.ResourceHook(f"{name}-{key}-features", add)
    return pulumi.ResourceHookBinding(before_update=[hook], after_create=[hook])


def _after(resource: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(depends_on=[resource])


def _offline(
    args: FeaturesArgs, key: str, group: FeatureGroupArgs, database: aws.glue.CatalogDatabase
) -> aws.sagemaker.FeatureGroupOfflineStoreConfigArgs | None:
    """SageMaker makes the table itself, under the names given here: they are computable for readers."""
    if not group.offline:
        return None
    return aws.sagemaker.FeatureGroupOfflineStoreConfigArgs(
        s3_storage_config=aws.sagemaker.FeatureGroupOfflineStoreConfigS3StorageConfigArgs(
            s3_uri=pulumi.Output.concat("s3://", args.bucket_name, "/", names.feature_prefix(key)),
            kms_key_id=args.key_arns["data"],
        ),
        data_catalog_config=aws.sagemaker.FeatureGroupOfflineStoreConfigDataCatalogConfigArgs(
            catalog="AwsDataCatalog", database=database.name, table_name=names.feature_table(key)
        ),
        disable_glue_table_creation=False,
    )


def _online(args: FeaturesArgs, group: FeatureGroupArgs) -> aws.sagemaker.FeatureGroupOnlineStoreConfigArgs | None:
    if not group.online:
        return None
    return aws.sagemaker.FeatureGroupOnlineStoreConfigArgs(
        enable_online_store=True,
        security_config=aws.sagemaker.FeatureGroupOnlineStoreConfigSecurityConfigArgs(
            kms_key_id=args.key_arns["online"]
        ),
    )


def _online_readers(name: str, args: FeaturesArgs, child: pulumi.ResourceOptions) -> dict[str, pulumi.Output[str]]:
    """A role for each team and online store it may read."""
    named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
    arns: dict[str, pulumi.Output[str]] = {}
    for reader in online_readers(
        args.shares, team=args.team, account_id=args.account_id, region=args.region, key_arns=args.key_arns
    ):
        role_name = names.online_reader_role(reader.group, reader.team)
        role = aws.iam.Role(
            f"{name}-online-{reader.key}",
            name=role_name,
            path=names.PATH,
            permissions_boundary=args.boundary_arn,
            assume_role_policy=pulumi.Output.json_dumps(trust_roles(reader.account_id, reader.role_arns)),
            opts=named,
        )
        policy = aws.iam.Policy(
            f"{name}-online-{reader.key}",
            name=role_name,
            path=names.PATH,
            policy=policy_json(reader.statements),
            opts=named,
        )
        aws.iam.RolePolicyAttachment(
            f"{name}-online-{reader.key}", role=role.name, policy_arn=policy_arn(policy, args.account_id), opts=child
        )
        arns[reader.key] = role_arn(role, args.account_id)
    return arns

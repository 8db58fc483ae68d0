"""A team's feature store: its groups, their tables, and what other teams may read of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.arns import policy_arn, role_arn
from components.grants.sharing import offline_readers, online_reader
from components.grants.statement import policy_json, trust_roles
from zone import names
from zone.plan.zone import TeamPlan
from zone.specs.account import FeatureGroup


@dataclass(frozen=True, kw_only=True)
class FeaturesArgs:
    """Inputs of Features."""

    plan: TeamPlan
    """The team's plan. Plain: it decides which groups and shares exist."""

    bucket_name: pulumi.Input[str]
    """The team's data bucket, which holds the offline stores."""

    key_arn: pulumi.Input[str]
    """The team's data key, for offline and online stores."""

    role_arn: pulumi.Input[str]
    """The ingestion role: it persists records in the offline stores."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary of the readers' roles."""


class Features(pulumi.ComponentResource):
    """Feature groups with offline stores (S3 and a Glue table) and online stores.

    Other teams read an offline store with their own roles: the catalogue's policy here, the bucket's and the key's
    elsewhere name them. AWS has no such policy for the online store, so a reader assumes a role of this account.

    Any change of a group's features replaces it, data and all; protection refuses that unless the account is
    disposable.
    """

    group_arns: Mapping[str, pulumi.Output[str]]
    """ARN by feature group."""

    reader_role_arns: Mapping[str, pulumi.Output[str]]
    """Role by <feature group>-<reading team>, for each online share."""

    def __init__(self, name: str, args: FeaturesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Features", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        plan = args.plan
        kept = child.merge(
            pulumi.ResourceOptions(protect=not plan.account.disposable, retain_on_delete=not plan.account.disposable)
        )

        database = aws.glue.CatalogDatabase(
            f"{name}-features",
            name=names.feature_database(plan.team),
            description=f"Offline feature stores of team {plan.team}",
            opts=kept,
        )
        groups = {
            key: aws.sagemaker.FeatureGroup(
                f"{name}-{key}",
                feature_group_name=names.feature_group(plan.team, key),
                description=group.description or None,
                record_identifier_feature_name=group.record_id,
                event_time_feature_name=group.event_time,
                feature_definitions=[
                    {"feature_name": feature, "feature_type": kind.value} for feature, kind in group.features.items()
                ],
                role_arn=args.role_arn,
                offline_store_config=_offline(args, key, group, database),
                online_store_config=_online(args, group),
                # AWS can't change it, and a new wording must not cost a group with its records.
                opts=kept.merge(pulumi.ResourceOptions(ignore_changes=["description"])),
            )
            for key, group in plan.feature_groups.items()
        }
        readable = offline_readers(plan)
        if readable:
            aws.glue.ResourcePolicy(
                f"{name}-readers", policy=pulumi.Output.json_dumps(readable), opts=child.merge(_after(database))
            )

        self.group_arns = {key: group.arn for key, group in groups.items()}
        self.reader_role_arns = _online_readers(name, args, child)
        self.register_outputs({"group_arns": self.group_arns, "reader_role_arns": self.reader_role_arns})


def _after(resource: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(depends_on=[resource])


def _offline(
    args: FeaturesArgs, key: str, group: FeatureGroup, database: aws.glue.CatalogDatabase
) -> aws.sagemaker.FeatureGroupOfflineStoreConfigArgs | None:
    """SageMaker makes the table itself, under the names given here: they are computable for readers."""
    if not group.offline:
        return None
    return aws.sagemaker.FeatureGroupOfflineStoreConfigArgs(
        s3_storage_config=aws.sagemaker.FeatureGroupOfflineStoreConfigS3StorageConfigArgs(
            s3_uri=pulumi.Output.concat("s3://", args.bucket_name, "/", names.feature_prefix(key)),
            kms_key_id=args.key_arn,
        ),
        data_catalog_config=aws.sagemaker.FeatureGroupOfflineStoreConfigDataCatalogConfigArgs(
            catalog="AwsDataCatalog", database=database.name, table_name=names.feature_table(key)
        ),
        disable_glue_table_creation=False,
    )


def _online(args: FeaturesArgs, group: FeatureGroup) -> aws.sagemaker.FeatureGroupOnlineStoreConfigArgs | None:
    if not group.online:
        return None
    return aws.sagemaker.FeatureGroupOnlineStoreConfigArgs(
        enable_online_store=True,
        security_config=aws.sagemaker.FeatureGroupOnlineStoreConfigSecurityConfigArgs(kms_key_id=args.key_arn),
    )


def _online_readers(name: str, args: FeaturesArgs, child: pulumi.ResourceOptions) -> dict[str, pulumi.Output[str]]:
    """A role for each team and online store it may read."""
    named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
    account_id = args.plan.account.account_id
    arns: dict[str, pulumi.Output[str]] = {}
    for reader in online_reader(args.plan, args.key_arn):
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
            f"{name}-online-{reader.key}", role=role.name, policy_arn=policy_arn(policy, account_id), opts=child
        )
        arns[reader.key] = role_arn(role, account_id)
    return arns

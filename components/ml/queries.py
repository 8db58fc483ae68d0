"""Where a team queries offline features: an Athena workgroup, and the catalogues of teams that share theirs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from zone import names


@dataclass(frozen=True, kw_only=True)
class QueriesArgs:
    """Inputs of Queries."""

    team: str
    """The team; part of the names."""

    account_id: str
    """Its account [12 digits]."""

    catalogs: Mapping[str, str]
    """Account id by team that shares offline features with this one. Plain: they decide which resources exist."""

    scan_gb: int
    """Most that one query may scan [GB]: Athena bills by what it scans."""

    disposable: bool
    """Whether destroying the stack deletes saved queries and their history too."""

    bucket_name: pulumi.Input[str]
    """The team's work bucket, which holds the results."""

    key_arn: pulumi.Input[str]
    """The team's studio key, which encrypts them."""


class Queries(pulumi.ComponentResource):
    """A workgroup that decides where results lie and how they are encrypted, whatever a query asks for.

    A catalogue is only a name for what another account's Glue policy lets in: it gives no right by itself.
    """

    workgroup_name: pulumi.Output[str]
    """Name of the workgroup."""

    def __init__(self, name: str, args: QueriesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Queries", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        workgroup = aws.athena.Workgroup(
            f"{name}-queries",
            name=names.workgroup(args.team),
            description=f"Queries of team {args.team} on offline features",
            configuration=aws.athena.WorkgroupConfigurationArgs(
                enforce_workgroup_configuration=True,
                publish_cloudwatch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=args.scan_gb * 10**9,
                result_configuration=aws.athena.WorkgroupConfigurationResultConfigurationArgs(
                    output_location=pulumi.Output.concat("s3://", args.bucket_name, f"/{names.QUERY_PREFIX}/"),
                    expected_bucket_owner=args.account_id,
                    encryption_configuration=aws.athena.WorkgroupConfigurationResultConfigurationEncryptionConfigurationArgs(
                        encryption_option="SSE_KMS", kms_key_arn=args.key_arn
                    ),
                ),
            ),
            force_destroy=args.disposable,
            tags={"Name": names.workgroup(args.team)},
            opts=named,
        )
        for owner, account_id in args.catalogs.items():
            aws.athena.DataCatalog(
                f"{name}-{owner}",
                name=names.foreign_catalog(owner),
                description=f"Offline features that team {owner} shares",
                type="GLUE",
                parameters={"catalog-id": account_id},
                tags={"Name": names.foreign_catalog(owner)},
                opts=named,
            )

        self.workgroup_name = workgroup.name
        self.register_outputs({"workgroup_name": self.workgroup_name})

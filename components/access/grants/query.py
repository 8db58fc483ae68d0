"""Grants to find and query what the zone publishes: the contract's parameters, offline features by Athena."""

from components.access.grants.place import Place
from components.access.grants.statement import Statement
from zone import names


def read_contract(place: Place) -> tuple[Statement, ...]:
    """Read the names and ids of the account, which the stack publishes under /mlz/v1: never a secret."""
    return (
        Statement(
            sid="ReadContract",
            actions=("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"),
            # GetParametersByPath is asked of the path itself, and people write it without a slash at its end.
            resources=tuple(place.arn("ssm", f"parameter{names.ssm_path(*each)}") for each in ((), ("*",))),
            reason="the contract grows; all of it is meant for everyone in the account",
        ),
    )


def query(place: Place) -> tuple[Statement, ...]:
    """Query offline features in the team's workgroup. What a query may read, the grants on data say.

    Sources, read 2026-11-29: Athena User Guide, "Control access to Amazon S3 from Athena" (GetBucketLocation of what is
    queried), "Configure access to databases and tables in the AWS Glue Data Catalog" (the database default) and
    "Allow access to a data catalog in another account".
    """
    home = f"arn:aws:glue:{place.region}:{place.account_id}"
    owners = place.offline_owners
    return (
        Statement(
            sid="RunQueries",
            actions=(
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetQueryResultsStream",
                "athena:GetWorkGroup",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ),
            resources=(place.arn("athena", f"workgroup/{names.workgroup(place.team.name)}"),),
        ),
        *(
            (
                Statement(
                    sid="NameOtherCatalogs",
                    actions=("athena:GetDataCatalog",),
                    resources=tuple(
                        place.arn("athena", f"datacatalog/{names.foreign_catalog(owner.team)}") for owner in owners
                    ),
                ),
            )
            if owners
            else ()
        ),
        Statement(
            # Athena looks at it whatever the query names.
            sid="SeeDefaultDatabase",
            actions=("glue:GetDatabase",),
            resources=(f"{home}:catalog", f"{home}:database/default"),
        ),
        Statement(
            sid="LocateData",
            actions=("s3:GetBucketLocation",),
            resources=(
                place.bucket("data"),
                *(names.bucket_arn(owner.account_key, "data", owner.account_id) for owner in owners),
            ),
            conditions={
                "StringEquals": {"aws:ResourceAccount": [place.account_id, *(owner.account_id for owner in owners)]}
            },
        ),
    )

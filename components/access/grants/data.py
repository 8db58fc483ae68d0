"""Grants on data: data sets, feature groups, declared shares, experiment artifacts."""

from collections.abc import Iterable

import pulumi

from components.access.grants.place import Place
from components.access.grants.statement import ENCRYPT, Statement
from components.access.team import Share
from zone import names
from zone.serving_names import capture_prefix

_READ_OBJECTS = ("s3:GetObject", "s3:GetObjectTagging")
_WRITE_OBJECTS = ("s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:AbortMultipartUpload")
_READ_TABLES = ("glue:GetDatabase", "glue:GetTable", "glue:GetPartition", "glue:GetPartitions")


def read_data(place: Place) -> tuple[Statement, ...]:
    """Read the team's own data sets, offline features and captured calls, and what other teams share with it."""
    prefixes = _own_prefixes(place)
    shares = place.shares("dataset", "offline")
    return (
        *(_read("Own", _own_bucket(place), prefixes, place.account_id) if prefixes else ()),
        *_own_tables(place),
        Statement(
            sid="DecryptOwnData",
            actions=("kms:Decrypt", "kms:DescribeKey"),
            resources=(place.key_arns["data"],),
            conditions={"StringEquals": {"kms:ViaService": place.service("s3", "sagemaker")}},
        ),
        *(_read_shares(place, shares) if shares else ()),
    )


def write_data(place: Place) -> tuple[Statement, ...]:
    """Write the team's own data sets. The bucket keeps versions, so a deleted object can be brought back."""
    if not place.team.datasets:
        return ()
    bucket = _own_bucket(place)
    return (
        Statement(
            sid="WriteOwnData",
            actions=_WRITE_OBJECTS,
            resources=tuple(f"{bucket}/{names.dataset_prefix(name)}/*" for name in place.team.datasets),
            conditions={"StringEquals": {"aws:ResourceAccount": place.account_id}},
        ),
        Statement(
            sid="EncryptOwnData",
            actions=ENCRYPT,
            resources=(place.key_arns["data"],),
            conditions={"StringEquals": {"kms:ViaService": place.service("s3")}},
        ),
    )


def read_features(place: Place) -> tuple[Statement, ...]:
    """Read online features: the team's own directly, those shared with it through a role of the owner."""
    own = place.groups(online=True)
    shared = tuple(
        names.online_reader_role_arn(share.account_id, share.name, place.team.name) for share in place.shares("online")
    )
    return (
        *(_use_groups(place, "ReadOnlineFeatures", ("sagemaker:GetRecord", "sagemaker:BatchGetRecord"), own)),
        *(
            (
                Statement(
                    sid="ReadSharedOnlineFeatures",
                    actions=("sts:AssumeRole", "sts:SetSourceIdentity"),
                    resources=shared,
                ),
            )
            if shared
            else ()
        ),
    )


def write_features(place: Place) -> tuple[Statement, ...]:
    """Put records into the team's feature groups. Who does so never writes the offline stores themselves."""
    records = ("sagemaker:PutRecord", "sagemaker:DeleteRecord", "sagemaker:GetRecord", "sagemaker:DescribeFeatureGroup")
    return _use_groups(place, "WriteFeatures", records, place.groups(online=False))


def persist_features(place: Place) -> tuple[Statement, ...]:
    """Keep the offline stores: what Feature Store does under the role that its groups were made with.

    Sources, read 2026-11-29: SageMaker Developer Guide, "AWS managed policies for Amazon SageMaker Feature Store"
    (PutObject, PutObjectAcl, GetBucketAcl, the tables) and "Feature Store: security and access control" (the key, which
    takes no kms:ViaService here).
    """
    bucket = _own_bucket(place)
    offline = _offline_groups(place)
    ours = {"StringEquals": {"aws:ResourceAccount": place.account_id}}
    return (
        Statement(
            sid="PersistOfflineFeatures",
            actions=("s3:PutObject", "s3:PutObjectAcl", "s3:GetObject", "s3:AbortMultipartUpload"),
            resources=tuple(f"{bucket}/{names.feature_prefix(name)}/*" for name in offline),
            conditions=ours,
        ),
        Statement(
            # Feature Store looks at the bucket before it writes.
            sid="CheckOfflineBucket",
            actions=("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"),
            resources=(bucket,),
            conditions=ours,
        ),
        Statement(
            sid="EncryptOfflineFeatures",
            actions=("kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"),
            resources=(place.key_arns["data"],),
        ),
        Statement(
            sid="KeepFeatureTables",
            actions=("glue:CreateTable", "glue:GetTable", "glue:UpdateTable"),
            resources=_tables(place.region, place.account_id, place.team.name, offline),
        ),
    )


def log_experiments(place: Place) -> tuple[Statement, ...]:
    """Log to MLflow: its API through the platform account's role, artifacts with the team's own role."""
    mlflow = place.team.mlflow
    if mlflow is None:
        return ()
    platform = mlflow.server_arn.split(":")[4]
    bucket = f"arn:aws:s3:::{mlflow.artifact_bucket}"
    below = f"{mlflow.artifact_prefix}*"
    return (
        Statement(
            sid="ReachMlflow",
            actions=("sts:AssumeRole", "sts:SetSourceIdentity"),
            resources=(mlflow.access_role_arn,),
        ),
        Statement(
            # MLflow's client writes artifacts to S3 itself, with the role it runs under.
            sid="KeepArtifacts",
            actions=("s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"),
            resources=(f"{bucket}/{below}",),
            conditions={"StringEquals": {"aws:ResourceAccount": platform}},
            reason="experiments and runs get their names from MLflow; the prefix is the team's, or the shared server's",
        ),
        Statement(
            sid="ListArtifacts",
            actions=("s3:ListBucket",),
            resources=(bucket,),
            conditions={
                "StringEquals": {"aws:ResourceAccount": platform},
                "StringLike": {"s3:prefix": [*filter(None, [mlflow.artifact_prefix.rstrip("/")]), below]},
            },
        ),
        _foreign_keys(
            place,
            sid="EncryptArtifacts",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            account_ids=(platform,),
            aliases=(mlflow.key_alias,),
        ),
    )


def _own_bucket(place: Place) -> str:
    return place.bucket("data")


def _own_prefixes(place: Place) -> tuple[str, ...]:
    offline = (names.feature_prefix(name) for name in _offline_groups(place))
    captured = (capture_prefix(name) for name in place.team.captured)
    return (*(names.dataset_prefix(name) for name in place.team.datasets), *offline, *captured)


def _offline_groups(place: Place) -> tuple[str, ...]:
    return tuple(name for name, group in place.team.feature_groups.items() if group.offline)


def _share_prefix(share: Share) -> str:
    return names.dataset_prefix(share.name) if share.kind == "dataset" else names.feature_prefix(share.name)


def _read(sid: str, bucket: str, prefixes: Iterable[str], account_id: str) -> tuple[Statement, ...]:
    """Read and list *prefixes* of one bucket, as long as the bucket is *account_id*'s."""
    prefixes = tuple(prefixes)
    return (
        Statement(
            sid=f"Read{sid}Data",
            actions=_READ_OBJECTS,
            resources=tuple(f"{bucket}/{prefix}/*" for prefix in prefixes),
            conditions={"StringEquals": {"aws:ResourceAccount": account_id}},
        ),
        Statement(
            sid=f"List{sid}Data",
            actions=("s3:ListBucket",),
            resources=(bucket,),
            conditions={
                "StringEquals": {"aws:ResourceAccount": account_id},
                # SageMaker lists an S3 URI as it is written, with or without the slash at its end.
                "StringLike": {"s3:prefix": [form for prefix in prefixes for form in (prefix, f"{prefix}/*")]},
            },
        ),
    )


def _tables(region: str, account_id: str, team: str, groups: Iterable[str]) -> tuple[str, ...]:
    """Glue names a table, its database and the catalogue in every request on a table."""
    database = names.feature_database(team)
    home = f"arn:aws:glue:{region}:{account_id}"
    return (
        f"{home}:catalog",
        f"{home}:database/{database}",
        *(f"{home}:table/{database}/{names.feature_table(name)}" for name in groups),
    )


def _own_tables(place: Place) -> tuple[Statement, ...]:
    offline = _offline_groups(place)
    if not offline:
        return ()
    tables = _tables(place.region, place.account_id, place.team.name, offline)
    return (Statement(sid="ReadFeatureTables", actions=_READ_TABLES, resources=tables),)


def _read_shares(place: Place, shares: Iterable[Share]) -> tuple[Statement, ...]:
    by_owner: dict[tuple[str, str, str], list[Share]] = {}
    for share in shares:
        by_owner.setdefault((share.team, share.account_key, share.account_id), []).append(share)
    statements: list[Statement] = []
    for (team, owner, account_id), theirs in by_owner.items():
        sid = "From" + "".join(part.capitalize() for part in owner.split("-"))
        bucket = names.bucket_arn(owner, "data", account_id)
        statements += _read(sid, bucket, [_share_prefix(share) for share in theirs], account_id)
        offline = [share.name for share in theirs if share.kind == "offline"]
        if offline:
            tables = _tables(place.region, account_id, team, offline)
            statements.append(Statement(sid=f"Tables{sid}", actions=_READ_TABLES, resources=tables))
    return (
        *statements,
        _foreign_keys(
            place,
            sid="DecryptSharedData",
            actions=("kms:Decrypt",),
            account_ids=tuple(account_id for _, _, account_id in by_owner),
            aliases=tuple(names.key_alias(owner, "data") for _, owner, _ in by_owner),
        ),
    )


def _foreign_keys(
    place: Place, *, sid: str, actions: tuple[str, ...], account_ids: tuple[str, ...], aliases: tuple[str, ...]
) -> Statement:
    return Statement(
        sid=sid,
        actions=actions,
        resources=tuple(f"arn:aws:kms:{place.region}:{account_id}:key/*" for account_id in account_ids),
        conditions={
            "StringEquals": {"kms:ViaService": place.service("s3")},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": aliases},
        },
        reason="AWS invents the key's id in another account; the alias names the key",
    )


def _use_groups(
    place: Place, sid: str, actions: tuple[str, ...], groups: tuple[pulumi.Input[str], ...]
) -> tuple[Statement, ...]:
    if not groups:
        return ()
    return (
        Statement(sid=sid, actions=actions, resources=groups),
        *(
            (
                Statement(
                    sid=f"{sid}Key",
                    actions=("kms:Decrypt",),
                    resources=(place.key_arns["online"],),
                    # Feature Store keeps the online store in DynamoDB.
                    conditions={"StringEquals": {"kms:ViaService": place.service("sagemaker", "dynamodb")}},
                ),
            )
            if place.groups(online=True)
            else ()
        ),
    )

"""What a team gives to others: the catalogue's policy and the roles that read online stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.access.grants.roles import holders
from components.access.grants.statement import Statement
from components.access.team import Share
from zone import names


@dataclass(frozen=True, kw_only=True)
class OnlineReader:
    """One team that may read one online store."""

    key: str
    """<feature group>-<team>."""

    group: str
    """Feature group."""

    team: str
    """The reading team."""

    account_id: str
    """Its account."""

    role_arns: Sequence[str]
    """Its roles that may assume the reader's role."""

    statements: tuple[Statement, ...]
    """What the reader's role may do."""


def online_readers(
    shares: Sequence[Share], *, team: str, account_id: str, region: str, key_arns: Mapping[str, pulumi.Input[str]]
) -> tuple[OnlineReader, ...]:
    """Return a reader for each online store among the *shares* of *team*."""
    return tuple(
        OnlineReader(
            key=f"{share.name}-{share.team}",
            group=share.name,
            team=share.team,
            account_id=share.account_id,
            role_arns=[names.role_arn(share.account_id, role) for role in holders("read-features")],
            statements=(
                Statement(
                    sid="ReadOnlineStore",
                    actions=("sagemaker:GetRecord", "sagemaker:BatchGetRecord"),
                    resources=(names.feature_group_arn(region, account_id, team, share.name),),
                ),
                Statement(
                    sid="DecryptOnlineStore",
                    actions=("kms:Decrypt",),
                    resources=(key_arns["online"],),
                    # Feature Store keeps the online store in DynamoDB.
                    conditions={
                        "StringEquals": {
                            "kms:ViaService": [
                                f"{service}.{region}.amazonaws.com" for service in ("sagemaker", "dynamodb")
                            ]
                        }
                    },
                ),
            ),
        )
        for share in shares
        if share.kind == "online"
    )


def offline_readers(shares: Sequence[Share], *, team: str, account_id: str, region: str) -> dict[str, Any] | None:
    """Return the Glue catalogue's policy for the offline stores among the *shares* of *team*; None without any."""
    by_reader: dict[str, list[Share]] = {}
    for share in shares:
        if share.kind == "offline":
            by_reader.setdefault(share.account_id, []).append(share)
    if not by_reader:
        return None
    database = names.feature_database(team)
    home = f"arn:aws:glue:{region}:{account_id}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{reader}:root"},
                "Action": ["glue:GetDatabase", "glue:GetTable", "glue:GetPartition", "glue:GetPartitions"],
                "Resource": [
                    f"{home}:catalog",
                    f"{home}:database/{database}",
                    *(f"{home}:table/{database}/{names.feature_table(share.name)}" for share in theirs),
                ],
                # The account is the principal because AWS refuses roles that do not exist yet; this names the roles.
                "Condition": {
                    "ArnEquals": {"aws:PrincipalArn": [names.role_arn(reader, role) for role in names.SHARE_READERS]}
                },
            }
            for reader, theirs in by_reader.items()
        ],
    }

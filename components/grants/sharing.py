"""What a team gives to others: the catalogue's policy and the roles that read online stores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.grants.roles import holders
from components.grants.statement import Statement
from zone import names
from zone.plan.zone import Share, TeamPlan


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


def online_reader(plan: TeamPlan, key_arn: pulumi.Input[str]) -> tuple[OnlineReader, ...]:
    """Return a reader for each online share of *plan*."""
    account = plan.account
    return tuple(
        OnlineReader(
            key=f"{share.name}-{_team(plan, share)}",
            group=share.name,
            team=_team(plan, share),
            account_id=share.reader_account_id,
            role_arns=[names.role_arn(share.reader_account_id, role) for role in holders("read-features")],
            statements=(
                Statement(
                    sid="ReadOnlineStore",
                    actions=("sagemaker:GetRecord", "sagemaker:BatchGetRecord"),
                    resources=(names.feature_group_arn(account.region, account.account_id, plan.team, share.name),),
                ),
                Statement(
                    sid="DecryptOnlineStore",
                    actions=("kms:Decrypt",),
                    resources=(key_arn,),
                    # Feature Store keeps the online store in DynamoDB.
                    conditions={
                        "StringEquals": {
                            "kms:ViaService": [
                                f"{service}.{account.region}.amazonaws.com" for service in ("sagemaker", "dynamodb")
                            ]
                        }
                    },
                ),
            ),
        )
        for share in plan.shares_out
        if share.kind == "online"
    )


def offline_readers(plan: TeamPlan) -> dict[str, Any] | None:
    """Return the Glue catalogue's policy for the offline shares of *plan*; None without any."""
    by_reader: dict[str, list[Share]] = {}
    for share in plan.shares_out:
        if share.kind == "offline":
            by_reader.setdefault(share.reader_account_id, []).append(share)
    if not by_reader:
        return None
    database = names.feature_database(plan.team)
    home = f"arn:aws:glue:{plan.account.region}:{plan.account.account_id}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                "Action": ["glue:GetDatabase", "glue:GetTable", "glue:GetPartition", "glue:GetPartitions"],
                "Resource": [
                    f"{home}:catalog",
                    f"{home}:database/{database}",
                    *(f"{home}:table/{database}/{names.feature_table(share.name)}" for share in shares),
                ],
                # The account is the principal because AWS refuses roles that do not exist yet; this names the roles.
                "Condition": {
                    "ArnEquals": {
                        "aws:PrincipalArn": [names.role_arn(account_id, role) for role in names.SHARE_READERS]
                    }
                },
            }
            for account_id, shares in by_reader.items()
        ],
    }


def _team(plan: TeamPlan, share: Share) -> str:
    return share.reader.removeprefix(f"{plan.account.environment}-")

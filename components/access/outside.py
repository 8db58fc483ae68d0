"""Rights of roles in other accounts on what lies here: the only way data crosses accounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from components.access.team import Share
from zone import names, schedule_names

READ_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion")
WRITE_OBJECTS = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What the named roles of other accounts may do below one prefix."""

    sid: str
    """Statement id, letters and digits: says which share it is."""

    account_ids: Sequence[str]
    """The other accounts."""

    roles: Sequence[str]
    """Their roles by stem (training, data-scientist); they need not exist yet."""

    prefix: str
    """Prefix without a slash at its end; empty: the whole bucket."""

    write: bool
    """Whether they may write too."""

    queried: bool = False
    """Whether Athena reads for them, which asks for the bucket's region first."""

    @property
    def principal(self) -> dict[str, list[str]]:
        """Principal of a resource policy's statement: the accounts, narrowed by `condition`.

        AWS refuses a policy that names a role which doesn't exist yet, and turns a deleted role's name into a dead id.
        """
        return {"AWS": [f"arn:aws:iam::{account_id}:root" for account_id in self.account_ids]}

    @property
    def condition(self) -> dict[str, dict[str, list[str]]]:
        """Condition that narrows `principal` to the roles; the account is open here because `principal` pins it.

        So a policy grows by one short line a team: AWS takes 20 KB of it.
        """
        return {"ArnLike": {"aws:PrincipalArn": [names.role_arn("*", role) for role in self.roles]}}


def of_shares(shares: Iterable[Share]) -> tuple[Outside, ...]:
    """Let the readers of data sets and offline stores in; online stores have no bucket."""
    prefixes = {"dataset": names.dataset_prefix, "offline": names.feature_prefix}
    readers: dict[tuple[str, str], list[str]] = {}
    for share in shares:
        if share.kind in prefixes:
            readers.setdefault((share.kind, share.name), []).append(share.account_id)
    return tuple(
        Outside(
            sid=_words(f"{kind}-{name}"),
            account_ids=tuple(account_ids),
            roles=names.SHARE_READERS,
            prefix=prefixes[kind](name),
            write=False,
            queried=True,
        )
        for (kind, name), account_ids in readers.items()
    )


def of_promotions(takers: Mapping[str, Sequence[str]]) -> tuple[Outside, ...]:
    """Let the accounts that may deploy a model read its artifacts: the roles under which SageMaker loads it, and Spark.

    Args:
        takers: ids of the accounts by model.
    """
    return tuple(
        Outside(
            sid=f"Model{_words(model)}",
            account_ids=tuple(account_ids),
            roles=(*names.MODEL_USERS, schedule_names.SPARK),
            prefix=names.model_prefix(model),
            write=False,
        )
        for model, account_ids in takers.items()
    )


def of_mlflow(account_ids: Sequence[str], roles: Sequence[str], *, isolated: bool) -> tuple[Outside, ...]:
    """Let *roles* of the teams' accounts keep artifacts: below the team's own prefix, or anywhere."""
    return (
        Outside(
            sid="Artifacts",
            account_ids=account_ids,
            roles=roles,
            # AWS puts the caller's account in its place: names.artifact_prefix of whoever asks.
            prefix="${aws:PrincipalAccount}" if isolated else "",
            write=True,
        ),
    )


def _words(key: str) -> str:
    return "".join(word.title() for word in key.split("-"))

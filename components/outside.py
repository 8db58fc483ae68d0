"""Rights of roles in other accounts on what lies here: the only way data crosses accounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts import names
from accounts.spec import PerTeamMlflow
from accounts.zone import PlatformPlan, Share

READ_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion")
WRITE_OBJECTS = ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What the named roles of one other account may do below one prefix."""

    sid: str
    """Statement id, letters and digits: says which share it is."""

    account_id: str
    """The other account."""

    role_arns: tuple[str, ...]
    """Its roles; they need not exist yet."""

    prefix: str
    """Prefix without a slash at its end; empty: the whole bucket."""

    write: bool
    """Whether they may write too."""

    @property
    def principal(self) -> dict[str, str]:
        """Principal of a resource policy's statement: the account, narrowed by `condition`.

        AWS refuses a policy that names a role which doesn't exist yet, and turns a deleted role's name into a dead id.
        """
        return {"AWS": f"arn:aws:iam::{self.account_id}:root"}

    @property
    def condition(self) -> dict[str, dict[str, list[str]]]:
        """Condition that narrows `principal` to the roles."""
        return {"ArnEquals": {"aws:PrincipalArn": list(self.role_arns)}}


def of_shares(shares: Iterable[Share]) -> tuple[Outside, ...]:
    """Translate declared shares of data sets and offline stores; online stores have no bucket."""
    prefixes = {"dataset": names.dataset_prefix, "offline": names.feature_prefix}
    return tuple(
        Outside(
            sid=_words(f"{share.kind}-{share.name}-{share.reader}"),
            account_id=share.reader_account_id,
            role_arns=tuple(names.role_arn(share.reader_account_id, role) for role in names.SHARE_READERS),
            prefix=prefixes[share.kind](share.name),
            write=False,
        )
        for share in shares
        if share.kind in prefixes
    )


def of_mlflow(plan: PlatformPlan, roles: Sequence[str]) -> tuple[Outside, ...]:
    """Let *roles* of each team keep artifacts: its own prefix, or the whole bucket where the server is shared."""
    return tuple(
        Outside(
            sid=f"Artifacts{_words(team)}",
            account_id=account.account_id,
            role_arns=tuple(names.role_arn(account.account_id, role) for role in roles),
            prefix=team if isinstance(plan.mlflow, PerTeamMlflow) else "",
            write=True,
        )
        for team, account in plan.teams.items()
    )


def _words(key: str) -> str:
    return "".join(word.title() for word in key.split("-"))

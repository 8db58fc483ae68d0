"""From a role to a team."""

import re
from dataclasses import dataclass

from mlz_mlflow.refused import Refused
from mlz_mlflow.settings import Settings

_ASSUMED = re.compile(r"arn:aws(?:-[a-z]+)*:sts::(\d{12}):assumed-role/([\w+=,.@-]{1,64})/([\w+=,.@-]{2,64})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody whose signature was verified."""

    who: str
    """For the log: `account:role/session`, or a person's subject."""

    teams: tuple[str, ...] = ()
    """Teams the caller belongs to: one for a role, perhaps more for a person."""

    writes: frozenset[str] = frozenset()
    """Those of the teams where the caller may write."""

    admin: bool = False
    """The platform itself."""

    browser: bool = False
    """Comes by a cookie, so a foreign page could send requests for it."""


def of_role(arn: str, settings: Settings) -> Caller:
    """Return who the role of *arn* is; Refused for all but roles that are named.

    A role's path is not part of this ARN. Whoever may make or assume a role of such a name in a team's account is in
    the team; nobody else's account says anything.
    """
    found = _ASSUMED.fullmatch(arn)
    if not found:
        raise Refused(403, "only roles are let in, no users and no account itself")
    account, role, session = found.groups()
    who = f"{account}:{role}/{session}"
    if f"{account}:{role}" in settings.admins:
        return Caller(who=who, admin=True)
    team = next((name for name, owner in settings.teams.items() if owner == account), None)
    if team is None or role not in (*settings.roles, *settings.reader_roles):
        raise Refused(403, f"role {role} of account {account} belongs to no team here")
    return Caller(who=who, teams=(team,), writes=frozenset({team} if role in settings.roles else ()))

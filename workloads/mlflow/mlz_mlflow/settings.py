"""Who may do what, as the deployment says it: one JSON text in the environment."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

VARIABLE = "MLZ_MLFLOW_SETTINGS"

_TEAM = re.compile(r"[a-z0-9][-a-z0-9]{0,61}[a-z0-9]", re.ASCII)
"""What MLflow takes as a workspace's name (mlflow 3.17.2, store/workspace/abstract_store.py)."""

_NOT_TEAMS = {"default", "workspaces", "api", "ajax-api", "static-files"}
"""MLflow's own: `default` is the parent of all others' artifacts, the rest it reserves."""

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_ROLE = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)


class SettingsError(Exception):
    """The settings cannot be used; the text says why."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Who comes through the load balancer with a browser."""

    load_balancer: str
    """ARN of the load balancer that signs."""

    issuer: str
    """Issuer of the identity provider, as the load balancer is told it."""

    client: str
    """Client id the load balancer has there."""

    claim: str = "groups"
    """The claim that lists a person's groups."""

    groups: Mapping[str, str] = field(default_factory=dict)
    """Team by group: its members may write."""

    reader_groups: Mapping[str, str] = field(default_factory=dict)
    """Team by group: its members may read."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Who may do what."""

    audience: str
    """The name callers sign for: the server's own host name."""

    regions: tuple[str, ...]
    """Regions whose STS may be asked."""

    teams: Mapping[str, str]
    """Account by team. A team is an account; one team makes a dedicated server."""

    roles: tuple[str, ...]
    """Names of the roles in a team's account that may write."""

    reader_roles: tuple[str, ...] = ()
    """Names of the roles in a team's account that may read."""

    admins: tuple[str, ...] = ()
    """`account:role` of who may do everything."""

    people: People | None = None
    """Left out: nobody comes with a browser."""

    @classmethod
    def read(cls, text: str) -> "Settings":
        """Read the settings; SettingsError says what is wrong with them."""
        try:
            given = json.loads(text)
        except ValueError as error:
            raise SettingsError(f"{VARIABLE} is no JSON: {error}") from None
        people = given.get("people") if isinstance(given, dict) else None
        try:
            return cls(
                **{
                    **_known(cls, given),
                    **{name: tuple(given.get(name, ())) for name in ("regions", "roles", "reader_roles", "admins")},
                    "people": None if people is None else People(**_known(People, people)),
                }
            )
        except TypeError as error:
            raise SettingsError(f"{VARIABLE}: {error}") from None

    def __post_init__(self) -> None:
        wrong = [
            *(f"team {team!r} is no workspace name" for team in self.teams if not _TEAM.fullmatch(team)),
            *(f"{team!r} is MLflow's own word" for team in self.teams if team in _NOT_TEAMS),
            *(f"{of!r} is no account id" for of in self.teams.values() if not _ACCOUNT.fullmatch(of)),
            *(f"{role!r} is no role name" for role in (*self.roles, *self.reader_roles) if not _ROLE.fullmatch(role)),
            *(f"{role!r} may write and may only read" for role in set(self.roles) & set(self.reader_roles)),
            *(f"{who!r} is not account:role" for who in self.admins if not _is_admin(who)),
            *(f"group {group!r}: no team {team!r}" for group, team in self._groups() if team not in self.teams),
        ]
        if len(set(self.teams.values())) < len(self.teams):
            wrong.append("two teams share an account, so nothing tells their roles apart")
        wrong += [f"{name} is empty" for name in ("audience", "regions", "teams") if not getattr(self, name)]
        if wrong:
            raise SettingsError(f"{VARIABLE}: {'; '.join(sorted(wrong))}")

    def _groups(self) -> list[tuple[str, str]]:
        return [*self.people.groups.items(), *self.people.reader_groups.items()] if self.people else []


def _known(kind: type, given: Any) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    if not isinstance(given, dict) or given.keys() - names:
        raise SettingsError(f"{VARIABLE}: takes {', '.join(sorted(names))}, and nothing else")
    return given


def _is_admin(who: str) -> bool:
    account, _, role = who.partition(":")
    return bool(_ACCOUNT.fullmatch(account) and _ROLE.fullmatch(role))

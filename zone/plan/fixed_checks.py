"""Specs against what ids.lock.yaml records: a change that AWS makes by replacing, data and all, is refused."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from zone.plan.changing import PAGE, REFUSED
from zone.plan.fixed import FixedEnvironment, FixedGroup, FixedTeam, fixed_of, keeps_home
from zone.plan.lock import Lock
from zone.specs.account import TeamAccount
from zone.specs.document import Path
from zone.specs.problems import Problem
from zone.specs.source import Source
from zone.specs.tree import ORG, Specs

_SHOWN: Final = 6
"""Names listed in a message at most."""


def fixed_problems(specs: Specs, lock: Lock) -> Iterator[Problem]:
    """Yield every change of what never changes, where the accounts it speaks of are made."""
    recorded, wanted = lock.ids.fixed, fixed_of(specs, lock.ids.fixed)
    made = {key for key, entry in lock.ids.accounts.items() if entry.id and not entry.retired and key in specs.accounts}
    if lock.ids.organization.id:
        for name, was in recorded.organization.model_dump(exclude_none=True).items():
            now = getattr(wanted.organization, name)
            yield from _Asked(specs.sources[ORG], "fixed.organization").same((name,), was, now, name)
    for key in sorted(made):
        if key in recorded.emails:
            asked = _Asked(specs.sources[key], f"fixed.emails.{key}")
            yield from asked.same(("email",), recorded.emails[key], wanted.emails[key], "email")
    for name in sorted({specs.folder(key) for key in made} & recorded.environments.keys() & wanted.environments.keys()):
        asked = _Asked(specs.sources[name], f"fixed.environments.{name}")
        yield from _environment(asked, recorded.environments[name], wanted.environments[name])
    for key in sorted(made & recorded.teams.keys()):
        spec = specs.accounts[key]
        if isinstance(spec, TeamAccount):
            sso = specs.environments[specs.folder(key)].studio_auth == "SSO"
            asked = _Asked(specs.sources[key], f"fixed.teams.{key}")
            yield from _team(asked, spec, recorded.teams[key], wanted.teams[key], sso=sso)


@dataclass(frozen=True)
class _Asked:
    """One spec, and where ids.lock.yaml speaks of it."""

    source: Source
    entry: str

    def same(self, path: Path, was: str, now: str | None, field: str, entry: str = "") -> Iterator[Problem]:
        """Refuse the change of one value."""
        if was != now:
            yield self.refused(path, was, now or "nothing", field, entry)

    def refused(self, path: Path, was: str, now: str, field: str, entry: str = "") -> Problem:
        """Say what would be lost, and the way round."""
        change = REFUSED[field]
        text = (
            f"{was} is recorded, got {now}; {change.what}; allowed: leave it, or {change.way} ({PAGE}). Not deployed "
            f"yet? Then delete {self.entry}{entry and f'.{entry}'} in ids.lock.yaml"
        )
        return self.source.problem(path, text)


def _environment(asked: _Asked, was: FixedEnvironment, now: FixedEnvironment) -> Iterator[Problem]:
    yield from asked.same(("region",), was.region, now.region, "region")
    if now.zones[: len(was.zones)] != was.zones:
        yield asked.refused(("zones",), _listed(was.zones), _listed(now.zones), "zones")
    yield from asked.same(("studio_auth",), was.studio_auth, now.studio_auth, "studio_auth")
    yield from asked.same(("mlflow", "mode"), was.mlflow, now.mlflow, "mlflow.mode")
    yield from asked.same(("mlflow", "flavour"), was.mlflow_flavour, now.mlflow_flavour, "mlflow.flavour")


def _team(asked: _Asked, spec: TeamAccount, was: FixedTeam, now: FixedTeam, *, sso: bool) -> Iterator[Problem]:
    if spec.disposable and keeps_home(spec) and not was.keep_home:
        yield asked.refused(("studio", "keep_home"), "false", "true", "studio.keep_home")
    yield from _members(asked, was.members, now.members, sso=sso)
    for space in sorted(was.shared_spaces.keys() & now.shared_spaces.keys()):
        path, owners = ("studio", "shared_spaces", space), (was.shared_spaces[space], now.shared_spaces[space])
        yield from asked.same(path, *owners, "studio.shared_spaces", f"shared_spaces.{space}")
    for name in sorted(was.feature_groups.keys() & now.feature_groups.keys()):
        yield from _group(asked, name, was.feature_groups[name], now.feature_groups[name])


def _members(asked: _Asked, was: Mapping[str, str], now: Mapping[str, str], *, sso: bool) -> Iterator[Problem]:
    """A key names the profile; under SSO the profile is one sign-in's for good."""
    left = {was[key]: key for key in was.keys() - now.keys()}
    for key in sorted(now.keys() - was.keys()):
        if old := left.get(now[key]):
            yield asked.refused(("members", key), old, key, "members (key)", f"members.{old}")
    if sso:
        for key in sorted(was.keys() & now.keys()):
            path = ("members", key, "email")
            yield from asked.same(path, was[key], now[key], "members.*.email (SSO)", f"members.{key}")


def _group(asked: _Asked, name: str, was: FixedGroup, now: FixedGroup) -> Iterator[Problem]:
    here, entry = ("feature_groups", name), f"feature_groups.{name}"
    for field in ("record_id", "event_time", "online", "offline"):
        old, new = _text(getattr(was, field)), _text(getattr(now, field))
        yield from asked.same((*here, field), old, new, f"feature_groups.*.{field}", entry)
    if gone := [feature for feature in was.features if feature not in now.features]:
        field = "feature_groups.*.features (removed)"
        yield asked.refused((*here, "features"), _listed(gone), "nothing", field, entry)
    for feature in was.features:
        if feature in now.features:
            path = (*here, "features", feature)
            old, new = was.features[feature].value, now.features[feature].value
            yield from asked.same(path, old, new, "feature_groups.*.features (type)", entry)


def _text(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _listed(values: Iterable[str]) -> str:
    known = list(values)
    return ", ".join(known[:_SHOWN]) + (f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else "")

"""A team or an environment that is given up: who goes, who still needs it, and what is written down at the end.

going = retirement(zone, "dev-pricing")
standing = needed_by_others(folder, going)   # nothing is retired as long as somebody names it
mark(going, folder, lock, today)
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zone.names import UNASSIGNED
from zone.plan.account import AccountPlan
from zone.plan.lock import write
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan
from zone.specs.load import gather
from zone.specs.problems import Problem, meant
from zone.specs.zone_checks import zone_problems


class RetireError(Exception):
    """Nothing can be retired by that name; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Retirement:
    """What goes together."""

    teams: tuple[TeamPlan, ...]
    """Teams, each with its stack and account."""

    platform: PlatformPlan | None
    """The environment's platform, where the whole environment goes."""

    environment: str
    """The environment it is in."""

    @property
    def accounts(self) -> tuple[AccountPlan, ...]:
        """Every account that is given up, in the order in which their stacks go."""
        return (*(team.account for team in self.teams), *([self.platform.account] if self.platform else ()))

    @property
    def files(self) -> tuple[str, ...]:
        """Files that go, relative to the accounts folder."""
        whole = (f"{self.environment}/environment.yaml",) if self.platform else ()
        return (*(account.source for account in self.accounts), *whole)


def retirement(zone: ZonePlan, name: str) -> Retirement:
    """Return what retiring *name* means: a team's stack, or an environment with all its teams.

    Raises:
        RetireError: it is neither, or its account was never made.
    """
    if team := zone.teams.get(name):
        going = Retirement(teams=(team,), platform=None, environment=team.account.environment)
    elif platform := zone.platforms.get(name):
        if len(zone.platforms) == 1:
            raise RetireError(f"{name} is the only environment: without one the organisation has nothing to hold")
        teams = tuple(team for team in zone.teams.values() if team.account.environment == name)
        going = Retirement(teams=teams, platform=platform, environment=name)
    else:
        known = [*zone.platforms, *zone.teams]
        raise RetireError(f"no team's stack or environment {name!r}{meant(name, known)} (there are {', '.join(known)})")
    if unmade := [account for account in going.accounts if account.account_id == UNASSIGNED]:
        raise RetireError(
            f"{', '.join(account.key for account in unmade)}: no account was ever made, so there is nothing to retire; "
            f"remove {', '.join(account.source for account in unmade)}"
        )
    return going


def needed_by_others(folder: Path, going: Retirement) -> list[Problem]:
    """Return what would be wrong with the files that stay: whoever shares with a team that goes, or reads from it."""
    specs, _ = gather(folder)
    keys = {account.key for account in going.accounts} | ({going.environment} if going.platform else set())
    left = replace(
        specs,
        environments={name: spec for name, spec in specs.environments.items() if name not in keys},
        accounts={key: spec for key, spec in specs.accounts.items() if key not in keys},
        sources={key: source for key, source in specs.sources.items() if key not in keys},
    )
    return sorted(zone_problems(left))


def mark(going: Retirement, folder: Path, lock: Path, today: date) -> None:
    """Record that the accounts are given up, then remove their files; their ids and blocks stay recorded.

    Raises:
        SpecErrors: the lock file cannot be written; nothing is removed then.
    """
    write(lock, retired={account.key: today for account in going.accounts})
    for file in going.files:
        (folder / file).unlink(missing_ok=True)

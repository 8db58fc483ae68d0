"""What a stack names and another has not made yet: accounts, which AWS takes in no policy before, and ids."""

from zone.names import UNASSIGNED
from zone.plan.mlflow import RemoteMlflow
from zone.plan.zone import PlatformPlan, TeamPlan, ZonePlan


def unmade(zone: ZonePlan, stack: str) -> tuple[str, ...]:
    """Return what *stack* must wait for, by account key: without it, it can be neither previewed nor deployed."""
    ids: dict[str, str] = {}
    if stack in zone.platforms:
        ids = _of_platform(zone.platforms[stack])
    elif stack in zone.teams:
        ids = _of_team(zone.teams[stack])
    return tuple(sorted(key for key, account_id in ids.items() if account_id == UNASSIGNED))


def _of_platform(plan: PlatformPlan) -> dict[str, str]:
    return {account.key: account.account_id for account in (plan.account, *plan.teams.values())}


def _of_team(plan: TeamPlan) -> dict[str, str]:
    return {
        plan.account.key: plan.account.account_id,
        f"the platform of {plan.account.environment}": plan.platform_account_id,
        **{share.reader: share.reader_account_id for share in plan.shares_out},
        **{share.owner: share.owner_account_id for share in plan.shares_in},
    }


def awaited(zone: ZonePlan, stack: str) -> str | None:
    """Return the platform's stack that must be up before *stack* is; None: it waits for none."""
    team = zone.teams.get(stack)
    waits = team and isinstance(team.mlflow, RemoteMlflow) and not team.mlflow.made
    return team.account.environment if team and waits else None

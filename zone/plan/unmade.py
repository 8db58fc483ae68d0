"""Accounts a stack names that the org stack has not made yet: AWS takes no policy that names them."""

from zone.names import UNASSIGNED
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
        f"the platform of {plan.account.environment}": plan.mlflow.server_arn.split(":")[4],
        **{share.reader: share.reader_account_id for share in plan.shares_out},
        **{share.owner: share.owner_account_id for share in plan.shares_in},
    }

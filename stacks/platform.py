"""A platform stack: what the teams of one environment share. Runs in the environment's platform account."""

import pulumi

from accounts.zone import PlatformPlan
from components.budget import Budget, BudgetArgs
from components.keys import Keys, KeysArgs
from components.provider import provider


def platform_stack(plan: PlatformPlan) -> None:
    """Register what the environment's teams share."""
    account = plan.account
    home = provider(
        account.key, account_id=account.account_id, role=account.role, region=account.region, tags=account.tags
    )
    there = pulumi.ResourceOptions(provider=home)
    Keys(
        "platform",
        KeysArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            provisioning_role=account.role,
            outside={},
            purposes=("models",),
            deletion_days=plan.key_deletion_days,
            disposable=account.disposable,
        ),
        opts=there,
    )
    Budget("platform", BudgetArgs(limit_usd_per_month=account.budget_usd_per_month, email=account.owner), opts=there)

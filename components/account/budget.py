"""A monthly budget that warns people before the money is gone."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """Inputs of Budget."""

    limit_usd_per_month: int
    """Limit [USD/month]."""

    email: str
    """Who is warned: at 80 % spent and at 100 % forecast."""


class Budget(pulumi.ComponentResource):
    """A cost budget of the account it lives in; of the management account: of the whole organisation."""

    budget_name: pulumi.Output[str]
    """Name of the budget."""

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Budget", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        def warning(percent: int, kind: str) -> aws.budgets.BudgetNotificationArgs:
            return aws.budgets.BudgetNotificationArgs(
                comparison_operator="GREATER_THAN",
                threshold=percent,
                threshold_type="PERCENTAGE",
                notification_type=kind,
                subscriber_email_addresses=[args.email],
            )

        budget = aws.budgets.Budget(
            f"{name}-monthly",
            budget_type="COST",
            time_unit="MONTHLY",
            # AWS answers with a fraction; a plain 500 would look changed ever after.
            limit_amount=f"{args.limit_usd_per_month}.0",
            limit_unit="USD",
            notifications=[warning(80, "ACTUAL"), warning(100, "FORECASTED")],
            opts=child,
        )

        self.budget_name = budget.name
        self.register_outputs({"budget_name": self.budget_name})

"""The org stack: organisation, member accounts, guardrails, budget. Runs in the management account."""

from collections.abc import Mapping

import pulumi

from components.budget import Budget, BudgetArgs
from components.guardrails import Guardrails, GuardrailsArgs
from components.organization import Organization, OrganizationArgs
from components.provider import provider
from zone.plan.zone import OrganizationPlan


def organization_stack(plan: OrganizationPlan, adopt: Mapping[str, str]) -> None:
    """Register the organisation; export its id and the account ids, which the ids lock file keeps.

    Args:
        plan: what it consists of; ids it doesn't have yet are not needed.
        adopt: see Organization.
    """
    management = provider(
        "management", account_id=plan.management_account_id, role=None, region=plan.home_region, tags=plan.tags
    )
    there = pulumi.ResourceOptions(provider=management)

    organization = Organization(
        "organization",
        OrganizationArgs(organizational_units=plan.organizational_units, accounts=plan.accounts, adopt=adopt),
        opts=there,
    )
    Guardrails(
        "guardrail",
        GuardrailsArgs(
            policies=plan.policies,
            targets=organization.targets,
            organization_id=organization.organization_id,
            organization=organization,
        ),
        opts=there,
    )
    Budget(
        "organization",
        BudgetArgs(
            limit_usd_per_month=sum(account.budget_usd_per_month for account in plan.accounts.values()),
            email=plan.budget_alert_email,
        ),
        opts=there,
    )

    pulumi.export("organization_id", organization.organization_id)
    pulumi.export("account_ids", organization.account_ids)

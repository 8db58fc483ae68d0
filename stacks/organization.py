"""The org stack: organisation, member accounts, guardrails, budget. Runs in the management account."""

import pulumi

from components.access.grants.reading import read_organization
from components.access.preview import Preview, PreviewArgs
from components.account.budget import Budget, BudgetArgs
from components.account.provider import provider
from components.organization.guardrails import Guardrails, GuardrailsArgs, PolicyArgs
from components.organization.organization import MemberArgs, Organization, OrganizationArgs, RetiredArgs
from components.organization.portal import AssignmentArgs, Portal, PortalArgs
from stacks.inputs import PREVIEW_ROLE
from zone import names
from zone.guardrails.enforcement import OrganizationPolicy, PolicyType
from zone.guardrails.packing import text
from zone.names import UNASSIGNED, UNASSIGNED_ORGANIZATION
from zone.plan.zone import OrganizationPlan


def organization_stack(plan: OrganizationPlan, *, reading: bool = False) -> None:
    """Register the organisation; export its id and the account ids, which the ids lock file keeps.

    Args:
        plan: what it consists of; ids it doesn't have yet are not needed.
        reading: work under the role that only reads, as pull requests' previews do.
    """
    management = provider(
        "management",
        account_id=plan.management_account_id,
        role=PREVIEW_ROLE if reading else None,
        region=plan.home_region,
        tags=plan.tags,
    )
    there = pulumi.ResourceOptions(provider=management)

    organization = Organization(
        "organization",
        OrganizationArgs(
            organizational_units=plan.organizational_units,
            accounts={
                key: MemberArgs(
                    name=account.account_name or key,
                    email=account.email,
                    organizational_unit=account.organizational_unit,
                    role=account.role,
                    tags={**account.account_tags, **account.tags},
                )
                for key, account in plan.accounts.items()
            },
            retired={
                key: RetiredArgs(
                    account_id=account_id, organizational_unit=names.SUSPENDED, tags=plan.retired_tags(key)
                )
                for key, account_id in plan.retired.items()
            },
            policy_types=_policy_types(plan),
            adopt=_adopted(plan),
            existing=_existing(plan),
            sharing=plan.sharing,
        ),
        opts=there,
    )
    Guardrails(
        "guardrail",
        GuardrailsArgs(
            policies={
                policy.key: PolicyArgs(
                    type=policy.type.value,
                    description=policy.description,
                    content=_content(policy, organization.organization_id),
                    targets=policy.targets,
                )
                for policy in plan.policies
            },
            targets=organization.targets,
            organization=organization,
        ),
        opts=there,
    )
    if plan.portal.instance_arn and plan.portal.regions:
        Portal(
            "portal",
            PortalArgs(
                instance_arn=plan.portal.instance_arn,
                region=plan.portal.region,
                studio_regions=plan.portal.regions,
                assignments={
                    key: AssignmentArgs(
                        account_id=organization.account_ids[each.account],
                        persona=each.persona,
                        principal_id=each.principal_id,
                        principal_type=each.principal_type,
                    )
                    for key, each in plan.portal.assignments.items()
                },
                adopt=plan.portal.instance_arn if plan.adopted and plan.adopted.attributes else None,
            ),
            opts=there,
        )
    if plan.preview_caller_arn:
        Preview(
            "organization",
            PreviewArgs(
                account_id=plan.management_account_id,
                caller_arn=plan.preview_caller_arn,
                statements=read_organization(plan.management_account_id, plan.portal.instance_arn),
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


def _policy_types(plan: OrganizationPlan) -> list[str]:
    """Ours, and those that were on before us."""
    before = plan.adopted.policy_types if plan.adopted else ()
    return list(dict.fromkeys((*before, *(each.value for each in PolicyType))))


def _adopted(plan: OrganizationPlan) -> dict[str, str]:
    """What is imported."""
    if plan.adopted is None:
        return {}
    accounts = {key: account.account_id for key, account in plan.accounts.items() if account.adopted is not None}
    return {"organization": plan.organization_id, **accounts}


def _existing(plan: OrganizationPlan) -> dict[str, str]:
    """What is only named: units that were there, and accounts that Control Tower makes."""
    units = plan.adopted.units if plan.adopted else {}
    made = plan.accounts if plan.account_factory == "control_tower" else {}
    used = {path: id_ for path, id_ in units.items() if path in plan.organizational_units}
    return {**used, **{key: account.account_id for key, account in made.items()}}


def unfound(plan: OrganizationPlan) -> list[str]:
    """Say what Control Tower makes and nobody has recorded yet."""
    if plan.account_factory != "control_tower":
        return []
    there = _existing(plan)
    accounts = [key for key, account in plan.accounts.items() if account.account_id == UNASSIGNED]
    return [
        f"{key} is made by Control Tower's account factory: make it there, then `./mlz adopt --account ID={key} --yes` "
        "records its id"
        for key in accounts
    ] + [
        f"organisational unit {path} is Control Tower's: make and register it there, then `./mlz adopt --yes`"
        for path in plan.organizational_units
        if path not in there
    ]


def _content(policy: OrganizationPolicy, organization_id: pulumi.Output[str]) -> pulumi.Input[str]:
    """The policy's text; known before `up` unless it names an organisation that is only being made."""
    content = text(policy.document)
    if UNASSIGNED_ORGANIZATION not in content:
        return content
    return organization_id.apply(lambda id_: content.replace(UNASSIGNED_ORGANIZATION, id_))

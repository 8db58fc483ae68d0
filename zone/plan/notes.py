"""What the reader of a plan must know and no table shows."""

from collections.abc import Iterator, Sequence
from typing import Final

from zone.facts import facts
from zone.names import SUSPENDED, UNASSIGNED
from zone.plan.adopted import named
from zone.plan.cost import REFERENCE_REGION, standing, unit_price
from zone.plan.hub_words import hub_notes
from zone.plan.mlflow_words import mlflow_notes
from zone.plan.regions import absent
from zone.plan.zone import OrganizationPlan, ZonePlan
from zone.specs.mlflow import SharedMlflow
from zone.specs.tree import ORG

FEW: Final = 12
"""So many names fit a note."""


def notes(zone: ZonePlan) -> list[tuple[set[str], str]]:
    """Return what the reader must know and no table shows, each with the stacks it is about.

    Missing isolation, missing ids, data that is not kept.
    """
    found = []
    for stack, platform in sorted(zone.platforms.items()):
        if isinstance(platform.mlflow, SharedMlflow) and len(platform.teams) > 1:
            said = f"{stack}: MLflow is one shared server with isolation: none. Its {len(platform.teams)} teams "
            teams = f"({_few(sorted(platform.teams))}) read and change each other's runs, models and prompts."
            found.append(({stack, *(account.stack for account in platform.teams.values())}, said + teams))
    for key, account_id in zone.organization.retired.items():
        said = (
            f"{key}: retired; account {account_id} stays in {SUSPENDED}, where nobody works. What it holds costs. "
            f"To close it: aws organizations close-account --account-id {account_id}; then take its id out of the lock."
        )
        found.append(({ORG}, said))
    missing = sorted(a.key for a in zone.organization.accounts.values() if a.account_id == UNASSIGNED)
    if missing:
        tower = zone.organization.account_factory == "control_tower"
        remedy = (
            "make them in Control Tower's account factory, then `./mlz adopt --account ID=KEY --yes` records each."
            if tower
            else "`./mlz up org` makes the accounts and records their ids."
        )
        found.append(({ORG, *missing}, f"no account id yet for {_few(missing)}: {remedy}"))
    found += [({ORG}, said) for said in reached(zone.organization)]
    if zone.organization.portal.unrecorded:
        said = (
            f"{', '.join(zone.organization.portal.unrecorded)}: no id in Identity Center recorded, so its portal shows "
            "them no account: `./mlz people --write` records ids, `./mlz up org` lets them in."
        )
        found.append(({ORG}, said))
    empty = sorted(a.key for a in zone.organization.accounts.values() if a.kind in {"logs", "security"})
    if empty:
        said = (
            f"{' and '.join(empty)} hold nothing yet: the accounts are made and the guardrails hold there, but there "
            "is no trail, no Config, no GuardDuty, no Security Hub (docs/what-you-get.md)."
        )
        found.append(({ORG}, said))
    for stack, platform in sorted(zone.platforms.items()):
        found += [({stack}, said) for said in (hub_notes(stack, platform.hub) if platform.hub else ())]
    found += mlflow_notes(zone)
    found += _unpriced(zone)
    found += _elsewhere(zone)
    found += _closed(zone)
    found += [
        ({stack}, f"{stack}: disposable: true, so destroying the stack deletes its data.")
        for stack, team in sorted(zone.teams.items())
        if team.account.disposable
    ]
    return found


def _few(names: Sequence[str]) -> str:
    """Name the first of many."""
    shown = names[:FEW]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def _elsewhere(zone: ZonePlan) -> list[tuple[set[str], str]]:
    """What is not in the further regions of a team."""
    found = []
    for stack, team in sorted(zone.teams.items()):
        if team.regions:
            said = f"{stack}: in {', '.join(team.regions)} it trains and serves; Studio, feature groups, what others "
            said += (
                f"share and MLflow stay in {team.account.region}, and Studio there has no way to SageMaker's API of "
            )
            said += "another region (docs/regions.md)."
            found.append(({stack}, said))
        found += [
            ({stack}, f"{stack}: AWS has no {', '.join(gone)} in {region}: such jobs run at home.")
            for region in team.regions
            if (gone := absent(region, team.instance_types))
        ]
    return found


def _closed(zone: ZonePlan) -> Iterator[tuple[set[str], str]]:
    """What AWS gives only to those who had it before."""
    closed = next(each["closed"] for each in facts("closed_services")["services"] if each["service"] == "Model Monitor")
    for stack, team in sorted(zone.teams.items()):
        models = [model for model, monitor in team.scheduled.monitors.items() if monitor.model_monitor]
        if models:
            said = f"{stack}: SageMaker Model Monitor watches {_few(models)}: AWS takes no new customers for it since "
            said += f"{closed}, so it works only in an organisation that used it before (docs/monitors.md)."
            yield {stack}, said


def _unpriced(zone: ZonePlan) -> list[tuple[set[str], str]]:
    """What runs and has no known price: the sums are too low by it."""
    found = []
    for stack, costs in sorted(standing(zone).items()):
        for cost in costs:
            elsewhere = unit_price(cost.what, REFERENCE_REGION)
            if cost.usd_per_month is None:
                known = f", {cost.count * elsewhere:,.0f} USD a month in {REFERENCE_REGION}" if elsewhere else ""
                said = (
                    f"{stack}: no price known for {cost.count} × {cost.what} in {cost.region}{known}: not in the sum."
                )
                found.append(({stack}, said))
    return found


def reached(organization: OrganizationPlan) -> Iterator[str]:
    """Say whom guardrails at the root hold besides us, and what stops there."""
    others = organization.adopted.others if organization.adopted else {}
    at_root = [guardrail for guardrail in organization.guardrails if "root" in guardrail.targets]
    if others and at_root:
        yield (
            f"guardrails: {{targets: root}} holds {len(others)} accounts that have no file here too: {named(others)}. "
            f"What stops there: {', '.join(each.key for each in at_root)} (docs/guardrails.md says what each refuses)."
        )

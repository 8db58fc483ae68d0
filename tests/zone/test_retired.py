"""Accounts that were given up: they stay in the plan, suspended, as long as their ids are recorded."""

import pytest

from zone import names
from zone.guardrails.enforcement import PolicyType
from zone.plan.planner import read
from zone.specs.problems import SpecErrors


def retire(folder, key="dev-vision"):
    folder.change("ids.lock.yaml", f"  {key}: {{", f"  {key}: {{retired: 2026-11-30, ")
    folder.remove(f"{key.replace('-', '/')}.yaml")
    return read(folder.path)


@pytest.mark.shows("A6", "M1")
def test_a_retired_account_is_suspended_and_nothing_else_of_it_is_planned(folder):
    before = read(folder.path)
    zone = retire(folder)
    organization = zone.organization

    assert {"dev-vision": "100000000013"} == organization.retired
    assert {names.SUSPENDED} == set(organization.organizational_units) - set(before.organization.organizational_units)
    assert {"dev-vision"} == set(before.teams) - set(zone.teams)
    assert all(team.network == before.teams[key].network for key, team in zone.teams.items())
    held = {policy.type for policy in organization.policies if names.SUSPENDED in policy.targets}
    assert {PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE_CONTROL} == held
    assert not any("dev-vision" in policy.targets for policy in organization.policies)


@pytest.mark.parametrize("targets", ["units", "accounts", "root"])
def test_a_retired_account_is_suspended_whomever_guardrails_hold(folder, targets):
    folder.change("org/environment.yaml", "guardrails: {targets: root}", f"guardrails: {{targets: {targets}}}")

    assert any(names.SUSPENDED in policy.targets for policy in retire(folder).organization.policies)


def test_without_retired_accounts_there_is_no_such_unit(folder):
    organization = read(folder.path).organization

    assert names.SUSPENDED not in organization.organizational_units
    assert not any(names.SUSPENDED in policy.targets for policy in organization.policies)


def test_an_account_that_aws_has_closed_for_good_keeps_its_addresses_only(folder):
    folder.change("ids.lock.yaml", 'dev-vision: {id: "100000000013", ', "dev-vision: {retired: 2026-11-30, ")
    folder.remove("dev/vision.yaml")
    zone = read(folder.path)

    assert {} == zone.organization.retired
    assert names.SUSPENDED not in zone.organization.organizational_units


def test_a_file_that_vanished_is_told_with_both_ways_out(folder):
    folder.remove("dev/vision.yaml")

    with pytest.raises(SpecErrors) as refused:
        read(folder.path)

    said = str(refused.value)
    assert "account 100000000013 exists, but its file dev/vision.yaml is gone: restore it" in said
    assert "`./mlz retire dev-vision`" in said
    assert "add `retired: <date>` here" in said


def test_an_environment_may_be_the_last_one_to_go(folder):
    for place in ("dev", "prod"):
        for path in (folder.path / place).glob("*.yaml"):
            path.unlink()
    folder.change("ids.lock.yaml", "accounts:", "accounts: # all of them")
    lock = folder.path / "ids.lock.yaml"
    lines = lock.read_text().splitlines()
    gone = [
        line.replace("{", "{retired: 2026-11-30, ") if line.startswith(("  dev-", "  prod-")) else line
        for line in lines
    ]
    lock.write_text("\n".join(gone) + "\n")

    organization = read(folder.path).organization
    assert {"org-logs", "org-security"} == set(organization.accounts)
    assert 8 == len(organization.retired)


@pytest.mark.parametrize("unit", ["Suspended", "Suspended/Dev"])
def test_nobody_works_in_the_unit_of_retired_accounts(folder, unit):
    folder.change("dev/environment.yaml", "organizational_unit: Workloads/Dev", f"organizational_unit: {unit}")

    with pytest.raises(SpecErrors, match="organizational_unit: retired accounts are there, and nobody may work"):
        read(folder.path)

"""Whom guardrails hold: everybody, our units, or our accounts alone."""

import typing
from collections import Counter

import pytest

from tests.zone.deciding import Held, levels
from zone.guardrails.enforcement import PolicyType
from zone.guardrails.packing import kinds
from zone.guardrails.targets import within
from zone.plan.planner import read
from zone.specs.environment import GuardrailTargets, LeftOut

ROOT = "guardrails: {targets: root}"
OURS = ("Security", "Workloads/Dev", "Workloads/Prod")


@pytest.fixture
def organization(folder):
    def plan(settings):
        folder.change("org/environment.yaml", ROOT, settings)
        return read(folder.path).organization

    return plan


def targets_of(organization):
    return {target for policy in organization.policies for target in policy.targets}


@pytest.mark.parametrize(
    ("settings", "held"),
    [
        ("guardrails: {targets: root}", {"root", *OURS[1:]}),
        ("guardrails: {}", set(OURS)),
        ("guardrails: {targets: units}", set(OURS)),
        ("guardrails: {targets: accounts}", set()),
    ],
)
def test_guardrails_hold_our_units_unless_their_root_or_the_accounts_are_chosen(organization, settings, held):
    planned = organization(settings)

    assert held == targets_of(planned) - planned.accounts.keys()


@pytest.mark.parametrize("chosen", list(GuardrailTargets))
def test_whatever_is_chosen_our_accounts_are_refused_the_same(organization, chosen):
    planned = organization(f"guardrails: {{targets: {chosen.value}}}")

    def statements(key, account):
        """What is attached somewhere above the account, by what it refuses."""
        return {
            guardrail.key
            for guardrail in planned.guardrails
            if set(guardrail.targets) & set(levels(key, account.organizational_unit))
        }

    expected = {"deny-root", "protect-foundation", "deny-outsiders", "required-tags", "ec2-defaults", "ai-opt-out"}
    for key, account in planned.accounts.items():
        assert expected <= statements(key, account)
        assert ("private-sagemaker" in statements(key, account)) == within(account.organizational_unit, "Workloads")
        held = Held(planned.policies, key, account.organizational_unit)
        assert any(own for _, own in held.by_level)


@pytest.mark.parametrize("chosen", list(GuardrailTargets))
def test_wherever_policies_are_attached_they_fit_under_aws_limits(organization, chosen):
    planned = organization(f"guardrails: {{targets: {chosen.value}}}")

    for kind in PolicyType:
        per_target = Counter(t for policy in planned.policies if policy.type is kind for t in policy.targets)
        assert kinds()[kind].per_target >= max(per_target.values())


def test_what_somebody_else_enforces_is_left_out(organization):
    planned = organization("guardrails: {elsewhere: {deny-root: AWS-GR_RESTRICT_ROOT_USER}}")

    assert "deny-root" not in {guardrail.key for guardrail in planned.guardrails}
    assert not any("deny-root" in str(policy.sources) for policy in planned.policies)


def test_every_guardrail_that_can_be_left_out_exists(organization):
    planned = organization(ROOT)

    assert set(typing.get_args(LeftOut)) <= {guardrail.key for guardrail in planned.guardrails}


@pytest.mark.parametrize(
    ("path", "unit", "expected"),
    [("Workloads/Dev", "Workloads", True), ("Workloads", "Workloads", True), ("WorkloadsOld", "Workloads", False)],
)
def test_a_unit_holds_itself_and_what_lies_under_it(path, unit, expected):
    assert expected == within(path, unit)

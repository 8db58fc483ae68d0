"""Every stack rule, from both sides and undecided, by data: stacks.yaml."""

import pytest

from policies.evaluate import FAILED, evaluate
from policies.rules import REGISTRY
from tests.policies.labelled import STACKS, resources_of


def _said(key, entries):
    """(fired, undecided) of the rule on the stack of *entries*."""
    settings = {key: next((entry["_settings"] for entry in entries if "_settings" in entry), {})}
    findings = evaluate(resources_of(entries), settings, wanted=lambda rule: rule.key == key)
    assert FAILED not in {finding["rule"] for finding in findings}
    return any(not f["unknown"] for f in findings), any(f["unknown"] for f in findings)


def _cases(side):
    return [
        pytest.param(key, entries, id=f"{key}-{number}")
        for key, case in STACKS.items()
        for number, entries in enumerate(case[side])
    ]


@pytest.mark.shows("K6", "S14")
@pytest.mark.parametrize(("key", "entries"), _cases("breaks"))
def test_a_stack_that_breaks_the_rule_is_refused(key, entries):
    assert (True, False) == _said(key, entries)


@pytest.mark.shows("S14")
@pytest.mark.parametrize(("key", "entries"), _cases("legal"))
def test_a_legal_stack_is_not(key, entries):
    assert (False, False) == _said(key, entries)


@pytest.mark.parametrize(("key", "entries"), _cases("undecided"))
def test_what_is_not_known_is_undecided(key, entries):
    assert (False, True) == _said(key, entries)


def _one_unknown(entries):
    """Each stack that has one value less known."""
    for number, entry in enumerate(entries):
        for name in entry.get("props", {}):
            hidden = entry["props"] | {name: "UNKNOWN"}
            yield [*entries[:number], entry | {"props": hidden}, *entries[number + 1 :]]


@pytest.mark.parametrize(("key", "entries"), _cases("breaks"))
def test_an_unknown_value_is_never_a_pass(key, entries):
    # Without dependencies: then nobody can say what an unknown reference refers to.
    known = [{name: value for name, value in entry.items() if name != "dependsOn"} for entry in entries]
    assert [] == [changed for changed in _one_unknown(known) if _said(key, changed) == (False, False)]


@pytest.mark.parametrize(("key", "entries"), _cases("legal"))
def test_an_unknown_value_is_never_a_violation(key, entries):
    assert [] == [changed for changed in _one_unknown(entries) if _said(key, changed)[0]]


@pytest.mark.shows("S14")
def test_every_stack_rule_has_both_sides():
    assert {rule.key for rule in REGISTRY.values() if rule.stack_check} == set(STACKS)
    assert all(case["breaks"] and case["legal"] for case in STACKS.values())

"""Every rule, from both sides, by data: labelled.py says how cases/<theme>.yaml is read."""

import copy

import pytest

from policies.evaluate import FAILED, evaluate, judge
from policies.rules import CATALOG, REGISTRY, UNKNOWN, Resource
from tests.policies.labelled import FINE, OFFENDING, RULES, changed


def _sides(side, but=""):
    return [
        pytest.param(
            key,
            token,
            change,
            {key, *case.get("also", ()), *change.get("_also", ())},
            id=f"{key}-{token.split(':')[-1]}-{number}",
        )
        for key, cases in RULES.items()
        for token, case in cases
        if but not in case
        for number, change in enumerate(case[side])
    ]


def _fired(resource, key, change):
    settings = {key: change["_settings"]} if "_settings" in change else {}
    findings = evaluate([resource], settings, wanted=lambda rule: rule.stack_check is None)
    return {finding["rule"] for finding in findings}


@pytest.mark.shows("K6", "S14", "T15")
@pytest.mark.parametrize(("key", "token", "change", "expected"), _sides("breaks"))
def test_the_smallest_violation_fires_this_rule_and_no_other(key, token, change, expected):
    assert expected == _fired(changed(token, change), key, change)


@pytest.mark.shows("S14", "T15")
@pytest.mark.parametrize(("key", "token", "change", "_"), _sides("legal"))
def test_the_nearest_legal_resource_fires_nothing(key, token, change, _):
    assert set() == _fired(changed(token, change), key, change)


@pytest.mark.parametrize("token", sorted(set(FINE) - OFFENDING))
def test_the_fine_resource_of_a_type_fires_nothing(token):
    assert set() == _fired(changed(token, {}), "", {})


@pytest.mark.shows("S14")
def test_every_rule_has_both_sides():
    both = {
        key for key, cases in RULES.items() if any(c["breaks"] for _, c in cases) and any(c["legal"] for _, c in cases)
    }

    assert {key for key, rule in REGISTRY.items() if rule.check} == both


def _leaves(value, path=()):
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    if path:
        yield path


def _replaced(props, path, value):
    replaced = copy.deepcopy(props)
    inner = replaced
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return replaced


# `literal` rules judge what is written into the code: what is not known yet was not.
@pytest.mark.shows("T15")
@pytest.mark.parametrize(("key", "token", "change", "_"), _sides("breaks", but="literal"))
def test_an_unknown_value_is_never_a_pass(key, token, change, _):
    """Whatever part of a violation becomes unknown, the rule still speaks: violation, or undecided."""
    resource = changed(token, change)
    settings = {key: change.get("_settings", {})}
    silent = []
    for path in _leaves(resource.props):
        props = _replaced(resource.props, path, UNKNOWN)
        said = [f for f in evaluate([Resource(type=token, name="case", props=props)], settings) if f["rule"] == key]
        if not said:
            silent.append(path)

    assert [] == silent


@pytest.mark.shows("T15")
@pytest.mark.parametrize(("key", "token", "change", "_"), _sides("legal"))
def test_an_unknown_value_is_never_a_violation(key, token, change, _):
    """Whatever part of a legal resource becomes unknown, the rule passes it or says that it cannot decide."""
    props = changed(token, change).props
    settings = REGISTRY[key].settings | change.get("_settings", {})
    wrong = [
        path
        for path in _leaves(props)
        if REGISTRY[key].reads(token)
        for finding in judge(
            REGISTRY[key], Resource(type=token, name="case", props=_replaced(props, path, UNKNOWN)), settings
        )
        if not finding["unknown"]
    ]

    assert [] == wrong


WRONG = (None, True, 7.0, "text", [], {}, ["x"], {"x": "y"}, [[]], "{not json")


@pytest.mark.parametrize("token", sorted(FINE))
def test_wrong_types_break_no_rule(token):
    changes = [change for each in RULES.values() for t, case in each if t == token for change in case["breaks"][:1]]
    broken = []
    for props in (changed(token, change).props for change in ({}, *changes)):
        for path in _leaves(props):
            for wrong in WRONG:
                resource = Resource(type=token, name="case", props=_replaced(props, path, wrong))
                broken += [f["message"] for f in evaluate([resource], {}) if f["rule"] == FAILED]

    assert [] == broken


@pytest.mark.parametrize("key", sorted(REGISTRY))
def test_a_rule_stands_an_empty_resource_and_a_large_one(key):
    rule = REGISTRY[key]
    large = {f"property{index}": "x" * 1000 for index in range(1000)}
    for token in sorted(rule.types or {"aws:s3/bucket:Bucket"}):
        for props in ({}, large):
            findings = evaluate([Resource(type=token, name="case", props=props)], {}, wanted=lambda each: each is rule)
            assert FAILED not in {finding["rule"] for finding in findings}


def test_the_catalogue_holds_no_rule_without_a_function():
    assert set(REGISTRY) == set(CATALOG)

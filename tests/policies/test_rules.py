"""Every rule, from both sides, by data: cases/<theme>.yaml.

Per type: `fine`, a resource no rule complains about (the union over the themes); per rule: changes of it that break
exactly this rule and changes that are just legal. A change is {path: value}: null removes, an object is merged in,
`path=` replaces. `_settings` are the rule's settings, `also` and `_also` the rules that must fire too.
"""

import copy
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from policies.evaluate import FAILED, evaluate, judge
from policies.rules import CATALOG, REGISTRY, UNKNOWN, Resource
from policies.rules.tags import REQUIRED, TAGGABLE

CASES = Path(__file__).parent / "cases"
TAGS = dict.fromkeys(REQUIRED, "dev")


def _themes():
    """Type token → rule key → case, over all themes; a type's fine resource is the union of what the themes say."""
    fine, rules, offending = {}, {}, set()
    for path in sorted(CASES.glob("*.yaml")):
        for token, entry in YAML(typ="safe", pure=True).load(path.read_text()).items():
            own = entry.pop("fine", {})
            if own is None:  # a type that is a violation by itself
                offending.add(token)
            _merge(fine.setdefault(token, {}), own or {}, f"{path.name}: {token}")
            for key, case in entry.items():
                rules.setdefault(key, []).append((token, case))
    return fine, rules, offending


def _merge(into, more, where):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value, where)
        else:
            assert into.get(key, value) == value, f"{where}: two themes differ on {key}"
            into[key] = value


FINE, RULES, OFFENDING = _themes()


def _changed(token, change):
    """The fine resource of *token* with *change*; its settings for the rule at hand beside it."""
    props = copy.deepcopy(FINE[token])
    for path, value in change.items():
        if not path.startswith("_"):
            _put(props, path.split("."), value)
    if token in TAGGABLE and "tagsAll" not in change:
        props["tagsAll"] = TAGS | (props.get("tags") or {})
    return Resource(type=token, name="case", props=props)


def _put(data, steps, value):
    head = int(steps[0]) if isinstance(data, list) else steps[0]
    if len(steps) > 1:
        if isinstance(data, dict):
            data.setdefault(head, {})
        _put(data[head], steps[1:], value)
    elif value is None:
        data.pop(head, None)
    elif isinstance(data, dict) and head.endswith("="):
        data[head[:-1]] = value
    elif isinstance(value, dict) and isinstance(data, dict) and isinstance(data.get(head), dict):
        for key, inner in value.items():
            _put(data[head], [key], inner)
    else:
        data[head] = value


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
    assert expected == _fired(_changed(token, change), key, change)


@pytest.mark.shows("S14", "T15")
@pytest.mark.parametrize(("key", "token", "change", "_"), _sides("legal"))
def test_the_nearest_legal_resource_fires_nothing(key, token, change, _):
    assert set() == _fired(_changed(token, change), key, change)


@pytest.mark.parametrize("token", sorted(set(FINE) - OFFENDING))
def test_the_fine_resource_of_a_type_fires_nothing(token):
    assert set() == _fired(_changed(token, {}), "", {})


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
    changed = copy.deepcopy(props)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


# `literal` rules judge what is written into the code: what is not known yet was not.
@pytest.mark.shows("T15")
@pytest.mark.parametrize(("key", "token", "change", "_"), _sides("breaks", but="literal"))
def test_an_unknown_value_is_never_a_pass(key, token, change, _):
    """Whatever part of a violation becomes unknown, the rule still speaks: violation, or undecided."""
    resource = _changed(token, change)
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
    props = _changed(token, change).props
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
    for props in (_changed(token, change).props for change in ({}, *changes)):
        for path in _leaves(props):
            for wrong in WRONG:
                changed = Resource(type=token, name="case", props=_replaced(props, path, wrong))
                broken += [f["message"] for f in evaluate([changed], {}) if f["rule"] == FAILED]

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

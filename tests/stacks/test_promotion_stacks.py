"""The shared platform's stacks where a model goes from dev to prod: what is opened, by which rules, what stays shut."""

import json
from functools import cache

import pytest

from checks.record import record
from policies.evaluate import evaluate, level_of
from policies.settings import settings_for
from stacks.build import build
from tests.policies.recorded import recorded as as_policies_see_it
from zone.plan.planner import EXAMPLES, read

ZONE = read(EXAMPLES.with_name("shared-platform"))
PROD = "100000000022"


@cache
def recorded(stack):
    return record(lambda: build(ZONE, stack), stack=stack)


def policies(stack):
    """Each policy document of a stack by type and name."""
    return {
        (each.type.rpartition(":")[2], each.name): each.inputs[key]
        for each in recorded(stack).made()
        for key in ("policy", "resourcePolicy", "assumeRolePolicy")
        if isinstance(each.inputs.get(key), str)
    }


@pytest.mark.shows("G15")
def test_four_doors_of_the_owner_name_the_taker_and_no_other_policy_does():
    assert {
        ("BucketPolicy", "fraud-models"),
        ("Key", "fraud-models"),
        ("ModelPackageGroupPolicy", "fraud-card-fraud"),
        ("RepositoryPolicy", "fraud-card-fraud"),
    } == {name for name, text in policies("dev-fraud").items() if PROD in text}


@pytest.mark.shows("G15")
def test_of_the_takers_policies_three_name_the_owner():
    owner = ZONE.teams["dev-fraud"].account.account_id

    assert {("Policy", f"fraud-{each}") for each in ("boundary", "make-models", "read-promoted")} == {
        name for name, text in policies("prod-fraud").items() if owner in text
    }


def test_the_owner_gets_no_right_on_the_taker():
    assert [] == [name for name, text in policies("prod-fraud").items() if "100000000012:root" in text]


def test_only_what_loads_or_checks_models_has_the_right_to_load_promoted_ones():
    attached = recorded("prod-fraud").of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")

    assert {"mlz-endpoint", "mlz-transform", "mlz-processing"} == {
        each.inputs["role"] for each in attached if each.inputs["policyArn"].endswith("/mlz-read-promoted")
    }


@pytest.mark.shows("G11")
def test_a_reviewer_of_dev_stages_a_version_for_dev_and_prod():
    (text,) = [text for (_, name), text in policies("dev-fraud").items() if name == "fraud-approve"]
    (review,) = json.loads(text)["Statement"]

    assert ["dev", "prod"] == review["Condition"]["StringEqualsIfExists"]["sagemaker:ModelLifeCycle:Stage"]


@pytest.mark.parametrize("stack", ["dev-fraud", "prod-fraud"])
def test_both_sides_of_a_promotion_break_no_rule(stack, monkeypatch):
    monkeypatch.setenv("MLZ_ACCOUNTS", str(EXAMPLES.with_name("shared-platform")))
    settings = settings_for(stack)
    found = evaluate(
        as_policies_see_it(ZONE, stack),
        settings,
        wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled",
    )

    assert [] == [each for each in found if each["level"] == "mandatory" or each["unknown"]]

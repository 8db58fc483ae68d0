"""Exceptions: they excuse what they name until their day, say who answers, and do not outlive their use."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from accounts.plan import read
from accounts.spec import PolicyException
from policies.exceptions import NO_EXCEPTIONS, judged
from policies.rules import REGISTRY, UNKNOWN, Resource

ROOT = Path(__file__).parents[2]
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TODAY = date(2026, 11, 21)


def an_exception(**changes):
    fields = {"rule": "lb-internal", "resource": "web-*", "owner": "a@example.com"}
    return PolicyException(**fields | {"reason": "customers reach it", "expires": TODAY} | changes)


def said(exception, *, rule="lb-internal", name="web-lb", type_token=LOAD_BALANCER, props=None):
    resources = [Resource(type=type_token, name=name, props={} if props is None else props)]
    return judged(resources, {}, [exception], TODAY, wanted=lambda each: each.key == rule)


def test_on_its_last_day_it_turns_the_violation_into_advice_that_names_owner_and_reason():
    (finding,) = said(an_exception())

    assert "advisory" == finding["level"]
    assert "excepted until 2026-11-21 by a@example.com: customers reach it" in finding["message"]


def test_the_day_after_the_violation_is_back_and_says_why():
    finding, unused = said(an_exception(expires=date(2026, 11, 20)))

    assert "mandatory" == finding["level"]
    assert "the exception of a@example.com expired on 2026-11-20" in finding["message"]
    assert "exception-unused" == unused["rule"]


@pytest.mark.parametrize("changes", [{"resource": "api-*"}, {"rule": "lb-access-logs"}])
def test_it_excuses_neither_another_resource_nor_another_rule(changes):
    finding, unused = said(an_exception(**changes))

    assert ("lb-internal", "mandatory") == (finding["rule"], finding["level"])
    assert ("exception-unused", "advisory") == (unused["rule"], unused["level"])


def test_what_is_not_known_yet_is_not_excused():
    finding, _ = said(an_exception(), props={"internal": UNKNOWN})

    assert finding["unknown"]
    assert "excepted" not in finding["message"]


def test_a_rule_may_forbid_exceptions():
    exception = an_exception(rule="iam-no-users", resource="*")
    finding, unused = said(exception, rule="iam-no-users", type_token="aws:iam/user:User")

    assert "mandatory" == finding["level"]
    assert "the rule takes no exceptions" in finding["message"]
    assert "exception-unused" == unused["rule"]


def test_only_rules_that_exist_forbid_exceptions():
    assert set() == NO_EXCEPTIONS - set(REGISTRY)


def test_the_account_file_is_where_they_come_from(tmp_path):
    folder = tmp_path / "accounts"
    shutil.copytree(ROOT / "accounts", folder)
    with (folder / "dev" / "fraud.yaml").open("a") as file:
        file.write(
            "policy_exceptions:\n  - rule: lb-internal\n    resource: web-*\n    owner: a@example.com\n"
            "    reason: customers reach it\n    expires: 2026-11-21\n"
        )

    plan = read(folder, folder / "ids.lock.yaml")

    assert (an_exception(),) == plan.teams["dev-fraud"].account.policy_exceptions
    assert () == plan.teams["dev-churn"].account.policy_exceptions

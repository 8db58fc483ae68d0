"""Exceptions: they excuse what they name until their day, say who answers, and do not outlive their use."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from cli.zone import read_zone
from policies import settings
from policies.exceptions import NO_EXCEPTIONS, judged
from policies.rules import REGISTRY, UNKNOWN, Resource
from zone.plan.planner import EXAMPLES, read
from zone.specs.account import PolicyException
from zone.specs.problems import SpecErrors

ROOT = Path(__file__).parents[2]
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TODAY = date(2026, 11, 21)


def an_exception(**changes):
    fields = {"rule": "lb-internal", "resource": "web-*", "owner": "a@example.com"}
    return PolicyException(**fields | {"reason": "customers reach it", "expires": TODAY} | changes)


def said(exception, *, rule="lb-internal", name="web-lb", type_token=LOAD_BALANCER, props=None):
    resources = [Resource(type=type_token, name=name, props={} if props is None else props)]
    return judged(resources, {}, [exception], TODAY, wanted=lambda each: each.key == rule)


@pytest.mark.shows("K7", "S13", "T14")
def test_on_its_last_day_it_turns_the_violation_into_advice_that_names_owner_and_reason():
    (finding,) = said(an_exception())

    assert "advisory" == finding["level"]
    assert "excepted until 2026-11-21 by a@example.com: customers reach it" in finding["message"]


@pytest.mark.shows("S13")
def test_the_day_after_the_violation_is_back_and_says_why():
    finding, unused = said(an_exception(expires=date(2026, 11, 20)))

    assert "mandatory" == finding["level"]
    assert "the exception of a@example.com expired on 2026-11-20" in finding["message"]
    assert "exception-unused" == unused["rule"]


@pytest.mark.shows("T14")
@pytest.mark.parametrize("changes", [{"resource": "api-*"}, {"rule": "lb-access-logs"}])
def test_it_excuses_neither_another_resource_nor_another_rule(changes):
    finding, unused = said(an_exception(**changes))

    assert ("lb-internal", "mandatory") == (finding["rule"], finding["level"])
    assert ("exception-unused", "advisory") == (unused["rule"], unused["level"])


def test_what_is_not_known_yet_is_not_excused():
    (finding,) = said(an_exception(), props={"internal": UNKNOWN})  # nor is its exception called unused

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


def accounts_with(tmp_path, rule, name="dev/fraud.yaml"):
    """A copy of the example accounts where one has an exception from *rule*, and the line that names it."""
    folder = tmp_path / "accounts"
    shutil.copytree(EXAMPLES, folder)
    file = folder / name
    lines = file.read_text().count("\n")
    with file.open("a") as end:
        end.write(
            f"policy_exceptions:\n  - rule: {rule}\n    resource: web-*\n    owner: a@example.com\n"
            "    reason: customers reach it\n    expires: 2026-11-21\n"
        )
    return folder, f"{name}:{lines + 2}: policy_exceptions[0].rule: "


@pytest.mark.parametrize(
    ("name", "rule", "problem"),
    [
        ("dev/fraud.yaml", "lb-intenal", "no such rule, got lb-intenal (did you mean 'lb-internal'?)"),
        ("org/logs.yaml", "lb-internal", "no stack of its own deploys a logs account"),
        ("dev/platform.yaml", "iam-no-users", "iam-no-users takes no exceptions; remove it and"),
    ],
)
def test_one_that_can_never_be_used_is_refused_with_its_line_wherever_accounts_are_read(
    tmp_path, monkeypatch, name, rule, problem
):
    folder, place = accounts_with(tmp_path, rule, name)
    monkeypatch.setenv("MLZ_ACCOUNTS", str(folder))
    monkeypatch.delenv("MLZ_IDS_LOCK", raising=False)
    readers = [lambda: read_zone(folder), settings._zone]
    for reader in readers:
        with pytest.raises(SpecErrors, match="policy_exceptions") as refused:
            reader()

        assert place + problem in str(refused.value)


@pytest.mark.shows("K7")
def test_the_account_file_is_where_they_come_from(tmp_path):
    folder, _ = accounts_with(tmp_path, "lb-internal")

    plan = read(folder, folder / "ids.lock.yaml")

    assert (an_exception(),) == plan.teams["dev-fraud"].account.policy_exceptions
    assert () == plan.teams["dev-churn"].account.policy_exceptions

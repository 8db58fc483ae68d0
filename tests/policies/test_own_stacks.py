"""The example organisation passes its own rules: nothing refused, nothing undecided, and the advice is known."""

import pytest

from policies.evaluate import evaluate, level_of
from policies.settings import settings_for
from tests.policies.recorded import recorded
from zone.plan.planner import read

ZONE = read()

KNOWN_ADVICE = {
    "s3-logging",  # no log archive yet
    *("ecr-lifecycle", "s3-lifecycle"),  # nothing expires yet: old images and old versions are paid for
}


@pytest.mark.shows("C2", "T16")
@pytest.mark.parametrize("stack", ["org", *ZONE.platforms, *ZONE.teams])
def test_our_own_stacks_break_no_rule(stack):
    resources = recorded(ZONE, stack)
    settings = settings_for(stack)
    found = evaluate(resources, settings, wanted=lambda rule: level_of(rule, settings.get(rule.key)) != "disabled")

    assert len(resources) > 30
    assert [] == [finding for finding in found if finding["level"] == "mandatory" or finding["unknown"]]
    assert KNOWN_ADVICE >= {finding["rule"] for finding in found}

"""What a preview leaves out with a word, and not with an error."""

from dataclasses import replace

import pytest

from local import selected
from tests.small_zone import CHURN, ZONE
from zone.names import UNASSIGNED


@pytest.fixture
def new():
    """The small zone before dev-fraud's account is made."""
    team = ZONE.teams["dev-fraud"]
    account = replace(team.account, account_id=UNASSIGNED)
    platform = ZONE.platforms["dev"]
    return replace(
        ZONE,
        teams={**ZONE.teams, "dev-fraud": replace(team, account=account)},
        platforms={"dev": replace(platform, teams={**platform.teams, "fraud": account})},
    )


@pytest.mark.shows("M1")
def test_a_stack_whose_accounts_are_not_made_is_skipped_with_the_way_to_make_them(new):
    found = selected.skipped(None, new, ["org", "dev", "dev-fraud"], reading=False)

    assert {
        (stack, 0, "skipped: not yet made: dev-fraud; `./mlz up org` makes what is missing")
        for stack in ("dev", "dev-fraud")
    } == {(outcome.stack, outcome.code, outcome.note) for outcome in found}


def test_under_the_role_that_only_reads_a_stack_that_was_never_deployed_is_skipped(monkeypatch):
    monkeypatch.setattr(selected, "missing", lambda _, stacks: set(stacks) - {"org", "dev"})
    (found,) = selected.skipped(None, ZONE, ["org", "dev", "dev-fraud"], reading=True)

    assert ("dev-fraud", 0) == (found.stack, found.code)
    assert "`./mlz up dev-fraud` makes it" in found.note


def test_only_what_differs_from_what_was_deployed_is_changed(monkeypatch):
    asked = {}
    monkeypatch.setattr(selected, "unchanged", lambda _, digests: asked.update(digests) or {"dev"})

    assert ["org", "dev-fraud"] == selected.changed(None, ZONE, ["org", "dev", "dev-fraud"])
    assert 3 == len(set(asked.values()))


def test_a_team_needs_the_organisation_its_platform_and_whom_it_shares_with():
    assert ["org", "dev"] == selected.neighbours(ZONE, ["dev-fraud"])
    partner = replace(ZONE.teams["dev-fraud"], account=CHURN, team="churn")
    zone = replace(ZONE, teams={**ZONE.teams, "dev-churn": partner})
    assert ["org", "dev", "dev-churn"] == selected.neighbours(zone, ["dev-fraud"])
    assert ["org"] == selected.neighbours(zone, ["dev"])
    assert [] == selected.neighbours(zone, ["org"])

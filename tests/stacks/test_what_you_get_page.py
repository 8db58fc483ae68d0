"""docs/what-you-get.md: each row is held against the recorded stacks."""

import re
from importlib.util import find_spec
from pathlib import Path

from tests.oracles import recordings
from tests.stacks.test_standing_cost import made, short
from zone.plan.cost import standing, total

PAGE = (Path(__file__).parents[2] / "docs" / "what-you-get.md").read_text()
TEAMS = recordings.ZONE.teams
WHERE = {
    "management": ("org",),
    "each team": tuple(TEAMS),
    "teams with features": tuple(stack for stack, team in TEAMS.items() if team.feature_groups),
    "teams with models": tuple(stack for stack, team in TEAMS.items() if team.models),
    "each platform": tuple(recordings.ZONE.platforms),
}


def rows(title):
    """The cells of the table under *title*."""
    part = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def types(cell):
    return re.findall(r"`(\w+/\w+)`", cell)


def has(stack):
    return {short(each.type) for each in made(stack)}


def test_what_the_page_says_is_made_is_made_in_that_account():
    for where, _, words in rows("What is made"):
        if not words:
            continue
        wanted = "each team, each platform, management" if where == "management, team, platform" else where
        for place in wanted.split(", "):
            for stack in WHERE[place]:
                assert set(types(words)) <= has(stack), (stack, words)


def test_what_the_page_says_is_not_made_is_nowhere_and_is_a_word_of_pulumis():
    absent = [each for _, words, _ in rows("What is not made") for each in types(words)]

    assert len(absent) > 15
    for each in absent:
        module, resource = each.split("/")
        file = re.sub(r"([A-Z])", r"_\1", resource).lower()
        assert find_spec(f"pulumi_aws.{module}.{file}"), each
        assert all(each not in has(stack) for stack in recordings.STACKS), each


def test_the_accounts_of_which_the_page_says_that_they_are_empty_have_no_stack():
    empty = {"org-logs", "org-security"}

    assert empty <= set(recordings.ZONE.organization.accounts)
    assert not empty & set(recordings.STACKS)
    assert [f"`{account}`" for account in sorted(empty)] == rows("What is made")[-1][0].split(", ")


def test_the_page_holds_the_costs_of_the_plan():
    costs = standing(recordings.ZONE)
    sums = {stack: total(costs.get(stack, ())) for stack in recordings.STACKS}
    expected = []
    for stack in ("org", *sorted(recordings.ZONE.platforms), *sorted(recordings.ZONE.teams)):
        what = ", ".join(f"{each.count} × {each.what}" for each in costs.get(stack, ()))
        more = " + MLflow" if any(each.usd_per_month is None for each in costs.get(stack, ())) else ""
        expected.append([f"`{stack}`", what or "nothing that AWS bills", f"{sums[stack]:,.2f}{more}"])
    expected.append(["all", "", f"{sum(sums.values()):,.2f} + MLflow"])

    assert expected == rows("What it costs while nobody works")

"""Giving up a team or an environment: who goes, who stands in the way, and what is written down."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from operations.retire import RetireError, mark, needed_by_others, retirement
from zone.plan import lock
from zone.plan.planner import chosen, read

TODAY = date(2026, 11, 30)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(chosen()[0], tmp_path / "accounts"))


@pytest.mark.shows("M1")
def test_a_team_goes_alone_and_its_id_and_block_stay_taken(folder):
    before = read(folder)
    going = retirement(before, "dev-vision")

    assert [] == needed_by_others(folder, going)
    mark(going, folder, folder / "ids.lock.yaml", TODAY)

    after = read(folder)
    assert {"dev-vision"} == set(before.teams) - set(after.teams)
    entry = lock.read(folder / "ids.lock.yaml").ids.accounts["dev-vision"]
    vision = before.teams["dev-vision"]
    assert (vision.account.account_id, vision.network.cidr, TODAY) == (entry.id, entry.cidr, entry.retired)
    assert {"dev-vision": vision.account.account_id} == after.organization.retired


def test_lines_of_others_that_need_the_team_are_named_and_nothing_else(folder):
    standing = needed_by_others(folder, retirement(read(folder), "dev-churn"))

    assert {"dev/fraud.yaml"} == {problem.file for problem in standing}
    assert all("shared_with" in problem.key for problem in standing)
    assert all("no team of dev, got churn" in problem.text for problem in standing)
    readers = needed_by_others(folder, retirement(read(folder), "dev-fraud"))
    assert [("dev/churn.yaml", "reads[0]")] == [(problem.file, problem.key) for problem in readers]


def test_an_environment_goes_with_its_teams_first_and_its_platform_last(folder):
    going = retirement(read(folder), "dev")

    assert "dev" == going.accounts[-1].stack
    assert {"dev-churn", "dev-fraud", "dev-vision"} == {account.stack for account in going.accounts[:-1]}
    assert [] == needed_by_others(folder, going), "they need each other only"
    mark(going, folder, folder / "ids.lock.yaml", TODAY)
    assert [] == list((folder / "dev").glob("*.yaml"))
    assert {"prod"} == set(read(folder).platforms)


def test_what_a_killed_run_left_is_told_and_mended_by_removing_the_file(folder):
    going = retirement(read(folder), "dev-vision")
    lock.write(folder / "ids.lock.yaml", retired={"dev-vision": TODAY})

    with pytest.raises(Exception, match=r"retired on 2026-11-30, but dev/vision\.yaml is there: remove the file"):
        read(folder)
    mark(going, folder, folder / "ids.lock.yaml", TODAY)
    assert "dev-vision" in read(folder).organization.retired


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dev-visoin", r"did you mean 'dev-vision'\?"),
        ("org", "no team's stack or environment 'org'"),
        ("dev-platform", "no team's stack or environment 'dev-platform'"),
    ],
)
def test_only_teams_and_environments_are_retired(folder, name, said):
    with pytest.raises(RetireError, match=said):
        retirement(read(folder), name)


def test_an_account_that_was_never_made_needs_no_retiring(folder):
    ids = folder / "ids.lock.yaml"
    ids.write_text(ids.read_text().replace('dev-vision: {id: "100000000013", ', "dev-vision: {"))

    with pytest.raises(RetireError, match=r"dev-vision: no account was ever made.*remove dev/vision\.yaml"):
        retirement(read(folder), "dev-vision")


def test_the_last_environment_stays(folder):
    mark(retirement(read(folder), "dev"), folder, folder / "ids.lock.yaml", TODAY)

    with pytest.raises(RetireError, match="prod is the only environment"):
        retirement(read(folder), "prod")

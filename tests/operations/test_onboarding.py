"""A new team's files."""

import shutil
from pathlib import Path

import pytest

from operations.onboarding import NewTeam, OnboardingError, onboard
from zone.plan import planner
from zone.plan.planner import EXAMPLES
from zone.specs.problems import SpecErrors

ROOT = Path(__file__).parents[2]
PRICING = NewTeam(
    name="pricing",
    profile="tabular",
    owner="ada@example.com",
    root_email="aws+{account}@example.com",
    cost_centre=None,
    members=[("ada@example.com", "data_scientist")],
)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(EXAMPLES, tmp_path / "accounts", ignore=shutil.ignore_patterns("*.py")))


def files(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in sorted(folder.rglob("*.yaml"))}


@pytest.mark.shows("A2", "A4", "M1", "S25")
def test_a_new_team_is_planned_in_each_environment_and_moves_nobody(folder):
    before = planner.read(folder)

    blocks = onboard(PRICING, ["dev", "prod"], folder, folder / "ids.lock.yaml")

    after = planner.read(folder)
    assert {"dev-pricing", "prod-pricing"} == set(after.teams) - set(before.teams)
    assert {str(after.teams[key].network.cidr) for key in ("dev-pricing", "prod-pricing")} == set(
        map(str, blocks.values())
    )
    assert all(team.network == after.teams[key].network for key, team in before.teams.items())
    assert "dev-pricing" in (folder / "ids.lock.yaml").read_text()


def test_the_same_command_twice_gives_the_same_files(folder):
    lock = folder / "ids.lock.yaml"
    first = onboard(PRICING, ["dev"], folder, lock)
    written = files(folder)

    assert first == onboard(PRICING, ["dev"], folder, lock)
    assert written == files(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"owner": "ada"}, "dev/pricing.yaml:4: owner: "),
        ({"name": "fraud"}, "dev/fraud.yaml:1: the file exists already"),
        ({"root_email": "aws+dev-fraud@example.com"}, "email"),
        ({"profile": "tabula"}, "did you mean 'tabular'?"),
    ],
)
def test_a_wrong_team_is_refused_and_leaves_nothing_behind(folder, change, said):
    before = files(folder)

    with pytest.raises(SpecErrors) as refused:
        onboard(NewTeam(**{**vars(PRICING), **change}), ["dev"], folder, folder / "ids.lock.yaml")

    assert said in str(refused.value)
    assert before == files(folder)


def test_an_unknown_environment_is_refused_with_the_known_ones(folder):
    with pytest.raises(SpecErrors, match="there are dev, prod"):
        onboard(PRICING, ["stage"], folder, folder / "ids.lock.yaml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "../x"}, "'../x' is no name of a team: use 2 to 21 small letters and digits"),
        ({"name": "/some/where/evil"}, "'/some/where/evil' is no name of a team"),
        ({"name": "a/b"}, "'a/b' is no name of a team"),
        ({"name": "Pricing"}, "'Pricing' is no name of a team"),
        ({"name": "a-name-of-more-than-21"}, "'a-name-of-more-than-21' is no name of a team"),
        (
            {"members": [("a.b@example.com", "data_scientist"), ("a_b@example.com", "reviewer")]},
            "a.b@example.com and a_b@example.com would both be the member 'a-b'",
        ),
        (
            {"members": [("ada@one.com", "data_scientist"), ("ada@two.com", "reviewer")]},
            "ada@one.com and ada@two.com would both be the member 'ada'",
        ),
        (
            {"members": [("ada@one.com", "data_scientist"), ("Ada@one.com", "reviewer")]},
            "Ada@one.com is a member twice",
        ),
        ({"root_email": "aws+{acount}@example.com"}, "nothing is filled in for {acount}; only {account} is"),
    ],
)
def test_what_names_no_team_or_loses_a_member_is_refused_and_nothing_is_written(folder, change, said):
    before = {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}

    with pytest.raises(OnboardingError) as refused:
        onboard(NewTeam(**{**vars(PRICING), **change}), ["dev"], folder, folder / "ids.lock.yaml")

    assert said in str(refused.value)
    assert before == {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}


def test_a_folder_that_takes_no_file_is_said_and_keeps_what_it_had(folder, monkeypatch):
    before = files(folder)

    def full(path, *_, **__):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OnboardingError, match=r"dev/pricing.yaml cannot be written: No space left on device"):
        onboard(PRICING, ["dev"], folder, folder / "ids.lock.yaml")

    assert before == files(folder)

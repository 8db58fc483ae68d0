"""Each wrong change of the examples is refused with file, line, key, value and what is allowed."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from zone.plan.planner import read
from zone.specs.problems import SpecErrors

CASES = YAML(typ="safe").load(Path(__file__).with_name("refusals.yaml"))


def says(folder) -> list[str]:
    with pytest.raises(SpecErrors) as refused:
        read(folder.path)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.shows("P3", "S7")
@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_it_is_refused_and_says_why(folder, case):
    folder.change(case["file"], case["from"], case["to"])

    assert [folder.expected(line) for line in case["says"].splitlines()] == says(folder)


@pytest.mark.shows("P3", "S7")
def test_problems_of_all_files_and_kinds_are_said_at_once(folder):
    folder.change("dev/fraud.yaml", "owner:", "ower:")  # a type
    folder.change("dev/churn.yaml", "fraud/chargebacks", "frad/chargebacks")  # across files
    folder.change("prod/environment.yaml", "kind: environment", "kind: environment\n\tx: 1")  # no YAML
    folder.change("ids.lock.yaml", "o-exampleorg1", "x")  # the lock file
    folder.write("dev/Upper.yaml", "kind: team\n")  # a name
    folder.change("profiles/gpu-batch.yaml", "prefix: 20", "prefix: 9")  # a profile, of two teams

    assert [
        "dev/Upper.yaml",
        "dev/churn.yaml",
        "dev/fraud.yaml",
        "dev/fraud.yaml",
        "ids.lock.yaml",
        "prod/environment.yaml",
        "profiles/gpu-batch.yaml",
    ] == [line.split(":")[0] for line in says(folder)]


def test_a_region_that_somebody_enables_is_taken(folder):
    folder.change(
        "org/environment.yaml", "home_region: eu-west-1", "opt_in_regions: [eu-south-1]\nhome_region: eu-south-1"
    )
    folder.change("org/environment.yaml", "eu-central-1]", "eu-central-1, eu-south-1]")
    folder.change("ids.lock.yaml", "home_region: eu-west-1", "home_region: eu-south-1")

    assert "eu-south-1" == read(folder.path).organization.home_region


def test_a_team_with_problems_of_its_own_is_still_known_to_others(folder):
    folder.change("dev/fraud.yaml", "budget_usd_per_month: 3000", "budget_usd_per_month: 0")

    assert ["dev/fraud.yaml: budget_usd_per_month"] == [re.sub(r":\d+|: too .*", "", line) for line in says(folder)]


def test_a_platform_with_problems_of_its_own_is_not_called_missing(folder):
    folder.change("dev/platform.yaml", "budget_usd_per_month: 800", "budget_usd_per_month: 0")

    assert ["dev/platform.yaml: budget_usd_per_month"] == [re.sub(r":\d+|: too .*", "", line) for line in says(folder)]


def test_a_second_platform_is_refused(folder):
    text = (folder.path / "dev/platform.yaml").read_text().replace("+dev-platform", "+dev-second")
    folder.write("dev/second.yaml", text)

    expected = "dev/second.yaml:<kind:>: kind: a second platform account besides dev/platform.yaml; allowed: one"
    assert [folder.expected(expected)] == says(folder)


def test_an_environment_without_platform_is_refused(folder):
    folder.remove("dev/platform.yaml")
    folder.change("ids.lock.yaml", '  dev-platform: {id: "100000000010"}\n', "")

    assert ["dev/environment.yaml:1: dev/ has no platform account: add dev/platform.yaml, kind: platform"] == says(
        folder
    )


@pytest.mark.parametrize("made", [(), ("dev-aa",), ("dev-bb",)])
def test_of_two_branches_that_took_one_block_the_account_that_is_not_made_gives_way(folder, made):
    for key in ("dev-aa", "dev-bb"):
        text = (folder.path / "dev/churn.yaml").read_text().replace("aws+dev-churn", f"aws+{key}")
        text = text.replace("reads: [fraud/chargebacks]", "reads: []")
        folder.write(f"dev/{key[-2:]}.yaml", text)
        entry = 'id: "1000000000%s", ' % ("31" if key == "dev-aa" else "32") if key in made else ""
        folder.change("ids.lock.yaml", "  dev-churn: {", f"  {key}: {{{entry}cidr: 10.64.32.0/24}}\n  dev-churn: {{")

    other, gives_way = ("dev-bb", "dev-aa") if made == ("dev-bb",) else ("dev-aa", "dev-bb")
    expected = (
        f"ids.lock.yaml:<  {gives_way}: >: accounts.{gives_way}.cidr: overlaps 10.64.32.0/24 of {other}, got "
        "10.64.32.0/24; allowed: delete its cidr here and run ./mlz plan, which gives "
        f"{gives_way} another: its account is not made yet"
    )
    assert [folder.expected(expected)] == says(folder)


@pytest.mark.shows("T12")
def test_an_account_whose_file_vanished_is_not_closed_in_silence(folder):
    folder.remove("dev/vision.yaml")

    expected = (
        "ids.lock.yaml:<dev-vision>: accounts.dev-vision: account 100000000013 exists, "
        "but its file dev/vision.yaml is gone: restore it; to give the account up, then `./mlz retire dev-vision`. "
        "If nothing of ours is left in it, add `retired: <date>` here"
    )
    assert [folder.expected(expected)] == says(folder)


@pytest.mark.shows("S11", "T12")
def test_a_retired_account_needs_no_file_and_keeps_its_block(folder):
    folder.remove("dev/vision.yaml")
    folder.change("ids.lock.yaml", "cidr: 10.64.0.0/20", "cidr: 10.64.0.0/20, retired: 2026-11-21")
    text = (folder.path / "prod/vision.yaml").read_text().replace("+prod-vision", "+dev-images")
    folder.write("dev/images.yaml", text)

    zone = read(folder.path)

    assert "dev-vision" not in zone.organization.accounts
    assert "10.64.32.0/20" == str(zone.teams["dev-images"].network.cidr)


def test_a_full_pool_names_every_account_without_a_block(folder):
    folder.remove("ids.lock.yaml")
    folder.change("dev/environment.yaml", "10.64.0.0/14", "10.64.0.0/23")
    expected = (
        "{}: network.prefix: a {} addresses) is asked for, but pool 10.64.0.0/23 has no such block left "
        "(free: 1 × /24); ask for a smaller one or widen the environment's address_pool (for {})"
    )

    assert [
        folder.expected(expected.format("profiles/gpu-batch.yaml:<network:>", "/20 (4096", "dev/vision.yaml")),
        folder.expected(expected.format("profiles/tabular.yaml:<network:>", "/22 (1024", "dev/fraud.yaml")),
    ] == says(folder)


def test_names_that_break_a_limit_of_aws_say_limit_and_source(folder):
    for path in (folder.path / "dev").glob("*.yaml"):
        folder.write(f"developmentandtesting/{path.name}", path.read_text().replace("+dev-", "+devtest-"))
    folder.change("developmentandtesting/environment.yaml", "10.64.0.0/14", "10.72.0.0/14")
    text = (folder.path / "dev/vision.yaml").read_text().replace("+dev-", "+sea-")
    folder.write("developmentandtesting/recognition-of-sea.yaml", text)
    folder.write("developmentandtesting/recognition-at-sea.yaml", text.replace("+sea-", "+sea2-"))
    expected = (
        "developmentandtesting/{0}.yaml:1: the bucket name mlz-developmentandtesting-{0}-{1}-000000000000 "
        "has 64 characters; allowed: 3 to 63 (Amazon S3 User Guide, bucket naming rules, 2026-04-13): "
        "shorten the name of the folder or the file"
    )

    assert [
        expected.format(team, purpose)
        for team in ("recognition-at-sea", "recognition-of-sea")
        for purpose in ("models", "studio")
    ] == says(folder)

"""`./mlz access promotions`: what it says, for people and programs, and with which exit code."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.access import app
from zone import names
from zone.plan.planner import EXAMPLES, read

PAGE = Path(__file__).parents[2] / "docs" / "promotion.md"


@pytest.fixture(scope="module")
def promoting(tmp_path_factory):
    """The example with the lines of docs/promotion.md in place of its own."""
    folder = tmp_path_factory.mktemp("accounts") / "accounts"
    shutil.copytree(EXAMPLES, folder)
    block = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    for file, line in re.findall(r"# accounts/(\S+)\n(models: .*?)(?:\s+#.*)?\n", block):
        path = folder / file
        path.write_text(re.sub(r"^models: .*$", line, path.read_text(), flags=re.MULTILINE))
    return folder


def run(*words):
    return CliRunner().invoke(app, ["promotions", *map(str, words)])


def test_the_lines_on_the_page_declare_one_promotion(promoting):
    teams = read(promoting).teams

    assert {"prod-fraud": "dev-fraud"} == {
        key: each.owner for key, team in teams.items() for each in team.promotions_in
    }


def test_the_page_names_the_metadata_that_a_version_must_bring():
    text = PAGE.read_text()

    assert all(f'"{key}": ' in text for key in (*names.PROVENANCE, names.MLFLOW_VERSION))


@pytest.mark.shows("S19")
def test_it_says_who_takes_each_step_which_statement_decides_and_that_nobody_else_does(promoting):
    result = run("--accounts", promoting)

    assert 0 == result.exit_code, result.output
    assert "card-fraud: dev-fraud → prod-fraud" in result.output
    assert "make a model of a version: ml-engineer, pipeline (resourcePolicy, fraud-card-fraud, PromotedVersions)" in (
        result.output
    )
    assert "nobody else: asked prod-fraud, administrators too" in result.output
    assert "NO" not in result.output


def test_programs_get_each_step_with_its_deciding_statement(promoting):
    result = run("prod-fraud", "--accounts", promoting, "--format", "json")
    (found,) = json.loads(result.output)

    assert (0, True, ["prod-fraud"]) == (result.exit_code, found["holds"], found["askedOf"])
    assert {("kms:Decrypt", "endpoint", "Allowed", "fraud-models", "Shared1")} <= {
        (step["action"], role["role"], role["verdict"], role["policy"], role["statement"])
        for step in found["steps"]
        for role in step["roles"]
    }


@pytest.mark.shows("S19")
def test_a_step_that_a_guardrail_refuses_ends_with_one(promoting, monkeypatch):
    # As if an SCP took Decrypt from prod's accounts: the same plan, one statement more.
    plan = read(promoting)
    policy = next(each for each in plan.organization.policies if each.key.startswith("scp-") and "root" in each.targets)
    policy.document["Statement"].append({"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"})
    monkeypatch.setattr("cli.access.read_zone", lambda _: plan)

    result = run("prod-fraud")

    assert 1 == result.exit_code, result.output
    assert re.search(r"NO +decrypt its artifact: endpoint \(ExplicitlyDenied, serviceControlPolicies", result.output)


def test_an_organisation_without_promotions_is_told_how_to_declare_one():
    result = run("--accounts", EXAMPLES)

    assert 0 == result.exit_code
    assert "no promotion is declared: `promote_to` of a team's model" in result.output


def test_an_unknown_stack_is_bad_input(promoting):
    result = run("prod-frod", "--accounts", promoting)

    assert (2, True) == (result.exit_code, "no team stack 'prod-frod'" in result.output)

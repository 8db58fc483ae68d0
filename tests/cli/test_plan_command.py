"""`./mlz plan`, as a user and a program see it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zone.plan.planner import EXAMPLES

ROOT = Path(__file__).parents[2]


def mlz(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.shows("R1")
def test_the_plan_as_json_names_every_stack_and_what_it_needs():
    done = mlz("plan", "--locked", "--format", "json")

    stacks = {stack["stack"]: stack for stack in json.loads(done.stdout)["stacks"]}
    assert 0 == done.returncode
    assert {"org", "dev", "prod", "dev-fraud", "dev-churn", "dev-vision"} < set(stacks)
    assert [] == stacks["org"]["dependsOn"]
    assert ["org"] == stacks["dev-fraud"]["dependsOn"]


def test_a_shared_mlflow_is_said_to_isolate_nobody():
    assert "isolation: none" in " ".join(mlz("plan").stdout.split())


def test_the_table_fits_a_terminal_of_80_columns():
    assert 80 >= max(len(line) for line in mlz("plan").stdout.splitlines())


def test_an_unknown_stack_is_answered_with_the_likely_one():
    done = mlz("plan", "dev-frod")

    assert 2 == done.returncode
    assert "did you mean 'dev-fraud'?" in done.stderr.replace("\n", " ")


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(EXAMPLES, tmp_path / "accounts", ignore=shutil.ignore_patterns("*.py")))


def test_a_wrong_file_is_one_message_without_a_traceback(folder):
    (folder / "dev" / "fraud.yaml").write_text("kind: team\nowner: [")

    done = mlz("plan", "--accounts", str(folder))

    assert 2 == done.returncode
    assert "dev/fraud.yaml:" in done.stderr
    assert "Traceback" not in done.stderr


def test_locked_refuses_an_address_that_nobody_recorded(folder):
    lock = folder / "ids.lock.yaml"
    lock.write_text(lock.read_text().replace(", cidr: 10.64.16.0/24", ""))

    refused = mlz("plan", "--locked", "--accounts", str(folder))
    recorded = mlz("plan", "--accounts", str(folder))

    assert 2 == refused.returncode
    assert "dev-churn" in refused.stderr
    assert 0 == recorded.returncode
    assert 0 == mlz("plan", "--locked", "--accounts", str(folder)).returncode


@pytest.mark.shows("Q1")
def test_the_picture_in_the_readme_is_the_plans():
    assert (ROOT / "docs" / "organization.svg").read_text() == mlz("plan", "--format", "svg").stdout


def test_a_plan_for_people_speaks_no_code_and_only_of_what_was_asked():
    shown = mlz("plan", "dev-fraud").stdout

    assert "confidential; deleted when the stack is destroyed" in shown
    assert "note dev-fraud: disposable: true" in shown
    assert "dev-churn: disposable" not in shown
    assert not re.findall(r"\b[a-z]+[A-Z]\w*|True|False|None", shown)
    assert 80 >= max(len(line) for line in shown.splitlines())


def test_an_account_that_does_not_exist_has_no_id(folder):
    lock = folder / "ids.lock.yaml"
    lock.write_text(lock.read_text().replace('dev-churn: {id: "100000000011", ', "dev-churn: {"))
    data = json.loads(mlz("plan", "dev-churn", "--format", "json", MLZ_ACCOUNTS=str(folder)).stdout)

    assert data["stacks"][0]["accountId"] is None
    assert "not made yet" in mlz("plan", "dev-churn", MLZ_ACCOUNTS=str(folder)).stdout
    assert any(note.startswith("no account id yet for dev-churn:") for note in data["notes"])


@pytest.mark.shows("T17")
def test_a_plan_says_what_stands_costs_and_what_the_sum_leaves_out():
    shown = " ".join(mlz("plan", "dev-fraud").stdout.split())
    with_unknown = " ".join(mlz("plan", "prod").stdout.split())

    assert "standing 24 × interface endpoint 192.72 USD a month" in shown
    assert "USD a month while nobody works: 198.72; instances, storage" in shown
    assert "standing 3 × MLflow server Small price not known" in with_unknown
    assert "USD a month while nobody works: 1.00 + ?;" in with_unknown
    assert "note prod: no price known for 3 × MLflow server Small in eu-west-1" in with_unknown


def test_a_plan_says_what_answers_is_watched_and_is_scored():
    done = mlz("plan", "dev-fraud", "--accounts", EXAMPLES.with_name("every-key"), COLUMNS="200")
    rows = [line.split(maxsplit=1) for line in done.stdout.splitlines() if line.startswith("  ")]
    found = [f"{key}: {' '.join(text.split())}" for key, text in rows if key in {"serves", "monitor", "batch"}]

    assert [
        (
            "serves: card-fraud: card-fraud version 3, 1 to 2 × ml.m5.large, answers at once, 100 % of calls kept, "
            "over HTTP too"
        ),
        "serves: later: card-fraud version 3, 0 to 2 × ml.m5.large, answers later",
        (
            "monitor: card-fraud: model, bias, data by Model Monitor of card-fraud, cron(0 4 ? * * *), "
            "tells fraud-lead@example.com"
        ),
        (
            "batch: nightly: card-fraud version 2, datasets/chargebacks/new/ → datasets/chargebacks/scores/, "
            "cron(0 4 ? * * *)"
        ),
        (
            "batch: by-spark: card-fraud version 2, datasets/chargebacks/all/ → datasets/chargebacks/scores/, "
            "rate(7 days), Spark up to 32 vCPU"
        ),
        (
            "batch: arriving: card-fraud version 2, datasets/chargebacks/arrived/ → datasets/chargebacks/scores/, "
            "for each file that arrives"
        ),
    ] == found

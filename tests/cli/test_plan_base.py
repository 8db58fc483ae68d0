"""`./mlz plan --base`: what a branch needs, told from git."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checks.base import since
from zone.plan.planner import EXAMPLES, read

ROOT = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path):
    """A user's repository: the examples committed on main, and a branch on top of it."""
    shutil.copytree(EXAMPLES, tmp_path / "accounts")
    (tmp_path / "zone").mkdir()
    (tmp_path / "zone" / "code.py").write_text("one = 1\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "change")
    return tmp_path


def git(folder, *arguments):
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "change")


def change(folder, file, old, new):
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def plan(folder, *arguments):
    command = [sys.executable, "-m", "cli", "plan", "--accounts", str(folder / "accounts"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.shows("S8")
def test_what_a_branch_needs_is_said_in_order_with_the_command_that_does_it(repository):
    change(repository, "accounts/dev/churn.yaml", "endpoint: [ml.m5.large]", "endpoint: [ml.c5.large]")
    done = plan(repository, "--base", "main")

    assert 0 == done.returncode, done.stderr
    assert ["org", "dev-churn", "./mlz"] == [line.split()[0] for line in done.stdout.splitlines()[1:] if line[0] != " "]
    assert "dev-churn  instance types ~ endpoint" in done.stdout
    assert done.stdout.endswith("./mlz up org dev-churn\n")


def test_main_that_went_on_is_no_change_of_the_branch(repository):
    git(repository, "checkout", "-q", "main")
    change(repository, "accounts/dev/fraud.yaml", "budget_usd_per_month: 3000", "budget_usd_per_month: 1")
    commit(repository)
    git(repository, "checkout", "-q", "change")

    assert plan(repository, "--base", "main").stdout.startswith("no stack differs from main (")


def test_json_says_what_differs_and_describes_only_that(repository):
    change(repository, "accounts/dev/environment.yaml", "size: Small", "size: Medium")
    (repository / "accounts" / "prod" / "fraud.yaml").unlink()
    change(
        repository, "accounts/ids.lock.yaml", 'prod-fraud: {id: "100000000022", ', "prod-fraud: {retired: 2026-11-30, "
    )
    change(repository, "accounts/prod/churn.yaml", "reads: [fraud/chargebacks]", "reads: []")
    said = json.loads(plan(repository, "--base", "main", "--format", "json").stdout)

    assert git(repository, "rev-parse", "main").strip() == said["change"]["base"]
    assert ["org", "dev", "prod", "prod-churn"] == [each["stack"] for each in said["stacks"]]
    assert ["prod-fraud"] == [each["stack"] for each in said["change"]["stacks"] if each["gone"]]
    assert [] == said["change"]["everywhere"]


@pytest.mark.parametrize("known_to_git", [True, False])
def test_a_change_of_our_own_code_affects_every_stack(repository, known_to_git):
    (repository / "zone" / ("code.py" if known_to_git else "new.py")).write_text("two = 2\n")
    accounts = repository / "accounts"
    zone = read(accounts)
    found = since("main", zone, accounts, accounts / "ids.lock.yaml", project=repository)

    assert (f"mlz's own code: zone/{'code' if known_to_git else 'new'}.py",) == found.everywhere
    assert 1 + len(zone.platforms) + len(zone.teams) == len(found.stacks)


def test_settings_affect_the_stacks_of_their_environment(repository):
    change(repository, "Pulumi.dev.yaml", "{}", "{a: b}")
    accounts = repository / "accounts"
    found = since("main", read(accounts), accounts, accounts / "ids.lock.yaml", project=repository)

    assert {"dev", "dev-churn", "dev-fraud", "dev-vision"} == {each.stack for each in found.stacks}
    assert {("Pulumi.dev.yaml",)} == {each.why for each in found.stacks}


def test_a_base_that_this_version_cannot_read_affects_every_stack_and_says_why(repository):
    git(repository, "checkout", "-q", "main")
    change(repository, "accounts/dev/churn.yaml", "kind: team", "kind: squad")
    commit(repository)
    git(repository, "checkout", "-q", "-B", "change")
    change(repository, "accounts/dev/churn.yaml", "kind: squad", "kind: team")
    said = json.loads(plan(repository, "--base", "main", "--format", "json").stdout)

    assert "dev/churn.yaml:3: kind:" in said["change"]["everywhere"][0]
    assert 9 == len(said["change"]["stacks"])


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("nowhere", "--base nowhere: git knows no such commit; name a branch, a tag or a commit, or fetch it"),
        ("--all", "--base --all: git knows no such commit"),
        ("orphan", "--base orphan: git knows no commit that orphan and HEAD have in common"),
    ],
)
def test_a_base_that_is_none_is_one_message(repository, base, words):
    git(repository, "checkout", "-q", "--orphan", "orphan")
    (repository / "README").write_text("another history")
    commit(repository)
    git(repository, "checkout", "-q", "change")
    done = plan(repository, f"--base={base}")

    assert 2 == done.returncode
    assert done.stderr.startswith(f"mlz: {words}")
    assert 1 == len(done.stderr.splitlines())


def test_without_a_repository_there_is_nothing_to_compare_with(repository):
    shutil.rmtree(repository / ".git")
    done = plan(repository, "--base", "main")

    assert 2 == done.returncode
    assert "lies in no repository of git, so there is nothing to compare with" in done.stderr


@pytest.mark.shows("N2")
def test_github_gets_the_lots_and_the_stages_of_what_differs(repository):
    change(repository, "accounts/dev/churn.yaml", "endpoint: [ml.m5.large]", "endpoint: [ml.c5.large]")
    only = dict(
        line.split("=", 1) for line in plan(repository, "--base", "main", "--format", "github").stdout.splitlines()
    )
    every = dict(line.split("=", 1) for line in plan(repository, "--format", "github").stdout.splitlines())

    assert {"lots": '["org dev-churn"]', "stage1": '{"environment": "dev", "lots": ["dev-churn"]}'} == only
    assert ["dev dev-churn dev-fraud dev-vision"] == json.loads(every["stage1"])["lots"]
    assert "prod" == json.loads(every["stage2"])["environment"]

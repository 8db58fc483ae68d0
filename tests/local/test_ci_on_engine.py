"""The commands of CI that reach AWS, run on the real engine: a new team from its pull request to the day after."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from local.cloud import private_cloud
from local.deployment import identities
from tests.cli.runner import checkout, commit, environment, git, github_job, gitlab_job, load
from tests.local.conftest import connect
from zone.plan.lock import write
from zone.plan.planner import EXAMPLES, read

ROLE = "mlz-pull-request"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}],
}
READS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/mlz/mlz-preview"}],
}


TEAM = """\
kind: team
profile: tabular
owner: ada@example.com
cost_centre: CC-1
email: aws+dev-pricing@example.com
data_class: internal
budget_usd_per_month: 100
disposable: true
members: {ada: {email: ada@example.com, persona: data_scientist}}
"""
GITLAB = load(".gitlab/jobs.yml")


def of_gitlab(repository):
    """What GitLab gives a job besides."""
    return {
        "CI_PROJECT_DIR": str(repository),
        "CI_JOB_ID": "1",
        "MLZ_ID_TOKEN": "a token that nobody asks for: the emulated AWS has keys",
        "MLZ_HOME_REGION": "eu-west-1",
    }


@pytest.fixture
def repository(tmp_path):
    """An organisation with one environment, nothing of it deployed."""
    accounts = tmp_path / "small"
    for file in ("org/environment", "org/logs", "org/security", "dev/environment", "dev/platform", "profiles/tabular"):
        path = accounts / f"{file}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((EXAMPLES / f"{file}.yaml").read_text())
    (accounts / "ids.lock.yaml").write_text("accounts: {}\n")
    write(accounts / "ids.lock.yaml", fixed=read(accounts).fixed)
    return checkout(tmp_path / "work", accounts)


@pytest.mark.engine
@pytest.mark.shows("M1", "S25", "H27")
@pytest.mark.usefixtures("engine")
def test_a_new_team_gets_from_its_pull_request_to_aws_by_the_workflows_alone(repository, tmp_path):
    zone = read(repository / "accounts")
    with private_cloud(tmp_path / "aws", identities(zone)) as cloud:
        backend = tmp_path / "backend"
        backend.mkdir()
        env = environment(
            repository,
            **cloud.env("eu-west-1"),
            PULUMI_BACKEND_URL=f"file://{backend}",
            PULUMI_CONFIG_PASSPHRASE="of a test",
            GITHUB_OUTPUT=str(tmp_path / "output"),
            GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
        )
        # main: the organisation, then what its new ids make possible
        assert 0 == github_job(repository, "deploy", "org", env), log(repository)
        lock = (repository / "accounts" / "ids.lock.yaml").read_text()
        assert re.search(r'dev-platform: \{id: "\d{12}"', lock)
        stage = json.loads(outputs(tmp_path)["stage1"])
        assert {"environment": "dev", "lots": ["dev"]} == stage
        assert 0 == github_job(repository, "stack", "up", {**env, "LOT": "dev"}), log(repository)
        assert 0 == gitlab_job(repository, GITLAB, ".up", {**env, **of_gitlab(repository), "LOT": "dev"}), log(
            repository
        )
        assert log(repository).rstrip().endswith("changed since they were deployed: none")
        commit(repository, "ids")
        git(repository, "push", "--quiet", "origin", "main")

        # the pull request: previews under the role that only reads
        git(repository, "checkout", "--quiet", "-b", "change")
        (repository / "accounts" / "dev" / "pricing.yaml").write_text(TEAM)
        read_only = {**env, **preview_role(cloud)}
        planned(repository, read_only)
        assert ["org dev dev-pricing"] == json.loads(outputs(tmp_path)["lots"])
        code = github_job(repository, "pull-request", "preview", {**read_only, "LOT": "org dev dev-pricing"})
        summary = (tmp_path / "summary").read_text()
        assert 0 == code, log(repository)
        assert "1 changed, 2 skipped" in summary
        assert re.search(r"\n\+ Account \S*dev-pricing", summary)
        assert "not yet made: dev-pricing; `./mlz up org` makes what is missing" in summary

        on_gitlab = {**read_only, **of_gitlab(repository), "LOT": "dev dev-pricing"}
        assert 0 == gitlab_job(repository, GITLAB, ".preview", on_gitlab), log(repository)
        assert "2 stacks touched: 2 skipped" in log(repository)

        # merged: only what differs is run
        assert 0 == github_job(repository, "deploy", "org", env), log(repository)
        assert re.search(r'dev-pricing: \{.*id: "\d{12}"', (repository / "accounts" / "ids.lock.yaml").read_text())
        (lot,) = json.loads(outputs(tmp_path)["stage1"])["lots"]
        assert "dev dev-pricing" == lot
        assert 0 == github_job(repository, "stack", "up", {**env, "LOT": lot}), log(repository)
        assert "changed since they were deployed: dev, dev-pricing" in log(repository)

        # by hand, one stack of two that a change needs: the other one is named
        team = repository / "accounts" / "dev" / "pricing.yaml"
        team.write_text(f"{TEAM}instance_types: {{endpoint: [ml.c5.large]}}\n")
        done = mlz(repository, env, "up", "dev-pricing")
        assert 0 == done.returncode, done.stdout
        assert "not yet deployed as planned, and needed by these: ./mlz up org\n" in done.stderr


def mlz(repository, env, *arguments):
    command = ["./mlz", *arguments]
    return subprocess.run(command, cwd=repository, env=env, check=False, capture_output=True, text=True)


def planned(repository, env):
    """What the author does before the pull request: `./mlz plan` records the address."""
    assert 0 == mlz(repository, env, "plan").returncode
    commit(repository, "a new team")
    assert 0 == github_job(repository, "pull-request", "plan", {**env, "GITHUB_BASE_REF": "main"}), log(repository)


def preview_role(cloud):
    """Credentials of the role that pull requests sign in to."""
    iam = connect(cloud, "iam")
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=ROLE, PolicyName="previews", PolicyDocument=json.dumps(READS))
    answer = connect(cloud, "sts").assume_role(RoleArn=f"arn:aws:iam::111122223333:role/{ROLE}", RoleSessionName="pr")
    return {
        "AWS_ACCESS_KEY_ID": answer["Credentials"]["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": answer["Credentials"]["SecretAccessKey"],
        "AWS_SESSION_TOKEN": answer["Credentials"]["SessionToken"],
    }


def outputs(folder: Path):
    """A job's last outputs, by name."""
    return dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())


def log(repository):
    return (repository.parent / "log").read_text()

"""A team is retired on the real engine, on an AWS that only the user's environment names, with a backend of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloud import UNSET, private_cloud
from local.deployment import identities
from zone import names
from zone.plan import lock
from zone.plan.planner import read

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
CODE = ("cli", "checks", "components", "local", "operations", "policies", "stacks", "zone")
STACK = "dev-pricing"
TEAM = """
kind: team
profile: tabular
owner: lead@example.com
email: aws+dev-{team}@example.com
members:
  ada-{team}: {{email: ada.{team}@example.com, persona: data_scientist}}
"""
PROGRAM = """
import json
import pulumi
import pulumi_aws as aws

team = pulumi.ResourceOptions(provider=aws.Provider(
    "team-aws", region="eu-west-1", allowed_account_ids=["{account}"],
    assume_roles=[{{"role_arn": "arn:aws:iam::{account}:role/{role}"}}], default_tags={{"tags": {tags}}},
))
kept = team.merge(pulumi.ResourceOptions(protect=True, retain_on_delete=True))
trust = json.dumps({{"Version": "2012-10-17", "Statement": [
    {{"Effect": "Allow", "Principal": {{"Service": "sagemaker.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]}})
role = aws.iam.Role("role", name="mlz-x", path="/mlz/", assume_role_policy=trust, opts=team)
vpc = aws.ec2.Vpc("vpc", cidr_block="{cidr}", opts=team)
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="{cidr}", opts=team)
idle = aws.ec2.SecurityGroup("idle", vpc_id=vpc.id, opts=team)
bucket = aws.s3.Bucket("data", bucket="{bucket}", opts=kept)
domain = aws.sagemaker.Domain("domain", domain_name="{domain}", auth_mode="IAM", vpc_id=vpc.id,
    subnet_ids=[subnet.id], app_network_access_type="VpcOnly", default_user_settings={{"execution_role": role.arn}},
    retention_policy={{"home_efs_file_system": "Retain"}}, opts=kept)
aws.sagemaker.UserProfile("ada", domain_id=domain.id, user_profile_name="ada-pricing", opts=team)
"""


@pytest.fixture
def project(tmp_path):
    """A user's clone with an organisation of two teams, whose settings hold no KMS key."""
    work = tmp_path / "work"
    for part in CODE:
        shutil.copytree(ROOT / part, work / part)
    shutil.copy(ROOT / "__main__.py", work)
    for path in ROOT.glob("Pulumi*.yaml"):
        lines = path.read_text().splitlines(keepends=True)
        (work / path.name).write_text("".join(line for line in lines if not line.startswith(("secrets", "encry"))))
    (work / ".venv").symlink_to(Path(sys.prefix))
    for part in ("org", "dev", "profiles"):
        (work / "accounts" / part).mkdir(parents=True)
    for file in ("org/environment.yaml", "dev/environment.yaml", "dev/platform.yaml", "profiles/tabular.yaml"):
        shutil.copy(examples() / file, work / "accounts" / file)
    for team in ("pricing", "growth"):
        (work / "accounts/dev" / f"{team}.yaml").write_text(TEAM.format(team=team))
    return work


def examples():
    """Find the frozen organisation: where the tests are told, else the examples."""
    return Path(os.environ.get("MLZ_ACCOUNTS") or ROOT / "accounts")


@pytest.fixture
def mlz(project, engine, tmp_path, monkeypatch):
    """Run commands as a user does; the AWS they find is emulated."""
    for name in (*UNSET, "MLZ_ACCOUNTS", "MLZ_IDS_LOCK"):
        monkeypatch.delenv(name, raising=False)
    backend = tmp_path / "backend"
    backend.mkdir()
    with private_cloud(tmp_path / "cloud", identities(read(project / "accounts"))) as cloud:
        settings = {"PULUMI_BACKEND_URL": f"file://{backend}", "PULUMI_CONFIG_PASSPHRASE": "a test's", "COLUMNS": "200"}
        for name, value in {**cloud.env("eu-west-1"), **settings}.items():
            monkeypatch.setenv(name, value)

        def run(*arguments, cwd=project):
            command = [sys.executable, "-m", "cli", *arguments]
            return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

        run.engine = engine
        yield run


def state(mlz, project, stack):
    """Resources of a stack by name; None where it is gone."""
    command = [mlz.engine.path, "stack", "export", "--stack", stack]
    done = subprocess.run(command, cwd=project, env=mlz.engine.env | os.environ, capture_output=True, check=False)
    resources = json.loads(done.stdout)["deployment"].get("resources", []) if done.returncode == 0 else None
    return None if resources is None else {each["urn"].split("::")[-1]: each for each in resources}


def fill(mlz, project, aside):
    """Give the team's account a stack as small as it can be, in the same backend; return its plan."""
    plan = read(project / "accounts").teams[STACK]
    account = plan.account
    aside.mkdir()
    (aside / "Pulumi.yaml").write_text("name: mlz\nruntime: python\n")
    values = {"account": account.account_id, "role": account.role, "tags": account.tags, "cidr": plan.network.cidr}
    bucket = names.bucket(account.key, "data", account.account_id)
    program = PROGRAM.format(**values, bucket=bucket, domain=names.domain(account.key))
    (aside / "__main__.py").write_text(program)
    env = mlz.engine.env | os.environ
    for command in (["stack", "init", STACK], ["up", "--yes", "--skip-preview", "--stack", STACK]):
        done = subprocess.run(
            [mlz.engine.path, "--non-interactive", *command],
            cwd=aside,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout + done.stderr
    return plan


def taken(account, name, role_session="test"):
    """Clients of somebody who took a role in the account."""
    role = f"arn:aws:iam::{account.account_id}:role/{name}"
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName=role_session)["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    return lambda service: boto3.client(service, **keys)


@pytest.mark.shows("A6", "M1")
def test_a_retired_team_is_out_of_the_state_and_suspended_and_the_others_go_on(mlz, project, tmp_path):
    assert 0 == (first := mlz("up", "org")).returncode, first.stdout + first.stderr
    plan = fill(mlz, project, tmp_path / "aside")
    account = plan.account
    inside = taken(account, account.role)
    sagemaker = inside("sagemaker")
    space = {"DomainId": sagemaker.list_domains()["Domains"][0]["DomainId"], "SpaceName": "own"}
    own = {"OwnerUserProfileName": "ada-pricing"}
    sagemaker.create_space(**space, OwnershipSettings=own, SpaceSharingSettings={"SharingType": "Private"})
    sagemaker.create_app(**space, AppType="JupyterLab", AppName="default")
    boundary = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}
    iam = inside("iam")
    made = {"RoleName": "mlz-someone", "Path": "/mlz/"}
    iam.create_role(**made, AssumeRolePolicyDocument=json.dumps({**boundary, "Statement": [trust]}))
    iam.put_role_policy(RoleName="mlz-someone", PolicyName="all", PolicyDocument=json.dumps(boundary))
    someone = taken(account, "mlz/mlz-someone")
    assert someone("s3").list_buckets()["Buckets"]

    shown = mlz("retire", STACK)
    assert (0, True) == (shown.returncode, "Nothing was changed; --yes does it." in shown.stdout), shown.stderr
    assert "own/JupyterLab/default" in shown.stdout
    assert (project / "accounts/dev/pricing.yaml").exists()

    done = mlz("retire", STACK, "--yes")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "stays in AWS: Bucket mlz-dev-pricing-data-" in done.stdout
    assert state(mlz, project, STACK) is None
    assert [] == [app for app in sagemaker.list_apps()["Apps"] if app["Status"] != "Deleted"]
    assert ["own"] == [each["SpaceName"] for each in sagemaker.list_spaces()["Spaces"]], "not disposable: files stay"
    assert not (project / "accounts/dev/pricing.yaml").exists()
    entry = lock.read(project / "accounts/ids.lock.yaml").ids.accounts[STACK]
    assert (account.account_id, plan.network.cidr) == (entry.id, entry.cidr)
    assert entry.retired

    moved = mlz("up", "org")
    assert 0 == moved.returncode, moved.stdout + moved.stderr
    assert f"organization-{STACK}" in state(mlz, project, "org")
    with pytest.raises(ClientError, match="explicit deny in a service control policy"):
        someone("s3").list_buckets()
    assert inside("s3").list_buckets()["Buckets"], "the provisioning role still looks"
    again = mlz("up", "org")
    assert (0, True) == (again.returncode, "same" in again.stdout), again.stdout
    assert not any(word in again.stdout for word in ("create", "update", "delete", "replace")), again.stdout
    gone = mlz("retire", STACK)
    assert (2, True) == (gone.returncode, "no team's stack or environment" in gone.stderr)

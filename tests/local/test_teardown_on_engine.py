"""A Studio in use on the real engine: `destroy` is refused, `./mlz teardown` clears the way, `destroy` ends well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.cloud import Cloud
from local.deployment import identities
from local.rehearsal import run
from local.world import local_world
from zone import names
from zone.plan.planner import read

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
STACK = "dev-churn"
QUICK = ("--skip-preview",)
PROGRAM = """
import json
import pulumi
import pulumi_aws as aws

team = pulumi.ResourceOptions(provider=aws.Provider(
    "team-aws", region="{region}", allowed_account_ids=["{account}"],
    assume_roles=[{{"role_arn": "arn:aws:iam::{account}:role/{role}"}}],
    default_tags={{"tags": {{"mlz:account": "{key}"}}}},
))
trust = json.dumps({{"Version": "2012-10-17", "Statement": [
    {{"Effect": "Allow", "Principal": {{"Service": "sagemaker.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]}})
role = aws.iam.Role("role", assume_role_policy=trust, opts=team)
vpc = aws.ec2.Vpc("vpc", cidr_block="{cidr}", opts=team)
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="{cidr}", opts=team)
domain = aws.sagemaker.Domain("domain", domain_name="{domain}", auth_mode="IAM", vpc_id=vpc.id,
    subnet_ids=[subnet.id], app_network_access_type="VpcOnly", default_user_settings={{"execution_role": role.arn}},
    retention_policy={{"home_efs_file_system": "Delete"}}, opts=team)
aws.sagemaker.UserProfile("emma", domain_id=domain.id, user_profile_name="emma-larsen", opts=team)
"""
RESOURCES = 7
"""Of PROGRAM, with stack and provider."""


@pytest.fixture
def world(engine, tmp_path):
    zone = read()
    plan = zone.teams[STACK]
    account = plan.account
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: tiny\nruntime: python\n")
    program = PROGRAM.format(
        region=account.region,
        account=account.account_id,
        role=account.role,
        key=account.key,
        cidr=plan.network.cidr,
        domain=names.domain(account.key),
    )
    (project / "__main__.py").write_text(program)
    yield local_world(engine, project, tmp_path / "state", region=account.region, identities=identities(zone))
    (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)


def teardown(world, *arguments):
    """Run the command in a process of its own: it takes the rehearsal's environment for its own."""
    command = [sys.executable, "-m", "cli", "teardown", STACK, "--local", "--state", str(world.logs.parent), *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def sagemaker(world, aws):
    cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
    account = read().teams[STACK].account
    given = aws(cloud, "sts").assume_role(
        RoleArn=f"arn:aws:iam::{account.account_id}:role/{account.role}", RoleSessionName="look"
    )["Credentials"]
    return aws(cloud, "sagemaker", given["AccessKeyId"], given["SessionToken"])


@pytest.mark.shows("E12", "T1", "T2")
def test_a_studio_in_use_is_destroyed_after_a_teardown_and_not_before(world, sagemaker):
    up = run(world, "up", [STACK], needs={}, flags=QUICK)[0]
    assert (0, {"create": RESOURCES}) == (up.code, up.changes), up
    domain = {"DomainId": sagemaker.list_domains()["Domains"][0]["DomainId"]}
    space = {**domain, "SpaceName": "own"}
    own = {"OwnerUserProfileName": "emma-larsen"}
    sagemaker.create_space(**space, OwnershipSettings=own, SpaceSharingSettings={"SharingType": "Private"})
    tags = [{"Key": "mlz-rehearsal", "Value": "stuck"}]
    app = sagemaker.create_app(**space, AppType="JupyterLab", AppName="default", Tags=tags)["AppArn"]

    refused = run(world, "destroy", [STACK], needs={}, flags=QUICK)[0]
    assert 1 == refused.code
    assert any("because Space(s) are associated with it." in failure.message for failure in refused.failures)

    shown = teardown(world, "--format", "json")
    kinds = [row["kind"] for row in json.loads(shown.stdout) if row["fate"] == "goes"]
    assert ["app", "space", "profile", "domain", "mount target", "file system", "interface", "group", "group"] == kinds
    assert "InService" == sagemaker.describe_domain(**domain)["Status"], "without --yes nothing changes"

    stuck = teardown(world, "--yes", "--wait", "0")
    assert (1, True) == (stuck.returncode, "app own/JupyterLab/default" in stuck.stderr), stuck.stderr
    sagemaker.delete_tags(ResourceArn=app, TagKeys=["mlz-rehearsal"])
    done = teardown(world, "--yes")
    assert (0, True) == (done.returncode, "./mlz destroy dev-churn removes the rest" in done.stdout), done.stderr

    destroyed = run(world, "destroy", [STACK], needs={}, flags=QUICK)[0]
    assert (0, {"delete": RESOURCES}) == (destroyed.code, destroyed.changes), destroyed

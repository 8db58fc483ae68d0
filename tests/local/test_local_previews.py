"""A pull request's preview with the real engine: it shows all, and an `up` under the same role is refused by AWS."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from local.cloud import Cloud
from local.deployment import reading
from local.rehearsal import run

pytestmark = pytest.mark.engine

CALLER = "arn:aws:iam::111111111111:role/mlz-pull-request"
PROGRAM = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
import pulumi
import pulumi_aws as aws
from components.access.grants.reading import read_account
from components.access.preview import Preview, PreviewArgs
from components.account.provider import provider
from stacks.inputs import PREVIEW_ROLE

role = PREVIEW_ROLE if "MLZ_READ_ONLY" in os.environ else "OrganizationAccountAccessRole"
home = provider("team", account_id="222222222222", role=role, region="eu-west-1", tags={{"owner": "team"}})
there = pulumi.ResourceOptions(provider=home)
reads = read_account(["eu-west-1"], "222222222222")
Preview("team", PreviewArgs(account_id="222222222222", caller_arn={CALLER!r}, statements=reads), there)
aws.ssm.Parameter("one", name="/mlz/v1/one", type="String", value="VALUE", opts=there)
aws.s3.Bucket("bucket", bucket="mlz-dev-team-data-222222222222", opts=there)
aws.ec2.Vpc("vpc", cidr_block="10.9.0.0/16", opts=there)
"""


@pytest.mark.shows("D2")
def test_a_preview_reads_everything_and_an_up_under_its_role_is_refused(rehearse, aws):
    world = rehearse(PROGRAM)
    assert [0] == [outcome.code for outcome in run(world, "up", ["dev"], needs={}, flags=["--skip-preview"])]
    later = pull_request(rehearse(PROGRAM.replace("VALUE", "other")), aws)

    (seen,) = run(later, "preview", ["dev"], needs={}, flags=["--refresh", "--run-program"])
    (refused,) = run(later, "up", ["dev"], needs={}, flags=["--skip-preview"])

    assert 0 == seen.code, seen.failures
    assert 2 == seen.changes["update"], "the parameter, and the provider, which takes another role"
    assert 0 != refused.code
    assert "mlz-preview/mlz-team is not authorized to perform: ssm:PutParameter" in str(refused.failures)


def pull_request(world, aws):
    """The world of a pull request's job: signed in as the role that may take mlz-preview, and nothing else."""
    cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
    everybody = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "sts:AssumeRole"}
    takes = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/mlz/mlz-preview"}
    iam = aws(cloud, "iam")
    iam.create_role(RoleName="mlz-pull-request", AssumeRolePolicyDocument=document(everybody))
    iam.put_role_policy(RoleName="mlz-pull-request", PolicyName="takes", PolicyDocument=document(takes))
    given = aws(cloud, "sts").assume_role(RoleArn=CALLER, RoleSessionName="preview")["Credentials"]
    keys = {"AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SESSION_TOKEN": given["SessionToken"]}
    return reading(replace(world, env={**world.env, **keys}))


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

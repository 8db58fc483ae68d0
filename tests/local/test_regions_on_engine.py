"""A team with a further region on the real engine: made there, unchanged, refused elsewhere, taken out again."""

import json
import re
import shutil
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from local.deployment import identities, with_specs
from local.rehearsal import run
from local.world import local_world
from tests.local.conftest import connect
from zone import names
from zone.plan import lock
from zone.plan.planner import read
from zone.plan.unrecorded import unrecorded

pytestmark = [pytest.mark.engine, pytest.mark.shows("O1", "O2")]

ROOT = Path(__file__).parents[2]
STACK, THERE, FILE = "dev-churn", "eu-central-1", "dev/churn.yaml"
QUICK = ("--skip-preview",)
TYPES = "{notebook: [ml.t3.medium], processing: [], training: [ml.m5.xlarge], tuning: [], transform: [], endpoint: []}"


@pytest.fixture
def files(tmp_path):
    """The shared platform with a team that is small at home: what a further region has does not depend on it."""
    folder = shutil.copytree(ROOT / "examples/shared-platform", tmp_path / "accounts")
    text = (folder / FILE).read_text()
    for pattern, new in (
        (r"feature_groups:.*(?=models:)", f"regions: [{THERE}]\n"),
        (r"  farid.*(?=network:)", ""),
        (r"instance_types:.*(?=datasets:)", f"instance_types: {TYPES}\n"),
        (r"# Refunds.*?\nreads: \S+\n", ""),
    ):
        text, count = re.subn(pattern, new, text, flags=re.DOTALL)
        assert 1 == count
    # Images of Studio must have been pushed, and MLflow on Fargate is the platform's to make first.
    (folder / FILE).write_text(text.partition("\nstudio: {images")[0] + "\n")
    environment = folder / "dev" / "environment.yaml"
    managed, count = re.subn(
        r"mlflow:\n(  .*\n)+", "mlflow: {mode: shared, isolation: none}\n", environment.read_text()
    )
    assert 1 == count
    environment.write_text(managed)
    anew(folder)
    return folder


@pytest.fixture
def world(engine, tmp_path, files):
    zone = read(files, files / "ids.lock.yaml")
    made = local_world(engine, ROOT, tmp_path / "state", region="eu-west-1", identities=identities(zone))
    yield with_specs(made, files, files / "ids.lock.yaml")
    Cloud(**json.loads((tmp_path / "state" / "cloud.json").read_text())).stop()


def anew(folder):
    """Let the lock file say what the files say now."""
    path = folder / "ids.lock.yaml"
    path.write_text(path.read_text().partition("fixed:")[0])
    zone = read(folder, path)
    lock.write(path, blocks=unrecorded(lock.read(path), zone), fixed=zone.fixed)


def up(world, command="up", flags=QUICK, stack=STACK):
    (outcome,) = run(world, command, [stack], needs={}, flags=flags)
    return outcome


def test_a_further_region_is_made_refused_elsewhere_and_taken_out(world, files):
    for stack in ("org", STACK):
        first = up(world, stack=stack)
        assert 0 == first.code, first.failures
    account = read(files, files / "ids.lock.yaml").teams[STACK].account
    cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
    arn = f"arn:aws:iam::{account.account_id}:role/{account.role}"
    given = connect(cloud, "sts").assume_role(RoleArn=arn, RoleSessionName="look")["Credentials"]

    def client(service, region):
        return connect(cloud, service, given["AccessKeyId"], given["SessionToken"], region=region)

    again = up(world, "preview", ())
    assert {"same"} == set(again.changes), again.changes

    published = client("ssm", THERE).get_parameter(Name=names.ssm_path("network/vpc-id"))["Parameter"]["Value"]
    (vpc,) = client("ec2", THERE).describe_vpcs(VpcIds=[published])["Vpcs"]
    assert vpc["CidrBlock"].startswith("10.72.")
    assert ["churn/churn-xgboost"] == [
        r["repositoryName"] for r in client("ecr", THERE).describe_repositories()["repositories"]
    ]
    for region, code in ((THERE, ""), ("eu-north-1", "AccessDenied")):
        refused = ""
        try:
            client("ssm", region).describe_parameters()
        except ClientError as error:
            refused = error.response["Error"]["Code"]
        assert code in refused
        assert bool(code) == bool(refused)

    text = (files / FILE).read_text()
    (files / FILE).write_text(text.replace(f"regions: [{THERE}]", ""))
    anew(files)
    out = up(world)
    assert 0 == out.code, out.failures
    assert {"same", "update", "delete"} == set(out.changes), out.changes
    assert [] == client("ecr", THERE).describe_repositories()["repositories"]
    assert [] == [v for v in client("ec2", THERE).describe_vpcs()["Vpcs"] if not v["IsDefault"]]
    gone = up(world, "destroy")
    assert 0 == gone.code, gone.failures

"""Every type of an HTTP API in the real engine: made, unchanged, set and tagged anew, and gone without a trace."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from local.cloud import Cloud
from local.handlers.accounts import Identities
from local.rehearsal import run
from local.world import local_world

pytestmark = [pytest.mark.engine, pytest.mark.shows("I6")]

ROOT = Path(__file__).parents[2]
REGION, PLATFORM = "eu-west-1", "2" * 12


@pytest.fixture
def world(engine, tmp_path):
    project = tmp_path / "apis"
    shutil.copytree(ROOT / "tests" / "local" / "programs", project)
    (project / "Pulumi.yaml").write_text("name: apis\nruntime: python\n")
    (project / "__main__.py").write_text("import apis\n")
    identities = Identities("1" * 12, "o-abcdefghij", {"platform@example.com": PLATFORM})
    yield local_world(engine, project, tmp_path / "state", region=REGION, identities=identities)
    (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)


def done(world, command, **env):
    there = replace(world, env={**world.env, "MLZ_ROOT": str(ROOT), **env})
    flags = () if command == "preview" else ("--skip-preview",)
    outcome = run(there, command, ["apis"], needs={}, flags=flags)[0]
    assert (0, []) == (outcome.code, [each.message for each in outcome.failures])
    return outcome.changes


def test_every_type_comes_up_stays_takes_another_limit_and_other_tags_and_goes(world, aws):
    made = done(world, "up")["create"]
    cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
    role = f"arn:aws:iam::{PLATFORM}:role/OrganizationAccountAccessRole"
    given = aws(cloud, "sts").assume_role(RoleArn=role, RoleSessionName="look")["Credentials"]
    gateway = aws(cloud, "apigateway", given["AccessKeyId"], given["SessionToken"])

    assert {"same": made} == done(world, "preview")
    assert {"same"} == set(done(world, "refresh"))
    assert {"same", "update"} == set(done(world, "up", RATE="200", OWNER="two"))
    (api,) = gateway.get_rest_apis()["items"]
    stage = gateway.get_stage(restApiId=api["id"], stageName="scores")
    settings = stage["methodSettings"]["*/*"]
    assert (200, 400) == (settings["throttlingRateLimit"], settings["throttlingBurstLimit"])
    assert ("two", "two") == (api["tags"]["owner"], stage["tags"]["owner"])
    assert {"delete": made} == done(world, "destroy")
    assert [] == gateway.get_rest_apis()["items"]
    assert not gateway.get_account().get("cloudwatchRoleArn")
    assert [] == cloud.ask("authority")["refusals"]

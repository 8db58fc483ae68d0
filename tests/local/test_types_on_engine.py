"""Every type of a shared platform in the real engine: made, unchanged, tagged anew, and gone without a trace.

Three programs side by side, for most of the time goes by in the provider: an RDS instance, a load balancer or a Studio
image waits a minute and more, whatever AWS answers.
"""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from local.cloud import Cloud
from local.handlers.accounts import Identities
from local.rehearsal import run
from local.world import local_world

pytestmark = pytest.mark.engine

PROGRAMS = Path(__file__).parent / "programs"
NAMES = ("fargate", "hub", "images")
REGION = "eu-west-1"
PLATFORM, TEAM = "2" * 12, "3" * 12
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.fixture
def worlds(engine, tmp_path):
    """A world for each program, all in one cloud; a stack is called as its program."""
    identities = Identities("1" * 12, "o-abcdefghij", {"platform@example.com": PLATFORM, "team@example.com": TEAM})
    found = {}
    for name in NAMES:
        project = tmp_path / name
        shutil.copytree(PROGRAMS, project)
        (project / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
        (project / "__main__.py").write_text(f"import {name}\n")
        found[name] = local_world(engine, project, tmp_path / "state", region=REGION, identities=identities)
    yield found
    (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)


def everywhere(worlds, command, *flags, **env):
    """Run a command on all programs side by side."""

    def one(name):
        world = replace(worlds[name], env={**worlds[name].env, **env})
        return run(world, command, [name], needs={}, flags=flags)[0]

    with ThreadPoolExecutor() as pool:
        outcomes = pool.map(one, worlds)
        return {each.stack: (each.code, each.changes, each.failures) for each in outcomes}


def push(cloud, aws):
    """Put an image into the platform's registry, as somebody does before Studio is given it."""
    role = f"arn:aws:iam::{PLATFORM}:role/OrganizationAccountAccessRole"
    given = aws(cloud, "sts").assume_role(RoleArn=role, RoleSessionName="push")["Credentials"]
    ecr = aws(cloud, "ecr", given["AccessKeyId"], given["SessionToken"])
    ecr.create_repository(repositoryName="seed")
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": {"digest": "sha256:" + "0" * 64}, "layers": []}
    ecr.put_image(repositoryName="seed", imageTag="1", imageManifest=json.dumps(manifest))


def test_every_type_comes_up_stays_takes_new_tags_and_goes(worlds, aws):
    state = next(iter(worlds.values())).logs.parent
    cloud = Cloud(**json.loads((state / "cloud.json").read_text()))
    push(cloud, aws)

    up = everywhere(worlds, "up", "--skip-preview")
    again = everywhere(worlds, "preview")
    looked = everywhere(worlds, "refresh", "--skip-preview")
    tagged = everywhere(worlds, "up", "--skip-preview", OWNER="two")
    gone = everywhere(worlds, "destroy", "--skip-preview")

    for name in worlds:
        made = up[name][1].get("create", 0)
        assert [] == [each.message for each in up[name][2]], name
        assert 20 < made
        assert (0, {"same": made}, []) == again[name]
        assert (0, {"same"}, []) == (looked[name][0], set(looked[name][1]), looked[name][2])
        assert (0, []) == (tagged[name][0], tagged[name][2])
        assert {"same", "update"} == set(tagged[name][1])
        assert (0, {"delete": made}, []) == gone[name]
    said = cloud.ask("authority")
    assert [] == said["refusals"]
    assert {} == said["unsupported"]

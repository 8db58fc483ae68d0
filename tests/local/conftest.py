"""A cloud for the tests of one file, and clients for it."""

import json
import subprocess

import boto3
import pytest

from local.cloud import private_cloud
from local.handlers.accounts import Identities
from local.world import local_world
from tests.local.people import bucket, key, person, role
from zone.facts import facts

__all__ = ["bucket", "key", "person", "role"]

INSTANCES = {
    f"sagemaker/{record['code']}": 20
    for types in facts("limits")["instances"]["by_use"].values()
    for record in types.values()
}
"""Enough of each type for the jobs of tests; a new account has none of most (test_local_quotas.py)."""

REGION = "eu-west-1"
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
IDENTITIES = Identities(
    "111111111111",
    "o-abcdefghij",
    {"team@example.com": "222222222222"},
    quotas={"111111111111": INSTANCES, "team@example.com": INSTANCES},
    instance=INSTANCE,
    instance_region=REGION,
    users={"ada@example.com": "93670c2d01-5c0ee8a2-3d1f-4a06-9a1b-000000000001"},
)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with private_cloud(tmp_path_factory.mktemp("cloud"), IDENTITIES) as running:
        yield running


@pytest.fixture(scope="session")
def identities():
    return IDENTITIES


@pytest.fixture(scope="module")
def client(cloud):
    """Clients of the management account."""
    return lambda service: connect(cloud, service)


@pytest.fixture(scope="session")
def aws():
    return connect


def connect(cloud, service, key="AKIAMLZLOCALMANAGEMT", token=None, secret="emulated", *, region=REGION):
    return boto3.client(
        service,
        endpoint_url=cloud.endpoint,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


@pytest.fixture
def rehearse(engine, tmp_path):
    """Make a world for a small Pulumi program; its cloud ends with the test."""
    worlds = []

    def start(program: str, **options):
        project = tmp_path / "project"
        project.mkdir(exist_ok=True)
        (project / "Pulumi.yaml").write_text("name: tiny\nruntime: python\n")
        (project / "__main__.py").write_text(program)
        world = local_world(engine, project, tmp_path / "state", region=REGION, identities=IDENTITIES, **options)
        worlds.append(world)
        return world

    yield start
    (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)


@pytest.fixture
def export():
    return exported


def exported(world, stack):
    """The resources of a stack by logical name."""
    done = subprocess.run(
        [world.engine, "stack", "export", "--stack", stack],
        cwd=world.project,
        env=world.env,
        capture_output=True,
        check=True,
    )
    deployment = json.loads(done.stdout)["deployment"]
    return {resource["urn"].split("::")[-1]: resource for resource in deployment["resources"]}

"""The worked example's account, deployed once: each test declares something in it, and takes it out again."""

import shutil
from pathlib import Path

import pytest

from local.deployment import identities, with_specs
from local.world import local_world
from tests.deployed_churn.account import REGION, STACK, cloud_of, up
from zone.plan.planner import read

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "churn"


@pytest.fixture(scope="session")
def deployed(engine, tmp_path_factory):
    """The organisation and the account, up, and the files that say so."""
    folder = tmp_path_factory.mktemp("churn")
    files = shutil.copytree(EXAMPLE, folder / "accounts")
    zone = read(files, files / "ids.lock.yaml")
    made = local_world(engine, ROOT, folder / "state", region=REGION, identities=identities(zone))
    world = with_specs(made, files, files / "ids.lock.yaml")
    for stack in ("org", STACK):
        up(world, stack=stack)
    yield world, files
    cloud_of(world).stop()


@pytest.fixture
def files(deployed):
    """The account's files as they were first; what a test before left deployed, the next `up` takes out."""
    return shutil.copytree(EXAMPLE, deployed[1], dirs_exist_ok=True)


@pytest.fixture
def world(deployed, files):  # noqa: ARG001 - a world is asked about what its files say
    return deployed[0]

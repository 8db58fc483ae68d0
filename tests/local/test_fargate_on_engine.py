"""MLflow on Fargate really deployed on the emulated AWS: made, found unchanged, its teams told, and taken away."""

import shutil

import pytest

from local.deployment import PROJECT, deploy, rehearsal
from zone.plan.describe import dependencies
from zone.plan.lock import read as read_lock
from zone.plan.planner import read

pytestmark = pytest.mark.engine

EXAMPLE = PROJECT / "examples" / "shared-platform"


@pytest.fixture
def accounts(tmp_path):
    """The example with a platform that may be taken away again."""
    folder = tmp_path / "accounts"
    shutil.copytree(EXAMPLE, folder)
    platform = folder / "dev" / "platform.yaml"
    platform.write_text(platform.read_text() + "disposable: true\n")
    return folder


@pytest.mark.shows("B10")
def test_it_is_made_found_unchanged_and_taken_away(engine, accounts, tmp_path):
    world, lock = rehearsal(engine, tmp_path / "state", accounts, accounts / "ids.lock.yaml")
    needs = dependencies(read(accounts, lock))

    def run(command, *stacks, flags=()):
        outcomes = deploy(world, command, stacks, needs=needs, lock=lock, workers=2, flags=flags, report=lambda _: None)
        assert [0] * len(stacks) == [each.code for each in outcomes], [each.failures for each in outcomes]
        return outcomes

    try:
        run("up", "org", "dev")
        service = read_lock(lock).ids.of("dev").mlflow_service
        assert service.startswith("com.amazonaws.vpce.eu-west-1.vpce-svc-")

        (again,) = run("preview", "dev")
        assert {"same"} == set(again.changes), again

        run("destroy", "dev")
        assert not read_lock(lock).ids.of("dev").mlflow_service
    finally:
        (tmp_path / "state" / "cloud.json").unlink(missing_ok=True)

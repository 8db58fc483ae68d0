"""What `up --changed` leaves out: stacks whose last `up` was of this very plan and ended well, asked of the engine."""

import json
import subprocess
import sys

import pytest

from local.deployed import missing, unchanged
from local.world import World

PROGRAM = """\
import os, pulumi
pulumi.export("plan_digest", os.environ["DIGEST"])
if "FAIL" in os.environ:
    raise pulumi.RunError("told to fail")
"""


@pytest.fixture
def place(engine, tmp_path):
    """A project of one output, in a backend of its own; run a command on one of its stacks."""
    project, backend = tmp_path / "project", tmp_path / "backend"
    project.mkdir()
    backend.mkdir()
    (project / "Pulumi.yaml").write_text("name: mlz\nruntime: {name: python, options: {virtualenv: .venv}}\n")
    (project / ".venv").symlink_to(sys.prefix)
    (project / "__main__.py").write_text(PROGRAM)
    env = {**engine.env, "PULUMI_BACKEND_URL": f"file://{backend}", "PULUMI_CONFIG_PASSPHRASE": "a test's"}
    world = World(engine.path, project, env, tmp_path / "logs")

    def run(command, stack="dev", **environ):
        done = subprocess.run(
            [engine.path, "--non-interactive", command, "--yes", "--skip-preview", "--stack", stack],
            cwd=project,
            env={**env, "DIGEST": "one", **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == ("FAIL" in environ), done.stdout + done.stderr

    for stack in ("dev", "prod"):
        made = [engine.path, "--non-interactive", "stack", "init", stack]
        subprocess.run(made, cwd=project, env=env, check=True, capture_output=True)
    return world, run


@pytest.mark.engine
@pytest.mark.shows("M1")
def test_only_what_was_deployed_to_the_end_of_this_very_plan_is_unchanged(place):
    world, run = place
    asked = {"dev": "one", "prod": "one", "nowhere": "one"}
    assert {"nowhere"} == missing(world, asked)
    assert set() == unchanged(world, asked), "made, and never deployed"

    run("up")
    assert {"dev"} == unchanged(world, asked)
    assert set() == unchanged(world, {"dev": "two"})

    run("refresh")
    assert {"dev"} == unchanged(world, asked)

    run("up", FAIL="1", DIGEST="two")
    assert "two" == output(world), "the engine writes outputs of a run that fails: the reason why the history is asked"
    run("refresh")
    assert set() == unchanged(world, {"dev": "two"})

    run("up")
    run("destroy")
    assert set() == unchanged(world, asked)


def output(world):
    asked = [world.engine, "stack", "output", "--json", "--stack", "dev"]
    done = subprocess.run(asked, cwd=world.project, env=world.env, capture_output=True, check=True, text=True)
    return json.loads(done.stdout)["plan_digest"]

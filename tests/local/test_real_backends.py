"""Stacks in the user's own backend, on a disk or in S3: a killed run, a lock, a stack that accounts/ has no more."""

import json
import signal
from types import SimpleNamespace

import pytest

from local.engine import Engine
from local.lock_owners import foreign_lock
from local.recorded import recorded
from local.rehearsal import run
from local.stack import Stack
from local.words import Owner
from local.world import real_world

pytestmark = pytest.mark.engine

QUICK = ("--skip-preview",)
PROGRAM = """
import time
from pathlib import Path

import pulumi
import pulumi_aws as aws

team = pulumi.ResourceOptions(provider=aws.Provider("team-aws", region="eu-west-1",
    allowed_account_ids=["222222222222"],
    assume_roles=[{"role_arn": "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"}]))
def held(value):
    until = time.monotonic() + 120  # nobody is waited for without end
    while Path(__file__).with_name("hold").exists() and time.monotonic() < until:
        time.sleep(0.05)
    return value

value = pulumi.Output.from_input("first")
for name in ("a", "b", "c", "d"):
    value = value.apply(held) if name == "d" else value
    value = aws.ssm.Parameter(name, name=f"/{name}", type="String", value=value, opts=team).arn
"""
"""Each parameter waits for the one before; the last one as long as the file `hold` is beside the program."""
RESOURCES = 6


@pytest.fixture
def engine(patient_engine):
    """Runs are killed here."""
    return patient_engine


@pytest.fixture(params=["file", "s3"])
def world(request, rehearse, aws, tmp_path):
    emulated = rehearse(PROGRAM)
    (emulated.project / "Pulumi.dev.yaml").write_text("config: {}\n")
    if request.param == "s3":
        aws(SimpleNamespace(endpoint=emulated.env["AWS_ENDPOINT_URL"]), "s3").create_bucket(
            Bucket="mlz-state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        backend = "s3://mlz-state?region=eu-west-1&s3ForcePathStyle=true"
    else:
        (tmp_path / "backend").mkdir()
        backend = f"file://{tmp_path / 'backend'}"
    env = {**emulated.env, "PULUMI_BACKEND_URL": backend}
    return real_world(Engine(emulated.engine, env, "a test"), emulated.project, tmp_path / "logs")


@pytest.mark.shows("R2")
def test_a_killed_run_goes_on_with_the_same_command_and_says_who_killed_it(world):
    hold = world.project / "hold"
    # So that the run cannot end before it is killed, nor be killed while it writes: a file that is cut off is no state.
    hold.touch()

    def kill(progress):
        if progress.phase == "up" and progress.done >= 4 and hold.exists():
            stack.process.running.kill()
            hold.unlink()

    stack = Stack(world, "dev", kill)
    killed = stack.run("up", QUICK)
    (again,) = run(world, "up", ["dev"], needs={}, flags=QUICK)

    assert -signal.SIGKILL == killed.code
    assert "killed by signal 9 (out of memory?" in killed.note
    assert 0 == again.code, again
    assert "removed the lock of a run that was killed" in again.note
    (same,) = run(world, "up", ["dev"], needs={}, flags=QUICK)
    assert ({"same": RESOURCES}, "") == (same.changes, same.note)


def test_another_machines_lock_is_named_with_its_owner_and_unlocked_on_demand(world, aws, tmp_path):
    (made,) = run(world, "up", ["dev"], needs={}, flags=QUICK)
    lock = json.dumps({"pid": 7, "username": "ada", "hostname": "ci-runner-9", "timestamp": "2026-11-30T00:10:00.5Z"})
    key = ".pulumi/locks/organization/tiny/dev/9c1f0a5e.json"
    if world.env["PULUMI_BACKEND_URL"].startswith("s3"):
        client = aws(SimpleNamespace(endpoint=world.env["AWS_ENDPOINT_URL"]), "s3")
        client.put_object(Bucket="mlz-state", Key=key, Body=lock.encode())
    else:
        path = tmp_path / "backend" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lock)

    (refused,) = run(world, "up", ["dev"], needs={}, flags=QUICK)
    Stack(world, "dev", lambda _: None).unlock()
    (again,) = run(world, "up", ["dev"], needs={}, flags=QUICK)

    assert 0 == made.code
    assert (1, foreign_lock("dev", Owner("ada", "ci-runner-9", 7, "2026-11-30T00:10:00Z"))) == (
        refused.code,
        refused.note,
    )
    assert "./mlz unlock dev" in refused.note
    assert 0 == again.code


def test_a_stack_whose_program_is_gone_is_destroyed_all_the_same(world):
    run(world, "up", ["dev"], needs={}, flags=QUICK)
    (world.project / "__main__.py").write_text("raise RuntimeError('no such team')\n")

    present = set(recorded(world))
    (shown,) = run(world, "destroy", ["dev"], needs={}, flags=["--preview-only"])
    (gone,) = run(world, "destroy", ["dev"], needs={}, flags=QUICK)

    assert {"dev"} == present
    assert (0, RESOURCES) == (shown.code, len(shown.changed))
    assert (0, {"delete": RESOURCES}) == (gone.code, gone.changes)


def test_a_damaged_state_is_named_with_its_place_and_remedy(rehearse):
    world = rehearse("import pulumi\n")
    run(world, "up", ["dev"], needs={}, flags=QUICK)
    (state,) = world.state.rglob("stacks/tiny/dev.json")
    state.write_text("")

    (refused,) = run(world, "up", ["dev"], needs={}, flags=QUICK)

    assert 1 == refused.code
    assert refused.note.startswith("the state of dev is damaged")
    assert str(world.state) in refused.note
    assert "Bring its last good version back" in refused.note

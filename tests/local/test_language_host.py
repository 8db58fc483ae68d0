"""The host of a rehearsal's program and packs: a fork a run, which ends with the engine however that went."""

import os
import subprocess
import time
from multiprocessing import active_children

import pytest

from local.language_host import language_host
from local.rehearsal import run

BROKEN = """
import pulumi

print("said on the way")
raise KeyError("no such team")
"""


def processes(session):
    """The processes of a host: itself, and a pack."""
    listed = subprocess.run(["ps", "-o", "pid=", "--sid", str(session)], capture_output=True, text=True, check=False)
    return listed.stdout.split()


def soon(said):
    """Whether it becomes so within 20 s."""
    deadline = time.monotonic() + 20
    while not said() and time.monotonic() < deadline:
        time.sleep(0.05)
    return said()


@pytest.mark.parametrize("packs", [0, 2])
def test_it_ends_with_the_engine_and_its_packs_with_it(tmp_path, packs):
    before = set(active_children())
    with language_host(dict(os.environ), packs, tmp_path / "log") as host:
        assert host.env["PULUMI_DEBUG_LANGUAGES"].startswith("python:")
        engine = subprocess.Popen(["sleep", "600"], pass_fds=host.pass_fds)
    (process,) = set(active_children()) - before
    assert 1 + packs == len(processes(process.pid))

    engine.kill()
    engine.wait()

    assert soon(lambda: processes(process.pid) == [])


def test_a_host_that_no_engine_took_ends(tmp_path):
    before = set(active_children())
    with language_host(dict(os.environ), 1, tmp_path / "log"):
        (process,) = set(active_children()) - before

    assert soon(lambda: processes(process.pid) == [])


@pytest.mark.engine
def test_what_a_program_prints_is_in_the_log_and_what_it_raises_is_told_once(rehearse):
    world = rehearse(BROKEN)

    (outcome,) = run(world, "up", ["dev"], needs={}, flags=("--skip-preview",))

    assert 1 == outcome.code
    (failure,) = outcome.failures
    assert "KeyError: 'no such team'" in failure.message
    assert "language_runtime" not in failure.message, "our own frames help nobody"
    assert "said on the way" in (world.logs / "dev.log").read_text()

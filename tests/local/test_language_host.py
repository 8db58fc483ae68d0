"""The host of a rehearsal's program and packs: a fork a run, which ends with the engine however that went."""

import os
import subprocess
import sys
import time
from multiprocessing import active_children

import pytest

from local.language_host.host import LanguageHostError, language_host
from local.language_host.imports import import_all
from local.rehearsal import run

BROKEN = """
import pulumi

print("said on the way")
raise KeyError("no such team")
"""


def lives(process):
    """Whether a host, or a pack of it, is there: they are a group of processes of their own."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


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
        engine = subprocess.Popen(["sh", "-c", "sleep 60 & wait"])  # as an engine leaves providers behind
        host.follow(engine.pid)
    (process,) = set(active_children()) - before
    assert lives(process)

    engine.kill()
    engine.wait()

    assert soon(lambda: not lives(process))


def test_a_host_that_no_engine_took_ends(tmp_path):
    before = set(active_children())
    with language_host(dict(os.environ), 1, tmp_path / "log"):
        (process,) = set(active_children()) - before

    assert soon(lambda: not lives(process))


def test_a_module_that_cannot_be_imported_keeps_nobody_from_forking(tmp_path, monkeypatch):
    (tmp_path / "half_written.py").write_text("def stack(:")
    (tmp_path / "whole.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    import_all(["half_written", "not_there", "whole"])

    assert "whole" in sys.modules


@pytest.mark.engine
def test_what_a_program_prints_is_in_the_log_and_what_it_raises_is_told_once(rehearse):
    world = rehearse(BROKEN)

    (outcome,) = run(world, "up", ["dev"], needs={}, flags=("--skip-preview",))

    assert 1 == outcome.code
    (failure,) = outcome.failures
    assert "KeyError: 'no such team'" in failure.message
    assert "run_in_stack" not in failure.message, "our own frames help nobody"
    assert "said on the way" in (world.logs / "dev.log").read_text()


def test_a_host_that_cannot_start_is_told_of(tmp_path):
    with (
        pytest.raises(LanguageHostError, match=r"did not start: .*nowhere/log says why"),
        language_host(dict(os.environ), 0, tmp_path / "nowhere" / "log"),
    ):
        pass

"""The bars of a run: honest counts, clocks that run only while a stack does, and a word after Ctrl-C."""

import io

import pytest
from rich.console import Console

from cli import bars
from local.events import DONE, Progress
from local.rehearsal import STOPPING


@pytest.fixture
def drawn(monkeypatch):
    """Draw steps on a terminal of 80 columns and return its last lines, stack by stack."""

    def drawn(*steps):
        file = io.StringIO()
        console = Console(file=file, force_terminal=True, width=80, color_system=None, legacy_windows=False)
        monkeypatch.setattr(bars, "Console", lambda **_: console)
        with bars.progress_shown(["org", "dev"]) as report:
            for step in steps:
                report(step)
        lines = file.getvalue().replace("\r", "\n").splitlines()
        return {name: [line for line in lines if name in line][-1] for name in ("org", "dev")}, file.getvalue()

    return drawn


def test_a_stack_that_waits_has_no_clock_and_one_that_ended_is_done(drawn):
    lines, _ = drawn(Progress("org", "up", 7, 20), Progress("org", DONE, 0, 0))

    assert "done" in lines["org"]
    assert "7/20" in lines["org"]
    assert "0:00:0" in lines["org"]
    assert "waits" in lines["dev"]
    assert "-:--:--" in lines["dev"]


def test_what_is_counted_without_a_total_is_not_called_a_part_of_one(drawn):
    lines, _ = drawn(Progress("org", "preview", 7, 0))

    assert " 7 " in lines["org"]
    assert "/" not in lines["org"]


def test_after_ctrl_c_it_says_once_what_it_waits_for(drawn):
    _, text = drawn(*(Progress(name, STOPPING, 0, 0) for name in ("org", "dev")))

    assert 1 == text.count(bars.WAIT)

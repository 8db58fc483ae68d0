"""What the page and the line at a run's end say."""

import subprocess
import sys

import pytest

from tests.promise.claims import Claim
from tests.promise.closing import closing_line
from tests.promise.features import ROOT, Feature, Promise
from tests.promise.page import page

PROMISE = Promise(
    documents={"001": "A document"},
    parts={"A": "Accounts", "B": "Network"},
    features={
        "A1": Feature(does="vending", by="001"),
        "A2": Feature(does="quarantine", by="peers", open="all"),
        "B1": Feature(does="networks", by="001 peers", open="peering", built_as="transit"),
    },
)


def a_test(name, *, engine=False):
    return Claim(engine=engine, file="tests/zone/test_plan.py", test=name)


@pytest.mark.shows("S28")
def test_a_row_says_state_and_tests_and_what_is_open():
    shown = {"A1": [a_test(name) for name in ("one", "two", "three", "four", "five")], "B1": [a_test("six")]}
    rows = {line.split(" ")[1]: line for line in page(PROMISE, shown).splitlines() if line.startswith("| ")}

    assert "| shown | [zone/test_plan.py::one](../tests/zone/test_plan.py)<br>" in rows["A1"]
    assert rows["A1"].endswith("<br>and 2 more |")
    assert "| A2 | quarantine | peers | open | no test |" == rows["A2"]
    assert "networks<br>*built as:* transit | 001 peers | in part; open: peering | [zone/" in rows["B1"]


@pytest.mark.shows("S28")
def test_the_page_counts_by_part_and_in_all():
    lines = page(PROMISE, {}).splitlines()

    assert "| A Accounts | 1 | 0 | 1 | 2 |" in lines
    assert "| B Network | 0 | 1 | 0 | 1 |" in lines
    assert "| **all** | 1 | 1 | 1 | 3 |" in lines


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([("A1", "passed"), ("B1", "passed")], "failed: none; skipped: none; not asked: 0"),
        ([("A1", "passed"), ("A1", "failed"), ("A1", "skipped")], "failed: A1; skipped: none; not asked: 1"),
        ([("B1", "error"), ("A1", "skipped"), ("A1", "passed")], "failed: B1; skipped: A1; not asked: 0"),
        ([("B1", "xfailed")], "failed: none; skipped: B1; not asked: 1"),
    ],
)
def test_the_line_names_each_feature_under_the_worst_that_happened(outcomes, said):
    line = closing_line(PROMISE.features, outcomes)

    assert f"features: 1 shown, 1 in part (docs/coverage.md); of these in this run {said}" == line


TESTS = """
import pytest

@pytest.mark.shows("A1", "B2")
def test_it_fails():
    assert 1 == 2

@pytest.mark.shows("B2", "C1")
def test_it_passes():
    assert 1 == 1

@pytest.fixture
def engine():
    pytest.skip("none here")

@pytest.mark.shows("D1")
def test_it_is_skipped(engine):
    assert 1 == 1

def test_it_shows_nothing():
    assert 1 == 1
"""
CONFTEST = """
from tests.promise import plugin

def pytest_configure(config):
    config.pluginmanager.register(plugin)
"""


@pytest.mark.shows("S28")
@pytest.mark.parametrize("processes", ["0", "2"])
def test_the_line_is_the_last_but_one_wherever_the_tests_ran(tmp_path, processes):
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\nmarkers = shows\naddopts = -ra\n")
    command = [sys.executable, "-m", "pytest", "-n", processes, "-p", "no:cacheprovider", str(tmp_path)]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    before, line, last = done.stdout.splitlines()[-3:]

    assert "failed: A1 B2; skipped: D1; not asked: " in line
    assert line.startswith("features: ")
    assert "1 failed, 2 passed, 1 skipped in " in last
    assert "FAILED test_it.py::test_it_fails" in before or "SKIPPED" in before

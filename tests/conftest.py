"""What several folders of tests share."""

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from local.engine import AT_THE_END, EngineMissingError, find_engine
from local.forks import import_before_forking
from tests.promise import plugin as promise
from zone.plan.planner import EXAMPLES

# A loaded machine must not fail a property: how long an example takes says nothing of it.
settings.register_profile("mlz", deadline=None)
settings.load_profile("mlz")

# What a user writes in accounts/ turns no test red: read without a folder, here and in every process started from here,
# means the examples.
os.environ["MLZ_ACCOUNTS"] = str(EXAMPLES)
os.environ.pop("MLZ_IDS_LOCK", None)

USERS = f"{EXAMPLES.parents[1] / 'accounts'}{os.sep}"


def refuse_users_files(event, arguments):
    """Fail who opens YAML of accounts/, which is the user's: what stands there must turn no test red."""
    path = arguments[0] if event == "open" else None
    if isinstance(path, str) and path.startswith(USERS) and path.endswith(".yaml"):
        raise AssertionError(f"a test reads {path}: take examples/organisation")


sys.addaudithook(refuse_users_files)

import_before_forking(["local.prepared"])  # a hundred tests have an emulated AWS each

TOGETHER = ("tests/deployed_churn/", "tests/journeys/", "tests/workloads/mlflow/")
"""Folders whose files share what is slow to make."""

GOLDEN = Path(__file__).parent / "golden"


# Twelve thousand tests and all they import live to the end: at Python's own rate, looking among them for garbage is a
# third of the time of a test that records a stack.
gc.set_threshold(100_000, 20, 100)


def pytest_configure(config):
    config.pluginmanager.register(promise, "promise")


class ByFile(LoadScopeScheduling):
    """Runs a file's tests in one process, which deploys or records what they share once.

    xdist's own `loadgroup` does nothing under pytest 9.2, for it writes a private attribute that is no more; `loadfile`
    knows no folders.
    """

    def _split_scope(self, nodeid):
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def pytest_collection_finish():
    gc.collect()
    gc.freeze()


def pytest_sessionfinish():
    """Look once for what the last tests left open: pytest looks five times, at all that lives, two seconds each."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items):
    """What waits for the engine begins first, then models in their own packages; what is short fills the end."""
    items.sort(key=_turn)


def _turn(item):
    if item.get_closest_marker("engine"):
        return 0
    return 1 if item.nodeid.startswith("tests/workloads/") else 2


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew; then read the difference")


@pytest.fixture
def golden(request):
    """Compare a text with tests/golden/<name>, or write it there with --update-golden."""

    def same(name, text):
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_text(text)
        assert path.read_text() == text, "a name, parent or provider changed: in AWS that is delete and create"

    return same


@pytest.fixture(scope="session")
def engine(patient_engine):
    """The engine, for what is not killed in the middle."""
    return replace(patient_engine, env={**patient_engine.env, **AT_THE_END})


@pytest.fixture(scope="session")
def patient_engine():
    """The engine as users have it: a run that is killed has written down what it made."""
    try:
        return find_engine({**os.environ, "MLZ_OFFLINE": "1"})  # a test run downloads no engine
    except EngineMissingError as missing:
        pytest.skip(str(missing))

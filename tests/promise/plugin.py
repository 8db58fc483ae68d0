"""Notes the tests that show a feature, and ends a run with a line about them."""

from collections.abc import Generator
from typing import Final

import pytest

from tests.promise.claims import MARKER, ids
from tests.promise.closing import closing_line
from tests.promise.features import ROOT, promise

SHOWING: Final = pytest.StashKey[list[pytest.Function]]()
"""The collected tests that carry the marker, whatever -k and -m leave out afterwards."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note who shows what; a test's report carries it to the process that prints, wherever the test ran."""
    config.stash[SHOWING] = [
        item for item in items if isinstance(item, pytest.Function) and item.get_closest_marker(MARKER)
    ]
    for item in config.stash[SHOWING]:
        item.user_properties.append((MARKER, " ".join(ids(item))))


def whole(config: pytest.Config) -> bool:
    """Say whether this run collected the whole suite."""
    asked = {(config.invocation_params.dir / path).resolve() for path in config.args}
    narrowed = [name for name in ("lf", "ignore", "ignore_glob") if config.getoption(name, None)]
    return not narrowed and bool(asked & {ROOT, ROOT / "tests"})


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """Print the line after all that pytest says, but for its own last line."""
    yield
    outcomes = [
        (feature, outcome)
        for outcome, reports in terminalreporter.stats.items()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == MARKER
        for feature in value.split()
    ]
    if outcomes:
        terminalreporter.write_line(closing_line(promise().features, outcomes))

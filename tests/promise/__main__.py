"""`python -m tests.promise` writes docs/coverage.md; with `-` it prints the page instead."""

import contextlib
import io
import sys

import pytest

from tests.promise.claims import claims, wrong_claims, wrong_rows
from tests.promise.features import ROOT, promise
from tests.promise.page import FILE, page
from tests.promise.plugin import SHOWING


class Collected:
    """Keeps what pytest collected."""

    items: list[pytest.Function]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take the tests that show something, in the suite's order."""
        self.items = session.config.stash[SHOWING]


def main() -> None:
    """Collect the whole suite with pytest itself, then write."""
    collected, said = Collected(), io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", str(ROOT / "tests")], plugins=[collected])
    if code:
        sys.exit(said.getvalue())
    promised, shown = promise(), claims(collected.items)
    if wrong := [*wrong_claims(collected.items, promised.features), *wrong_rows(promised.features, shown)]:
        sys.exit("\n".join(wrong))
    if sys.argv[1:] == ["-"]:
        sys.stdout.write(page(promised, shown))
    else:
        FILE.write_text(page(promised, shown), encoding="utf-8")


if __name__ == "__main__":
    main()

"""docs/coverage.md cannot lie: every claim has a test that can fail, every row without one says so."""

import re
import subprocess
import sys
from itertools import groupby

import pytest

from tests.promise.claims import claims, wrong_claims, wrong_rows
from tests.promise.features import ROOT, promise
from tests.promise.page import FILE, page
from tests.promise.plugin import SHOWING, whole

PROMISED = {
    "A": 8, "B": 10, "C": 3, "D": 9, "E": 12, "F": 15, "G": 17, "H": 27, "I": 15, "J": 11, "K": 9, "L": 10, "M": 4,
    "N": 4, "O": 2, "P": 4, "Q": 3, "R": 4, "S": 28, "T": 20,
}  # fmt: skip
"""How many capabilities each part promises: a row that is hard to show is not left out."""


@pytest.fixture
def showing(request):
    """The tests of this run that show something."""
    return request.config.stash[SHOWING]


@pytest.mark.shows("S28")
def test_every_promise_has_its_row():
    rows = [(key[0], int(key[1:])) for key in promise().features]

    assert PROMISED.keys() == promise().parts.keys()
    assert rows == [(part, number + 1) for part, count in PROMISED.items() for number in range(count)]


def test_a_row_says_who_promises_it():
    known = {*promise().documents, "peers", "ours", "users"}

    assert [] == [key for key, feature in promise().features.items() if not set(feature.by.split()) <= known]
    assert all(feature.does and feature.by for feature in promise().features.values())
    for part, rows in groupby(promise().features.items(), lambda row: row[0][0]):
        assert part not in "ST" or {"S": {"ours"}, "T": {"users"}}[part] == {feature.by for _, feature in rows}


@pytest.mark.shows("S28")
def test_every_claim_names_a_feature_and_can_fail(showing):
    assert [] == wrong_claims(showing, promise().features)


@pytest.mark.shows("S28")
def test_the_page_is_what_the_whole_suite_shows(request, showing):
    if whole(request.config):
        promised, shown = promise(), claims(showing)
        assert [] == wrong_rows(promised.features, shown)
        expected = page(promised, shown)
    else:
        command = [sys.executable, "-m", "tests.promise", "-"]
        expected = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert expected == FILE.read_text(), "run `python -m tests.promise`, then read the difference"


def test_no_other_page_counts():
    counting = re.compile(
        r"\b\d+ (?:of (?:the )?\d+ )?(?:promised |shown )?(?:features|capabilities)\b|\bcoverage of\b"
    )
    pages = [ROOT / "README.md", *(path for path in (ROOT / "docs").glob("*.md") if path != FILE)]

    assert [] == [(path.name, found) for path in pages for found in counting.findall(path.read_text())]

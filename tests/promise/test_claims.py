"""What is wrong with a claim or a row is found, and what is right is left alone."""

import pytest

from tests.promise.claims import Claim, claims, wrong_claims, wrong_rows
from tests.promise.features import Feature, promise
from tests.promise.page import page

pytest_plugins = ["pytester"]

TESTS = """
from functools import cache
import pytest
from hypothesis import given, strategies as st

def helper(value):
    assert value

def silent(value):
    return value

@pytest.fixture
def asserting():
    def same(value):
        assert value
    return same

@cache
def leave():
    pytest.skip("not here")

@pytest.fixture
def skipping():
    leave()

{test}
"""
CAN_FAIL = [
    "def test_it():\n    assert 1 == len('a')",
    "def test_it():\n    with pytest.raises(ValueError):\n        int('x')",
    "def test_it():\n    for each in ['a']:\n        helper(each)",
    "def test_it(asserting):\n    asserting(1)",
    "@given(st.integers())\ndef test_it(value):\n    assert value == value + 0",
]
CANNOT_FAIL = [
    "def test_it():\n    print('fine')",
    "def test_it():\n    assert True",
    "def test_it():\n    assert 'a' == 'b' or True",
    "def test_it():\n    silent(helper)",
    "def test_it(asserting):\n    print(asserting)",
    "def test_it():\n    'assert 1 == 2'",
]
SKIPPED = [
    "def test_it(skipping):\n    assert 1 == 2",
    "def test_it():\n    pytest.skip('later')\n    assert 1 == 2",
    "@pytest.mark.skip(reason='later')\ndef test_it():\n    assert 1 == 2",
    "@pytest.mark.skipif(True, reason='later')\ndef test_it():\n    assert 1 == 2",
    "@pytest.mark.xfail(reason='later')\ndef test_it():\n    assert 1 == 2",
]


@pytest.fixture
def item(pytester, monkeypatch):
    """Collect one test out of its text, as one of ours."""

    def item(test, mark=""):
        monkeypatch.setattr("tests.promise.failing.TESTS", str(pytester.path))
        # Without its look for what was left open: it walks five times through all that this process holds, a second
        # each after thousands of tests, and would blame this one for another's.
        pytester.makeini("[pytest]\naddopts = -p no:unraisableexception\nmarkers =\n    engine\n    shows")
        return pytester.getitem(TESTS.format(test=f"{mark}\n{test}"), "test_it")

    return item


@pytest.mark.shows("S28")
@pytest.mark.parametrize("test", CAN_FAIL)
def test_what_can_fail_may_show_something(item, test):
    assert [] == wrong_claims([item(test, '@pytest.mark.shows("A1")')], promise().features)


@pytest.mark.shows("S28")
@pytest.mark.parametrize("test", CANNOT_FAIL)
def test_what_cannot_fail_shows_nothing(item, test):
    (wrong,) = wrong_claims([item(test, '@pytest.mark.shows("A1")')], promise().features)

    assert "::test_it: nothing in it can fail" in wrong


@pytest.mark.shows("S28")
@pytest.mark.parametrize("test", SKIPPED)
def test_what_may_be_skipped_shows_nothing_unless_it_needs_the_engine(item, test):
    (wrong,) = wrong_claims([item(test, '@pytest.mark.shows("A1")')], promise().features)

    assert "::test_it: it may be skipped" in wrong


def test_a_test_that_needs_the_engine_may_be_skipped_and_the_page_says_so(item):
    made = item(SKIPPED[0], '@pytest.mark.engine\n@pytest.mark.shows("A1")')

    assert [] == wrong_claims([made], promise().features)
    assert [True] == [claim.engine for claim in claims([made])["A1"]]
    assert "::test_it](../" in page(promise(), claims([made]))
    assert ") (engine) |" in page(promise(), claims([made]))


@pytest.mark.shows("S28")
@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ('@pytest.mark.shows("A99")', "no feature A99"),
        ('@pytest.mark.shows("A1 A2")', "no feature A1 A2"),
        ("@pytest.mark.shows()", "ids and nothing else"),
        ('@pytest.mark.shows("A1", part="all")', "ids and nothing else"),
    ],
)
def test_a_claim_that_means_nothing_is_refused(item, mark, said):
    (wrong,) = wrong_claims([item(CAN_FAIL[0], mark)], promise().features)

    assert said in wrong


def test_several_marks_and_cases_of_one_test_are_one_claim(item):
    mark = '@pytest.mark.shows("A1")\n@pytest.mark.shows("B2", "A1")'
    made = item(CAN_FAIL[0], mark)

    assert {"A1": 1, "B2": 1} == {key: len(tests) for key, tests in claims([made, made]).items()}


TEST = Claim(engine=False, file="tests/test_it.py", test="test_it")


@pytest.mark.shows("S28")
@pytest.mark.parametrize(
    ("is_open", "tests", "said"),
    [
        ("", [TEST], []),
        ("a part", [TEST], []),
        ("all", [], []),
        ("", [], ["A1: no test shows it"]),
        ("a part", [], ["A1: no test shows it"]),
        ("all", [TEST], ["A1: test_it shows it: say in `open`"]),
    ],
)
def test_what_a_row_says_and_what_tests_show_are_the_same(is_open, tests, said):
    features = {"A1": Feature(does="accounts", by="001", open=is_open)}

    wrong = wrong_rows(features, {"A1": tests} if tests else {})

    assert said == [each[: len(start)] for each, start in zip(wrong, said, strict=True)]

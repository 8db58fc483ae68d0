"""What a user writes in accounts/ turns no test red, for no test reads it."""

from pathlib import Path

import pytest

from zone.plan.planner import EXAMPLES, read

ROOT = Path(__file__).parents[1]


@pytest.mark.shows("N1")
def test_a_test_that_opens_a_users_file_fails():
    with pytest.raises(AssertionError, match="take examples/organisation"):
        (ROOT / "accounts" / "org" / "environment.yaml").read_text()


def test_what_is_planned_without_a_folder_is_the_examples():
    assert read(EXAMPLES) == read()

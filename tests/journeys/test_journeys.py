"""After a real `up`: who may take which step of a model's life, and which layer refuses everybody else."""

import pytest

from tests.journeys.page import PAGE, page
from tests.journeys.step import STEPS, tried

pytestmark = pytest.mark.engine


@pytest.fixture(scope="session")
def outcomes():
    """What came of each step for each caller; filled by the first test that needs it."""
    return {}


def taken(step, stage, outcomes):
    for title in step.tried_by:
        if (step.title, title) not in outcomes:
            outcomes[step.title, title] = tried(step, stage.callers[title], stage)
    return {title: outcomes[step.title, title] for title in step.tried_by}


@pytest.mark.shows("D1", "D2", "R2", "R3", "S3")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_who_may_take_a_step_and_nobody_else(step, stage, outcomes):
    found = taken(step, stage, outcomes)

    assert {*step.may} == {title for title, outcome in found.items() if outcome.allowed}, found


def test_the_page_says_what_came_of_each_step(stage, outcomes, request):
    for step in STEPS:
        taken(step, stage, outcomes)

    text = page(STEPS, outcomes)

    if request.config.getoption("--update-golden"):
        PAGE.write_text(text)
    assert PAGE.read_text() == text, "who may do what has changed: read the difference, then --update-golden"

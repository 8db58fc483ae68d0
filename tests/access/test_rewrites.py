"""The rewrites that explain disagreements with iam-simulate change no answer: they say the same in other words."""

import pytest

from benchmarks.access_rewrites import REWRITES, rewritten
from tests.access import naive
from tests.access.generate import lines

FROM_MOST = ["Allowed", "ImplicitlyDenied", "ExplicitlyDenied"]


@pytest.fixture(scope="module")
def asked():
    return list(lines(11, 800))


def answer(questions):
    return max((naive.decide(line) for line in questions), key=FROM_MOST.index)


@pytest.mark.parametrize("names", [*([name] for name in REWRITES), list(REWRITES)], ids=[*REWRITES, "all"])
def test_a_rewritten_question_has_the_answer_of_the_question(names, asked):
    changed = [line for line in asked if rewritten(line, *names) != [line]]

    assert changed
    assert [] == [line for line in changed if naive.decide(line) != answer(rewritten(line, *names))]

"""The compiled evaluator and the plainest one, written apart from it, answer random questions alike."""

import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.access.lines import answers
from tests.access import naive
from tests.access.generate import lines, question
from tests.access.world import NEGATED, POSITIVE

SHARE = 500
SEEDS = range(4)  # × SHARE questions: seconds; benchmarks/access_differential.py asks many more


def compiled(line):
    return next(answers([json.dumps(line)]))


@pytest.fixture(scope="module")
def sample():
    return list(lines(0, 1500))


@pytest.mark.shows("S1")
@pytest.mark.parametrize("seed", SEEDS)
def test_compiled_and_naive_agree(seed):
    asked = list(lines(seed, SHARE))
    given_answers = list(answers(map(json.dumps, asked)))

    assert [] == [said["error"] for said in given_answers if "error" in said]
    assert [] == [
        line
        for line, said in zip(asked, given_answers, strict=True)
        if "unsupported" not in said and naive.decide(line) != said["decision"]
    ]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(min_value=0, max_value=2**63))
def test_compiled_and_naive_agree_wherever_hypothesis_looks(number):
    line = question(Random(number))
    said = compiled(line)

    assert "unsupported" in said or naive.decide(line) == said["decision"]


def test_hardly_a_question_is_beyond_the_evaluator(sample):
    unsupported = sum("unsupported" in text for text in answers(map(json.dumps, sample)))

    assert unsupported / len(sample) < 0.02


def test_the_same_seed_asks_the_same_questions():
    assert list(lines(7, 20)) == list(lines(7, 20))
    assert list(lines(7, 20)) != list(lines(8, 20))


def test_answers_are_mixed(sample):
    decisions = Counter(naive.decide(line) for line in sample)

    assert 0.25 < decisions["Allowed"] / len(sample) < 0.5
    assert decisions["ExplicitlyDenied"] / len(sample) > 0.1
    assert decisions["ImplicitlyDenied"] / len(sample) > 0.25


@pytest.mark.parametrize(
    "layer",
    [
        "identityPolicies",
        "permissionBoundaries",
        "sessionPolicy",
        "serviceControlPolicies",
        "resourceControlPolicies",
        "resourcePolicy",
        "endpointPolicies",
    ],
)
def test_every_layer_decides_some_questions(sample, layer):
    def without(line):
        return {name: value for name, value in line.items() if name != layer}

    assert any(naive.decide(line) != naive.decide(without(line)) for line in sample if layer in line)


def test_every_operator_and_element_is_asked_about(sample):
    text = json.dumps(sample)
    operators = {name for names in [*POSITIVE.values(), *NEGATED.values()] for name in names}
    elements = {"NotAction", "NotResource", "NotPrincipal", "Null", "${", "2008-10-17"}
    sets = {"ForAnyValue:", "ForAllValues:", "IfExists"}

    assert set() == {name for name in operators if f'{name}": {{' not in text and f"{name}IfExists" not in text}
    assert set() == {name for name in elements | sets if name not in text}

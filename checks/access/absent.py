"""Condition keys that a request lacks and that would turn its answer: what one forgot to say of it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from checks.access.evaluate import evaluate
from checks.access.explain import parts
from checks.access.lines import Case
from checks.access.match import has_variables
from checks.access.policy import Statement
from checks.access.request import context_values
from checks.access.result import Verdict

_OTHER = "another-value"
"""A value that no policy names."""


class Turn(NamedTuple):
    """What would turn the answer."""

    context: Mapping[str, str]
    """Keys, spelled as the policy does, with a value each."""

    verdict: Verdict
    """The answer then."""


def turns(case: Case) -> list[Turn]:
    """Return the smallest sets of absent keys that would turn the case's answer, each with values that do.

    Tried are the values that the policies name, and one that none does: for each key alone, then all those together
    that one statement asks for.
    """
    verdict = evaluate(*case).verdict
    found: list[Turn] = []
    for context in (*_alone(case), *_together(case)):
        if any(turn.context.keys() <= context.keys() for turn in found):
            continue
        asked = case.request._replace(context={**case.request.context, **context_values(context)})
        then = evaluate(asked, case.caller, case.target)
        if then.verdict is not verdict and not then.unsupported:
            found.append(Turn(context, then.verdict))
    return found


def _statements(case: Case) -> Iterator[Statement]:
    for part in parts(case):
        for _, statement in part.statements(case.request.action.lower(), bounded=case.caller.bounded):
            yield statement


def _lacks(case: Case, key: str) -> bool:
    return case.request.values(key.lower()) is None


def _alone(case: Case) -> Iterator[dict[str, str]]:
    for statement in _statements(case):
        for _, key, wanted in statement.text.conditions:
            if _lacks(case, key):
                for value in (*filter(None, map(_example, wanted)), _OTHER):
                    yield {key: value}


def _together(case: Case) -> Iterator[dict[str, str]]:
    for statement in _statements(case):
        asked = {
            key: example
            for op, key, wanted in statement.text.conditions
            if _lacks(case, key) and not op.negated and (example := next(filter(None, map(_example, wanted)), None))
        }
        if len(asked) > 1:
            yield asked


def _example(pattern: str) -> str | None:
    """Return a value that fits *pattern*; None where a policy variable stands in it."""
    return None if has_variables(pattern) else pattern.replace("*", "x").replace("?", "x")

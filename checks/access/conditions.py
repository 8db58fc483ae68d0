"""Condition elements, compiled to tests of a request.

Source of all rules: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued
context keys", read 2026-11-21.
"""

from collections.abc import Callable, Sequence

from checks.access.match import Template, TextTest, has_variables, template_test
from checks.access.operators import COMPILERS, WITH_VARIABLES, Compile, Operator
from checks.access.request import Request
from checks.access.result import UnknownMatchError

Condition = Callable[[Request], bool]


def condition(op: Operator, key: str, values: Sequence[str], *, variables: bool) -> Condition:
    """Compile one key of a Condition element.

    Args:
        op: the operator.
        key: condition key, any case.
        values: the policy's values; one that matches is enough (for a negated operator: none may match).
        variables: whether the policy's version knows policy variables.
    """
    key = key.lower()
    if op.base == "Null":
        return _null(key, values)
    templates = tuple(
        Template(value) for value in values if variables and op.base in WITH_VARIABLES and has_variables(value)
    )
    kind = COMPILERS[op.base]
    fixed = [value for value in values if not any(value == template.text for template in templates)]
    matches = _any_of(fixed, op.base, kind)

    def test_in(request: Request) -> TextTest:
        return _with_templates(templates, request, kind, matches, op) if templates else matches

    return _of_set(op, key, test_in) if op.quantifier else _of_single(op, key, test_in, None if templates else matches)


def _any_of(values: Sequence[str], base: str, kind: Compile) -> TextTest:
    """Test that is true where one of the policy's values matches."""
    if base == "StringEquals":
        return frozenset(values).__contains__
    tests = tuple(kind(value) for value in values)
    return tests[0] if len(tests) == 1 else lambda value: any_holds(tests, value)


def any_holds(tests: Sequence[TextTest], value: str) -> bool:
    """Whether one test is true; a test without an answer matters only where no other is true."""
    doubt = ""
    for test in tests:
        try:
            if test(value):
                return True
        except UnknownMatchError as error:
            doubt = str(error)
    if doubt:
        raise UnknownMatchError(doubt)
    return False


def _with_templates(
    templates: Sequence[Template], request: Request, kind: Compile, fixed: TextTest, op: Operator
) -> TextTest:
    tests = [fixed]
    unresolved = False
    for template in templates:
        if op.base in {"StringEquals", "StringEqualsIgnoreCase", "Bool"}:
            text = template.resolve(request, guard=False)
            test = None if text is None else kind(text)
        else:
            test = template_test(template, request, kind)
        if test is None:
            unresolved = True
        else:
            tests.append(test)

    def test_all(value: str) -> bool:
        if any_holds(tests, value):
            return True
        if unresolved and op.negated:
            raise UnknownMatchError(
                f"a policy variable under {op.name} has no value in this request: AWS says only that the statement may "
                "be invalid then; give the variable a default value"
            )
        return False

    return test_all


def _null(key: str, values: Sequence[str]) -> Condition:
    wanted = {value.lower() == "true" for value in values}
    return lambda request: (request.values(key) is None) in wanted


def _of_single(op: Operator, key: str, test_in: Callable[[Request], TextTest], plain: TextTest | None) -> Condition:
    absent = op.negated or op.if_exists
    negated = op.negated

    def test(request: Request) -> bool:
        values = request.context.get(key)
        if not values:
            values = request.values(key)
            if values is None:
                return absent
        if len(values) != 1:
            raise UnknownMatchError(
                f"{op.name} on {key}, which has {len(values)} values in this request: AWS requires ForAnyValue or "
                "ForAllValues for a multivalued key"
            )
        return (plain or test_in(request))(values[0]) is not negated

    return test


def _of_set(op: Operator, key: str, test_in: Callable[[Request], TextTest]) -> Condition:
    for_all = op.quantifier == "ForAllValues"
    negated = op.negated

    def test(request: Request) -> bool:
        values = request.values(key)
        # AWS: no key, or only an empty text, is an empty set: true for all, false for any. IfExists changes neither: it
        # was measured on AWS that ForAnyValue stays false (repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w, 2026-11-21).
        if values is None or values == ("",):
            return for_all
        one = test_in(request)
        found = [one(value) is not negated for value in values]
        return all(found) if for_all else any(found)

    return test

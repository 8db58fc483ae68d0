"""Condition operators. Source: IAM User Guide, "IAM JSON policy elements: Condition operators", read 2026-11-21."""

import time

import pytest

from checks.access.operators import COMPILERS
from tests.access.evaluator import ROLE, SESSION, USER, holds

ARN = "arn:aws:sns:eu-west-1:111122223333:topic"

CASES = [
    # operator, policy value, request value, holds
    ("StringEquals", "Blue", "Blue", True),
    ("StringEquals", "Blue", "blue", False),
    ("StringEquals", "B*", "Blue", False),
    ("StringEquals", "B*", "B*", True),
    ("StringEquals", ["Red", "Blue"], "Blue", True),
    ("StringNotEquals", "Blue", "blue", True),
    ("StringNotEquals", ["Red", "Blue"], "Blue", False),
    ("StringEqualsIgnoreCase", "BLUE", "blue", True),
    ("StringEqualsIgnoreCase", "BLUE", "blu", False),
    ("StringNotEqualsIgnoreCase", "BLUE", "blue", False),
    ("StringNotEqualsIgnoreCase", "BLUE", "red", True),
    ("StringLike", "B*e", "Blue", True),
    ("StringLike", "B*e", "BLUE", False),
    ("StringLike", "Bl?e", "Blue", True),
    ("StringLike", "Bl?e", "Bluue", False),
    ("StringLike", "*", "", True),
    ("StringLike", "*lue", "Blue", True),
    ("StringLike", "a*b*c", "a-b-b-c", True),
    ("StringLike", "*b*b*", "a-b-b-c", True),
    ("StringLike", "*b*b*", "a-b-c", False),
    ("StringLike", "a**?c", "abc", True),
    ("StringLike", "*ab", "aab", True),
    ("StringLike", "a*ab*b", "aab", False),
    ("StringLike", "a*ab*b", "aabb", True),
    ("StringLike", "a.c", "abc", False),
    ("StringLike", "*a" * 40 + "b", "a" * 4000, False),
    ("StringLike", "two*lines", "two\nlines", True),
    ("StringNotLike", "B*", "Blue", False),
    ("StringNotLike", ["R*", "G*"], "Blue", True),
    ("NumericEquals", "10", "10.0", True),
    ("NumericEquals", 10, 10, True),
    ("NumericNotEquals", "10", "11", True),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThan", "10", "9.99", True),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "10", "9", False),
    ("NumericGreaterThan", "9", "10", True),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", True),
    ("DateEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
    ("DateEquals", "2026", "2026-01-01T00:00:00Z", True),
    ("DateEquals", "2026-01", "2026-01-01T00:00:00Z", True),
    ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", True),
    ("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", True),
    ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", True),
    ("DateLessThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", False),
    ("DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", True),
    ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", True),
    ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z", False),
    ("Bool", "true", True, True),
    ("Bool", "True", "true", True),
    ("Bool", "false", "true", False),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ6", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
    ("IpAddress", "203.0.113.0/24", "203.0.114.7", False),
    ("IpAddress", "203.0.113.7", "203.0.113.7", True),
    ("IpAddress", ["10.0.0.0/8", "2001:db8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
    ("IpAddress", "10.0.0.0/8", "2001:db8::1", False),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", False),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.7", True),
    ("ArnEquals", ARN, ARN, True),
    ("ArnEquals", "arn:aws:sns:*:111122223333:top*", ARN, True),
    ("ArnLike", "arn:aws:sns:*:111122223333:topic", ARN, True),
    ("ArnLike", "arn:aws:sns:eu-west-?:111122223333:topic", ARN, True),
    ("ArnLike", "arn:aws:SNS:*:*:*", ARN, False),
    ("ArnLike", "arn:aws:sns:*:*:*", "no ARN", False),
    ("ArnNotEquals", ARN, ARN, False),
    ("ArnNotLike", "arn:aws:sns:*:444455556666:*", ARN, True),
]


@pytest.mark.parametrize(("operator", "wanted", "given", "expected"), CASES)
def test_an_operator_compares_as_documented(operator, wanted, given, expected):
    assert expected is holds({operator: {"test:key": wanted}}, {"test:key": given})


def test_every_operator_has_a_case():
    tested = {operator for operator, *_ in CASES}

    assert set(COMPILERS) <= tested


def test_an_arn_operator_checks_each_component_where_a_string_operator_does_not():
    pattern = "arn:aws:someservice:*:111122223333:finance/*"
    value = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"

    assert holds({"StringLike": {"test:key": pattern}}, {"test:key": value})
    assert not holds({"ArnLike": {"test:key": pattern}}, {"test:key": value})


def test_a_date_without_a_zone_is_utc_wherever_the_program_runs(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert holds({"DateEquals": {"test:key": "2031-02-03"}}, {"test:key": "2031-02-03T00:00:00Z"})
    finally:
        monkeypatch.undo()
        time.tzset()


POSITIVE = {
    "StringEquals": "a",
    "StringLike": "a",
    "NumericEquals": "1",
    "NumericLessThan": "1",
    "DateEquals": "2026-01-01",
    "DateGreaterThan": "2026-01-01",
    "Bool": "true",
    "BinaryEquals": "QQ==",
    "IpAddress": "10.0.0.0/8",
    "ArnEquals": ARN,
    "ArnLike": ARN,
}
NEGATIVE = {
    "StringNotEquals": "a",
    "StringNotEqualsIgnoreCase": "a",
    "StringNotLike": "a",
    "NumericNotEquals": "1",
    "DateNotEquals": "2026-01-01",
    "NotIpAddress": "10.0.0.0/8",
    "ArnNotEquals": ARN,
    "ArnNotLike": ARN,
}


@pytest.mark.parametrize("operator", POSITIVE)
def test_a_positive_operator_is_false_without_the_key_and_true_with_if_exists(operator):
    assert holds({operator: {"test:key": POSITIVE[operator]}}) is False
    assert holds({f"{operator}IfExists": {"test:key": POSITIVE[operator]}}) is True


@pytest.mark.parametrize("operator", NEGATIVE)
def test_a_negated_operator_is_true_without_the_key(operator):
    assert holds({operator: {"test:key": NEGATIVE[operator]}}) is True
    assert holds({f"{operator}IfExists": {"test:key": NEGATIVE[operator]}}) is True


def test_if_exists_changes_nothing_where_the_key_is_there():
    assert holds({"StringEqualsIfExists": {"test:key": "a"}}, {"test:key": "b"}) is False
    assert holds({"StringNotEqualsIfExists": {"test:key": "a"}}, {"test:key": "a"}) is False


@pytest.mark.parametrize(
    ("wanted", "context", "expected"),
    [
        ("true", {}, True),
        ("true", {"test:key": "x"}, False),
        ("false", {"test:key": "x"}, True),
        ("false", {}, False),
        (True, {}, True),
        ("true", {"test:key": []}, True),
        ("true", {"test:key": None}, True),
        (["true", "false"], {}, True),
    ],
)
def test_null_asks_whether_the_key_is_absent(wanted, context, expected):
    assert expected is holds({"Null": {"test:key": wanted}}, context)


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "c"], False),
        ("ForAllValues:StringEquals", [], True),
        ("ForAllValues:StringEquals", None, True),
        ("ForAllValues:StringEquals", "", True),
        ("ForAnyValue:StringEquals", ["c", "b"], True),
        ("ForAnyValue:StringEquals", ["c", "d"], False),
        ("ForAnyValue:StringEquals", [], False),
        ("ForAnyValue:StringEquals", "", False),
        ("ForAllValues:StringNotEquals", ["c", "d"], True),
        ("ForAllValues:StringNotEquals", ["a", "d"], False),
        ("ForAllValues:StringNotEquals", None, True),
        ("ForAnyValue:StringNotEquals", ["a", "d"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], False),
        ("ForAnyValue:StringNotEquals", None, False),
        ("ForAllValues:StringEqualsIfExists", None, True),
        ("ForAnyValue:StringEqualsIfExists", ["c"], False),
        ("ForAnyValue:StringEqualsIfExists", None, False),
    ],
)
def test_a_set_operator_quantifies_over_the_requests_values(operator, values, expected):
    assert expected is holds({operator: {"test:key": ["a", "b"]}}, {"test:key": values})


def test_all_keys_and_operators_of_a_condition_have_to_hold():
    condition = {"StringEquals": {"test:a": "1", "test:b": "2"}, "Bool": {"test:c": "true"}}

    assert holds(condition, {"test:a": "1", "test:b": "2", "test:c": "true"})
    assert not holds(condition, {"test:a": "1", "test:b": "3", "test:c": "true"})
    assert not holds(condition, {"test:a": "1", "test:b": "2", "test:c": "false"})


def test_condition_keys_ignore_case():
    assert holds({"StringEquals": {"aws:sourcevpce": "vpce-1"}}, {"AWS:SourceVpce": "vpce-1"})


@pytest.mark.parametrize(
    ("condition", "context", "why"),
    [
        ({"StringEquals": {"test:key": "a"}}, {"test:key": ["a", "b"]}, "multivalued without a set operator"),
        ({"NumericLessThan": {"test:key": "1"}}, {"test:key": "many"}, "a number that is none"),
        ({"NotIpAddress": {"test:key": "10.0.0.0/8"}}, {"test:key": "nowhere"}, "an address that is none"),
        ({"ArnLike": {"test:key": "arn:aws:s3*"}}, {"test:key": "arn:aws:s3:::b"}, "an ARN with too few parts"),
        ({"ArnLike": {"test:key": ["arn:aws:s3*", ARN]}}, {"test:key": "arn:aws:s3:::b"}, "one such among others"),
        ({"StringNotEquals": {"test:key": "${aws:username}"}}, {"test:key": "a"}, "a variable without a value"),
    ],
)
def test_what_aws_does_not_document_is_said_to_be_unknown(condition, context, why):
    assert holds(condition, context) is None, why


def test_a_doubt_that_changes_nothing_is_not_reported():
    assert holds({"ArnLike": {"test:key": ["arn:aws:s3*", ARN]}}, {"test:key": ARN}) is True

    condition = {"StringEquals": {"test:key": ["a"], "test:other": "no"}}

    assert holds(condition, {"test:key": ["a", "b"], "test:other": "yes"}) is False


@pytest.mark.parametrize(
    ("who", "key", "value"),
    [
        (USER, "aws:username", "Alice"),
        (USER, "aws:PrincipalArn", USER),
        (ROLE, "aws:PrincipalArn", ROLE),
        (SESSION, "aws:PrincipalArn", "arn:aws:iam::111122223333:role/Analyst"),
        (SESSION, "aws:PrincipalAccount", "111122223333"),
        (SESSION, "aws:PrincipalType", "AssumedRole"),
        (ROLE, "aws:PrincipalIsAWSService", "false"),
        (ROLE, "aws:ResourceAccount", "111122223333"),
    ],
)
def test_keys_that_follow_from_the_request_need_not_be_given(who, key, value):
    assert holds({"StringEquals": {key: value}}, who=who)
    assert not holds({"StringEquals": {key: value}}, {key: "something else"}, who=who)
    assert not holds({"StringEquals": {key: value}}, {key: None}, who=who)

"""AWS's documented behaviour of condition operators, set operators, Null and IfExists.

Pages of the IAM User Guide (https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html), read 2026-11-21.
"""

import pytest

from tests.access.documented import allow, ask, deny, policy

ALLOWED, IMPLICITLY, EXPLICITLY = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"


def holds(operator, key, wanted, carried):
    """Whether one condition is met by a request that carries *carried* under the key; None: it has no such key."""
    context = {} if carried is None else {key: carried}
    return ALLOWED == ask(context=context, identity=policy(allow(condition={operator: {key: wanted}})))


# Page: reference_policies_elements_condition_operators


@pytest.mark.parametrize(
    ("expected", "operator", "wanted", "carried"),
    [
        (True, "StringEquals", "iamuser-admin", "iamuser-admin"),
        (False, "StringEquals", "iamuser-admin", "IamUser-Admin"),
        (False, "StringEquals", "iamuser-*", "iamuser-admin"),
        (True, "StringEquals", "iamuser-*", "iamuser-*"),
        (False, "StringNotEquals", "iamuser-admin", "iamuser-admin"),
        (True, "StringNotEquals", "iamuser-admin", "IamUser-Admin"),
        (True, "StringEqualsIgnoreCase", "iamuser-admin", "IamUser-Admin"),
        (False, "StringNotEqualsIgnoreCase", "iamuser-admin", "IamUser-Admin"),
        (True, "StringLike", "iamuser-*", "iamuser-admin"),
        (True, "StringLike", "iamuser-?dmin", "iamuser-admin"),
        (False, "StringLike", "iamuser-?", "iamuser-admin"),
        (False, "StringLike", "admin", "iamuser-admin"),
        (False, "StringLike", "IAMUSER-*", "iamuser-admin"),
        (False, "StringNotLike", "iamuser-*", "iamuser-admin"),
        (True, "StringNotLike", "robot-*", "iamuser-admin"),
    ],
)
def test_strings_are_compared(expected, operator, wanted, carried):
    assert expected is holds(operator, "aws:PrincipalTag/job-category", wanted, carried)


@pytest.mark.parametrize(
    ("expected", "operator", "carried"),
    [
        (True, "NumericEquals", "10"),
        (True, "NumericEquals", "10.0"),
        (False, "NumericEquals", "9"),
        (True, "NumericNotEquals", "9"),
        (False, "NumericNotEquals", "10"),
        (True, "NumericLessThan", "9"),  # as text, "9" would come after "10"
        (False, "NumericLessThan", "10"),
        (True, "NumericLessThanEquals", "10"),
        (False, "NumericLessThanEquals", "11"),
        (True, "NumericGreaterThan", "100"),
        (False, "NumericGreaterThan", "10"),
        (True, "NumericGreaterThanEquals", "10"),
        (False, "NumericGreaterThanEquals", "9.5"),
    ],
)
def test_numbers_are_compared_as_numbers(expected, operator, carried):
    assert expected is holds(operator, "aws:MultiFactorAuthAge", "10", carried)


@pytest.mark.parametrize(
    ("expected", "operator", "carried"),
    [
        (True, "DateGreaterThan", "2020-01-01T00:00:02Z"),
        (False, "DateGreaterThan", "2020-01-01T00:00:01Z"),
        (True, "DateGreaterThanEquals", "2020-01-01T00:00:01Z"),
        (True, "DateLessThan", "2019-12-31T23:59:59Z"),
        (False, "DateLessThan", "2020-01-01T00:00:01Z"),
        (True, "DateLessThanEquals", "2020-01-01T00:00:01Z"),
        (True, "DateEquals", "2020-01-01T01:00:01+01:00"),
        (True, "DateEquals", "1577836801"),
        (False, "DateEquals", "1577836802"),
        (True, "DateNotEquals", "1577836802"),
        (False, "DateNotEquals", "2020-01-01T00:00:01Z"),
    ],
)
def test_dates_are_compared_in_iso_8601_and_in_seconds(expected, operator, carried):
    assert expected is holds(operator, "aws:TokenIssueTime", "2020-01-01T00:00:01Z", carried)


@pytest.mark.parametrize(
    ("expected", "wanted", "carried"),
    [(True, "true", "true"), (False, "true", "false"), (True, "false", "false"), (True, False, "false")],
)
def test_booleans_are_compared(expected, wanted, carried):
    assert expected is holds("Bool", "aws:SecureTransport", wanted, carried)


def test_binary_values_are_compared_byte_for_byte():
    assert holds("BinaryEquals", "aws:PrincipalTag/key", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==")
    assert not holds("BinaryEquals", "aws:PrincipalTag/key", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5")


@pytest.mark.parametrize(
    ("expected", "operator", "wanted", "carried"),
    [
        (True, "IpAddress", "203.0.113.0/24", "203.0.113.255"),
        (False, "IpAddress", "203.0.113.0/24", "203.0.114.0"),
        (True, "IpAddress", "203.0.113.7", "203.0.113.7"),  # without a prefix: /32
        (False, "IpAddress", "203.0.113.7", "203.0.113.8"),
        (True, "IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1"),
        (False, "IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5679::1"),
        (False, "IpAddress", "203.0.113.0/24", "2001:db8:1234:5678::1"),
        (False, "NotIpAddress", "203.0.113.0/24", "203.0.113.255"),
        (True, "NotIpAddress", "203.0.113.0/24", "203.0.114.0"),
        # "All IP addresses except the specified": an IPv6 address is none of an IPv4 range.
        (True, "NotIpAddress", "203.0.113.0/24", "2001:db8:1234:5678::1"),
    ],
)
def test_addresses_are_looked_for_in_ranges(expected, operator, wanted, carried):
    assert expected is holds(operator, "aws:SourceIp", wanted, carried)


FINANCE = "arn:aws:someservice:*:111122223333:finance/*"


@pytest.mark.parametrize(
    ("expected", "operator", "wanted", "carried"),
    [
        # The page's own example of ArnLike against StringLike.
        (True, "StringLike", FINANCE, "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"),
        (False, "ArnLike", FINANCE, "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"),
        (True, "ArnLike", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"),
        (True, "ArnEquals", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"),
        (False, "ArnEquals", FINANCE, "arn:aws:SomeService:us-east-2:111122223333:finance/document.txt"),
        (False, "ArnNotEquals", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"),
        (True, "ArnNotLike", FINANCE, "arn:aws:someservice:us-east-2:111122223333:store/document.txt"),
        (True, "ArnEquals", "arn:aws:sns:us-east-1:123456789012:TOPIC-ID", "arn:aws:sns:us-east-1:123456789012:TOPIC-ID"),
        (False, "ArnEquals", "arn:aws:sns:us-east-1:123456789012:TOPIC-ID", "arn:aws:sns:us-east-1:123456789012:TOPIC"),
        (True, "ArnLike", "arn:aws:lambda:*:*:function:a*", "arn:aws:lambda:us-east-1:111122223333:function:abc:7"),
    ],
)
def test_arns_are_compared_component_by_component(expected, operator, wanted, carried):
    assert expected is holds(operator, "aws:SourceArn", wanted, carried)


POSITIVE = {
    "StringEquals": "a",
    "StringEqualsIgnoreCase": "a",
    "StringLike": "a*",
    "NumericEquals": "1",
    "NumericLessThan": "1",
    "NumericLessThanEquals": "1",
    "NumericGreaterThan": "1",
    "NumericGreaterThanEquals": "1",
    "DateEquals": "2020-01-01T00:00:00Z",
    "DateLessThan": "2020-01-01T00:00:00Z",
    "DateLessThanEquals": "2020-01-01T00:00:00Z",
    "DateGreaterThan": "2020-01-01T00:00:00Z",
    "DateGreaterThanEquals": "2020-01-01T00:00:00Z",
    "Bool": "true",
    "BinaryEquals": "Qmlu",
    "IpAddress": "203.0.113.0/24",
    "ArnEquals": "arn:aws:s3:::b",
    "ArnLike": "arn:aws:s3:::*",
}
NEGATED = {
    "StringNotEquals": "a",
    "StringNotEqualsIgnoreCase": "a",
    "StringNotLike": "a*",
    "NumericNotEquals": "1",
    "DateNotEquals": "2020-01-01T00:00:00Z",
    "NotIpAddress": "203.0.113.0/24",
    "ArnNotEquals": "arn:aws:s3:::b",
    "ArnNotLike": "arn:aws:s3:::*",
}
EVERY = [*POSITIVE.items(), *NEGATED.items()]


@pytest.mark.parametrize(("operator", "wanted"), POSITIVE.items())
def test_a_missing_key_is_no_match(operator, wanted):
    assert not holds(operator, "aws:PrincipalTag/absent", wanted, None)


@pytest.mark.parametrize(("operator", "wanted"), NEGATED.items())
def test_a_missing_key_is_a_match_where_the_operator_is_negated(operator, wanted):
    assert holds(operator, "aws:PrincipalTag/absent", wanted, None)


@pytest.mark.parametrize(("operator", "wanted"), EVERY)
def test_if_exists_is_met_by_a_missing_key(operator, wanted):
    assert holds(f"{operator}IfExists", "aws:PrincipalTag/absent", wanted, None)


def test_if_exists_still_looks_at_a_key_that_is_there():
    assert holds("StringLikeIfExists", "ec2:InstanceType", ["t1.*", "t2.*", "m3.*"], "t2.micro")
    assert not holds("StringLikeIfExists", "ec2:InstanceType", ["t1.*", "t2.*", "m3.*"], "p4d.24xlarge")


def test_a_deny_with_a_negated_if_exists_operator_denies_where_the_tag_is_missing():
    denying = policy(allow(), deny(condition={"StringNotEqualsIfExists": {"aws:PrincipalTag/team": "red"}}))

    assert EXPLICITLY == ask(identity=denying)
    assert ALLOWED == ask(identity=denying, context={"aws:PrincipalTag/team": "red"})


@pytest.mark.parametrize(
    ("expected", "wanted", "carried"),
    [
        (True, "true", None),
        (False, "false", None),
        (False, "true", "2020-01-01T00:00:00Z"),
        (True, "false", "2020-01-01T00:00:00Z"),
        (True, True, None),
    ],
)
def test_null_asks_whether_a_key_is_there(expected, wanted, carried):
    assert expected is holds("Null", "aws:TokenIssueTime", wanted, carried)


def test_null_takes_a_key_without_a_value_for_absent():
    # reference_policies_condition-single-vs-multi-valued-context-keys: "exists and its value is not null"
    assert holds("Null", "aws:TagKeys", "true", [])
    assert not holds("Null", "aws:TagKeys", "false", [])


# Page: reference_policies_condition-logic-multiple-context-keys-or-values, reference_policies_multi-value-conditions


def test_values_are_joined_by_or_and_those_of_a_negated_operator_by_nor():
    assert holds("StringEquals", "aws:PrincipalTag/role", ["audit", "security"], "audit")
    assert not holds("StringEquals", "aws:PrincipalTag/role", ["audit", "security"], "developer")
    assert not holds("StringNotEquals", "aws:PrincipalTag/role", ["audit", "security"], "audit")
    assert holds("StringNotEquals", "aws:PrincipalTag/role", ["audit", "security"], "developer")


@pytest.mark.parametrize(
    ("expected", "department", "role"),
    [(ALLOWED, "finance", "audit"), (IMPLICITLY, "finance", "dev"), (IMPLICITLY, "hr", "audit")],
)
def test_keys_of_one_operator_are_joined_by_and(expected, department, role):
    wanted = {"StringEquals": {"aws:PrincipalTag/department": ["finance", "legal"], "aws:PrincipalTag/role": "audit"}}
    context = {"aws:PrincipalTag/department": department, "aws:PrincipalTag/role": role}

    assert expected == ask(context=context, identity=policy(allow(condition=wanted)))


def test_operators_are_joined_by_and():
    wanted = {"StringEquals": {"aws:PrincipalTag/role": "audit"}, "Bool": {"aws:SecureTransport": "true"}}
    auditor = policy(allow(condition=wanted))

    assert ALLOWED == ask(context={"aws:PrincipalTag/role": "audit", "aws:SecureTransport": "true"}, identity=auditor)
    assert IMPLICITLY == ask(context={"aws:PrincipalTag/role": "audit", "aws:SecureTransport": "false"}, identity=auditor)


def test_key_names_ignore_case():
    identity = policy(allow(condition={"StringEquals": {"AWS:principaltag/Role": "audit"}}))

    assert ALLOWED == ask(context={"aws:PrincipalTag/role": "audit"}, identity=identity)


THREAD = ["PostDateTime", "Message", "Tags"]


@pytest.mark.parametrize(
    ("expected", "operator", "wanted", "carried"),
    [
        # The pages' DynamoDB examples.
        (True, "ForAllValues:StringLike", THREAD, ["PostDateTime", "Message"]),
        (False, "ForAllValues:StringLike", THREAD, ["PostDateTime", "UserName"]),
        (True, "ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName", "Message", "PostDateTime"]),
        (False, "ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName"]),
        # A missing key, or one without values.
        (True, "ForAllValues:StringEquals", THREAD, None),
        (True, "ForAllValues:StringEquals", THREAD, []),
        (False, "ForAnyValue:StringEquals", THREAD, None),
        (False, "ForAnyValue:StringEquals", THREAD, []),
        # Negated: each value of the request by itself against all of the policy.
        (True, "ForAnyValue:StringNotEquals", THREAD, ["PostDateTime", "UserName"]),
        (False, "ForAnyValue:StringNotEquals", THREAD, ["PostDateTime", "Tags"]),
        (False, "ForAllValues:StringNotEquals", THREAD, ["PostDateTime", "UserName"]),
        (True, "ForAllValues:StringNotEquals", THREAD, ["ID", "UserName"]),
        (False, "ForAnyValue:StringNotEquals", THREAD, None),
        (True, "ForAllValues:StringNotEquals", THREAD, None),
        # IfExists changes neither; measured on AWS: https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w (read 2026-11-21).
        (False, "ForAnyValue:StringEqualsIfExists", ["team"], None),
        (True, "ForAllValues:StringEqualsIfExists", ["team"], None),
    ],
)
def test_set_operators_look_at_every_value_of_the_request(expected, operator, wanted, carried):
    assert expected is holds(operator, "dynamodb:Attributes", wanted, carried)

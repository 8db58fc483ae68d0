"""AWS's documented behaviour of missing keys, IfExists, Null, and conditions of many keys and values.

Pages of the IAM User Guide, read 2026-11-21:
https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html
"""

import pytest

from tests.access.documented import allow, ask, deny, holds, policy

ALLOWED, IMPLICITLY, EXPLICITLY = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"

# From the page reference_policies_elements_condition_operators

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


# From the pages reference_policies_condition-logic-multiple-context-keys-or-values,
# reference_policies_multi-value-conditions


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
    assert IMPLICITLY == ask(
        context={"aws:PrincipalTag/role": "audit", "aws:SecureTransport": "false"}, identity=auditor
    )


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
        (True, "ForAllValues:StringEquals", THREAD, [""]),
        (False, "ForAnyValue:StringEquals", ["", "Tags"], [""]),
        # Negated: each value of the request by itself against all of the policy.
        (True, "ForAnyValue:StringNotEquals", THREAD, ["PostDateTime", "UserName"]),
        (False, "ForAnyValue:StringNotEquals", THREAD, ["PostDateTime", "Tags"]),
        (False, "ForAllValues:StringNotEquals", THREAD, ["PostDateTime", "UserName"]),
        (True, "ForAllValues:StringNotEquals", THREAD, ["ID", "UserName"]),
        (False, "ForAnyValue:StringNotEquals", THREAD, None),
        (True, "ForAllValues:StringNotEquals", THREAD, None),
        # IfExists changes neither; measured on AWS: https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w
        (False, "ForAnyValue:StringEqualsIfExists", ["team"], None),
        (True, "ForAllValues:StringEqualsIfExists", ["team"], None),
    ],
)
def test_set_operators_look_at_every_value_of_the_request(expected, operator, wanted, carried):
    assert expected is holds(operator, "dynamodb:Attributes", wanted, carried)

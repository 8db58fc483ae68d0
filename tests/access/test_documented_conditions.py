"""AWS's documented behaviour of condition operators.

Pages of the IAM User Guide, read 2026-11-21:
https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html
"""

import pytest

from tests.access.documented import holds

# From the page reference_policies_elements_condition_operators


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
        (True, "StringEqualsIgnoreCase", "IamUser-Admin", "iamuser-ADMIN"),
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
        (
            True,
            "StringLike",
            FINANCE,
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
        ),
        (
            False,
            "ArnLike",
            FINANCE,
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
        ),
        (True, "ArnLike", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"),
        (True, "ArnEquals", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"),
        (False, "ArnEquals", FINANCE, "arn:aws:SomeService:us-east-2:111122223333:finance/document.txt"),
        (False, "ArnNotEquals", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"),
        (True, "ArnNotLike", FINANCE, "arn:aws:someservice:us-east-2:111122223333:store/document.txt"),
        (
            True,
            "ArnEquals",
            "arn:aws:sns:us-east-1:123456789012:TOPIC-ID",
            "arn:aws:sns:us-east-1:123456789012:TOPIC-ID",
        ),
        (False, "ArnEquals", "arn:aws:sns:us-east-1:123456789012:TOPIC-ID", "arn:aws:sns:us-east-1:123456789012:TOPIC"),
        (True, "ArnLike", "arn:aws:lambda:*:*:function:a*", "arn:aws:lambda:us-east-1:111122223333:function:abc:7"),
    ],
)
def test_arns_are_compared_component_by_component(expected, operator, wanted, carried):
    assert expected is holds(operator, "aws:SourceArn", wanted, carried)

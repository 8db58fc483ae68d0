"""Condition operators: their names, and the test that each makes of one policy value.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", read 2026-11-21.
"""

import base64
import binascii
import ipaddress
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from checks.access.match import TextTest, arn_component_test, wildcard
from checks.access.result import UnknownMatchError

Compile = Callable[[str], TextTest]


class Operator(NamedTuple):
    """A condition operator, taken apart."""

    name: str
    base: str
    """Its positive form: StringEquals of StringNotEquals."""
    negated: bool
    if_exists: bool
    quantifier: str
    """ForAnyValue, ForAllValues or nothing."""


@lru_cache(maxsize=4096)
def parse_operator(name: str) -> Operator | None:
    """Take an operator's name apart; None where AWS has no such operator."""
    quantifier, colon, rest = name.rpartition(":")
    if (colon and quantifier not in {"ForAnyValue", "ForAllValues"}) or (colon and rest == "Null"):
        return None
    base = rest.removesuffix("IfExists")
    if_exists = base != rest
    if base == "Null":
        return None if if_exists else Operator(name, base, negated=False, if_exists=False, quantifier="")
    negated = base in _NEGATED
    base = _NEGATED.get(base, base)
    return Operator(name, base, negated, if_exists, quantifier) if base in COMPILERS else None


def value_problem(op: Operator, value: str) -> str:
    """What is wrong with a policy value for *op*; empty where it is well-formed."""
    if op.base == "Null":
        return "" if value.lower() in {"true", "false"} else 'write "true" (the key is absent) or "false"'
    try:
        COMPILERS[op.base](value)
    except ValueError as error:
        return str(error)
    return ""


def _string_equals_ignore_case(value: str) -> TextTest:
    folded = value.casefold()
    return lambda text: text.casefold() == folded


def _bool(value: str) -> TextTest:
    wanted = value.lower()
    return lambda text: text.lower() == wanted


def _binary(value: str) -> TextTest:
    wanted = _bytes(value)
    return lambda text: _asked(_bytes, text) == wanted


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{text!r} is not base64") from None


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a number")
    return number


_YEAR_DIGITS = 4


@lru_cache(maxsize=4096)
def _instant(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 date or epoch seconds."""
    text = text.strip()
    if text.removeprefix("-").replace(".", "", 1).isdigit() and len(text) > _YEAR_DIGITS:
        return float(text)
    # Python's reader wants a month and a day; W3C's profile of ISO 8601 lets both be left out.
    whole = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        found = datetime.fromisoformat(whole)
    except ValueError:
        raise ValueError(f"{text!r} is no date: write 2026-01-31T00:00:00Z or epoch seconds") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=4096)
def _network(text: str) -> _Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no IP address or range: write 203.0.113.0/24") from None


def _ip_address(value: str) -> TextTest:
    network = _network(value)

    def test(text: str) -> bool:
        asked = _asked(_network, text)
        return bool(asked.version == network.version and asked.subnet_of(network))

    return test


def _asked(read: Callable[[str], Any], text: str) -> Any:  # noqa: ANN401 (what the reader gives)
    """Read a request's value; AWS does not document what a value of the wrong type matches."""
    try:
        return read(text)
    except ValueError as error:
        raise UnknownMatchError(f"the request's value does not fit the operator: {error}") from None


def _compared(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Compile:
    def compile_value(value: str) -> TextTest:
        bound = read(value)
        return lambda text: compare(_asked(read, text), bound)

    return compile_value


_COMPARISONS = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}

COMPILERS: dict[str, Compile] = {
    "StringEquals": lambda value: value.__eq__,
    "StringEqualsIgnoreCase": _string_equals_ignore_case,
    "StringLike": wildcard,
    "ArnEquals": arn_component_test,
    "ArnLike": arn_component_test,
    "Bool": _bool,
    "BinaryEquals": _binary,
    "IpAddress": _ip_address,
    **{f"Numeric{name}": _compared(_number, compare) for name, compare in _COMPARISONS.items()},
    **{f"Date{name}": _compared(_instant, compare) for name, compare in _COMPARISONS.items()},
}
"""Operators in their positive form, each with what makes a test of one policy value."""

_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}

WITH_VARIABLES = {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "Bool"}
"""Operators whose values may hold policy variables."""

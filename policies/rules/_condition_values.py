"""Whether a condition's operator and values fit its key."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final

from policies.rules._actions import global_keys
from policies.rules._documents import conditions, key_of
from policies.rules._matching import VARIABLE, has_wildcard, is_arn, key_type

# Source: IAM User Guide, "Condition operators", read 2026-11-29.
_OPERATOR: Final = re.compile(
    r"^((?P<set>ForAllValues|ForAnyValue):)?(?P<kind>"
    r"String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)(Not)?Equals|(Numeric|Date)(Less|Greater)Than(Equals)?"
    r"|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^(?P<null>Null)$",
    re.IGNORECASE,
)
_NAMES: Final = {
    "Numeric": "number",
    "Date": "date as 2026-12-31T23:59:59Z or in seconds since 1970",
    "Bool": "true or false",
    "IPAddress": "address or block as 203.0.113.0/24",
    "ARN": "ARN",
}
_DATE: Final = re.compile(
    r"^-?\d+(\.\d+)?$|^(\d{4})(-\d\d(-\d\d(T\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?)?)?$"
    r"|^\d{8}(T\d{4}(\d\d)?(Z|[+-]\d\d(:?\d\d)?)?)?$"
)
_INSIDE: Final = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def condition_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about operators and keys that there are not, and about values that can't be compared."""
    condition = key_of(statement, "Condition")
    if condition is not None and not (
        isinstance(condition, Mapping) and all(isinstance(keys, Mapping) for keys in condition.values())
    ):
        yield "Condition is not {operator: {key: value}}"
    yield from _twice(condition)
    for operator, key, values in conditions(statement):
        found = _OPERATOR.match(operator)
        kind = key_type(key)
        if found is None:
            yield f"there is no condition operator {operator}"
        if kind is None:
            yield f"there is no condition key {key}"
        if found is not None and not values:
            yield f"{operator} {key} has no value"
        elif found is not None and kind is not None:
            yield from _misfits("Null" if found["null"] else found["kind"], key, kind, values)


def _twice(condition: Any) -> Iterator[str]:
    """Keys know no case: AWS takes one spelling of each."""
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        names = [str(key).lower() for key in keys] if isinstance(keys, Mapping) else []
        yield from (f"{operator} has {key} more than once" for key in sorted(set(names)) if names.count(key) > 1)


def _misfits(operator: str, key: str, kind: str, values: list[Any]) -> Iterator[str]:
    family = _family(operator)
    texts = [_text(value) for value in values]
    if family == "String":
        yield from _never_spelled(operator, key, kind, texts)
        return
    if family not in ("Null", "Binary") and not _fits(family, key, kind):
        yield f"{operator} does not compare {key}, {_article(kind)}"
        return
    value_kind = "Bool" if family == "Null" else family
    for text in texts:
        if family != "Binary" and not _is_value(value_kind, text):
            yield f"{operator} {key}: {text} is not {_article(value_kind)}"
    if family in ("Bool", "Null") and {"true", "false"} <= {text.lower() for text in texts}:
        yield f"{operator} {key} takes one of true and false"
    # Source: IAM User Guide, "IAM policy validation check reference", Private IP address, read 2026-11-29.
    if key == "aws:sourceip" and family == "IPAddress" and texts and all(_is_private(text) for text in texts):
        yield "aws:sourceip is never a private address: name the VPC (aws:SourceVpc), or use aws:VpcSourceIp"


def _never_spelled(operator: str, key: str, kind: str, texts: list[str]) -> Iterator[str]:
    """Complain about values that a string operator can't find; it compares text, so it is right on any type of key."""
    if kind in ("", "String") or (kind == "ARN" and key not in global_keys()):  # services give names for ARNs, too
        return
    for text in texts:
        plain = text.lower() if operator.lower().endswith("ignorecase") else text
        if VARIABLE.search(text):
            continue
        if has_wildcard(text) and kind in ("Date", "IPAddress"):
            yield f"{operator} {key}: {text} is a pattern, {key} {_article(kind)}: compare it as one"
        elif not (has_wildcard(text) or _is_spelled(kind, plain)):
            yield f"{key} is never {text}: its value is {_article(kind)}"


def _family(operator: str) -> str:
    lower = operator.lower()
    if lower.endswith("ipaddress"):
        return "IPAddress"
    for name in ("String", "Numeric", "Date", "Bool", "Binary", "ARN"):
        if lower.startswith(name.lower()):
            return name
    return "Null"


def _fits(family: str, key: str, kind: str) -> bool:
    """Whether the operators of *family* compare keys of *kind*."""
    if family == "ARN" and kind == "String":
        return not key.startswith("aws:")  # a service's string may hold an ARN; no global one does
    return kind in ("", family) or (family == "Numeric" and key == "aws:epochtime")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _article(kind: str) -> str:
    name = _NAMES.get(kind, "string").partition(" as ")[0]
    return name if kind == "Bool" else f"an {name}" if name[0] in "aA" else f"a {name}"


def _is_spelled(kind: str, text: str) -> bool:
    """Whether a request's value of *kind* may be spelled as *text*."""
    if kind == "Bool":
        return text in ("true", "false")
    if kind == "IPAddress":
        try:
            return bool(ip_address(text))
        except ValueError:
            return False
    return _is_value(kind, text)


@lru_cache(maxsize=4096)
def _is_value(kind: str, text: str) -> bool:
    """Whether AWS reads *text* as a value of *kind* in a policy."""
    if kind == "Numeric":
        return re.match(r"^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$", text, re.IGNORECASE) is not None
    if kind == "Date":
        return _is_date(text)
    if kind == "Bool":
        return text.lower() in ("true", "false")
    if kind == "IPAddress":
        return _block(text) is not None
    if kind == "ARN":
        return is_arn(text)
    return True


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    day = re.match(r"^(\d{4})-(\d\d)(-\d\d)?", text)
    try:  # a thirteenth month is written in the right form, too
        return day is None or bool(date.fromisoformat(f"{day[1]}-{day[2]}{day[3] or '-01'}"))
    except ValueError:
        return False


def _block(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _is_private(text: str) -> bool:
    block = _block(text)
    return isinstance(block, IPv4Network) and any(block.subnet_of(inside) for inside in _INSIDE)


def mfa_faults(all_statements: list[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Complain about statements on aws:MultiFactorAuthPresent that let through who has not used MFA.

    Source: IAM User Guide, "AWS global condition context keys", aws:MultiFactorAuthPresent, read 2026-11-29: the key is
    not there where a request is signed by long-term keys. So Allow with BoolIfExists true, which the console writes,
    asks nobody for MFA who has such keys.
    """
    asked = [(each, key_of(each, "Effect"), _mfa(each)) for each in all_statements]
    denied = {test for _, effect, tests in asked if effect == "Deny" for test in tests}
    for statement, effect, tests in asked:
        if effect == "Deny" and ("false", "there") in tests and ("true", "null") not in denied:
            yield (
                statement,
                "denies nobody who signs with long-term keys: write BoolIfExists aws:MultiFactorAuthPresent",
            )
        if effect == "Deny" and tests == {("true", "null")} and ("false", "there") not in denied:
            yield statement, "denies no session without MFA: write BoolIfExists aws:MultiFactorAuthPresent false"
        if effect == "Allow" and any(value == "false" and operator != "null" for value, operator in tests):
            yield statement, "allows only who has not used MFA: write Bool aws:MultiFactorAuthPresent true"
        if effect == "Allow" and tests in ({("true", "ifexists")}, {("true", "null")}):
            yield (
                statement,
                "allows who signs with long-term keys, without MFA: write Bool aws:MultiFactorAuthPresent true",
            )
        if effect == "Allow" and tests == {("false", "null")}:
            yield statement, "allows every session, with MFA or without: write Bool aws:MultiFactorAuthPresent true"


def _mfa(statement: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what a statement asks of the key: (value, "there", "ifexists" or "null")."""
    tests = set()
    for operator, key, values in conditions(statement):
        if key == "aws:multifactorauthpresent":
            lower = operator.lower()
            absent = "not" in lower or lower.endswith("ifexists") or lower.startswith("forallvalues:")
            how = "null" if lower == "null" else "ifexists" if absent else "there"
            tests |= {(_opposite(each) if "not" in lower else each, how) for each in (_text(v).lower() for v in values)}
    return tests


def _opposite(value: str) -> str:
    return {"true": "false", "false": "true"}.get(value, value)

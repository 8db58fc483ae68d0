"""What a statement of an IAM policy may say: elements, actions, resources, condition keys and operators."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from policies.rules._actions import global_keys, prefixes, service
from policies.rules._documents import conditions, covers, key_of, texts

# Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "Condition operators", read 2026-11-21.
# Principal and NotPrincipal are not among the elements: AWS refuses them in a policy of an identity.
_ELEMENTS: Final = frozenset({"sid", "effect", "action", "notaction", "resource", "notresource", "condition"})
_OPERATOR: Final = re.compile(
    r"^((ForAllValues|ForAnyValue):)?("
    r"String(Not)?Equals(IgnoreCase)?|String(Not)?Like|(Numeric|Date)(Not)?Equals|(Numeric|Date)(Less|Greater)Than(Equals)?"
    r"|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$",
    re.IGNORECASE,
)


def statement_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about what AWS would refuse in a statement of an identity's policy, or would never match."""
    if key_of(statement, "Effect") not in ("Allow", "Deny"):
        yield f"Effect is {key_of(statement, 'Effect')}"
    yield from (f"there is no element {name}" for name in statement if name.lower() not in _ELEMENTS)
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        if key_of(statement, one) is None and key_of(statement, other) is None:
            yield f"no {one}"
        elif key_of(statement, one) is not None and key_of(statement, other) is not None:
            yield f"{one} beside {other}"
    yield from (
        f"{resource} is no ARN"
        for element in ("Resource", "NotResource")
        for resource in texts(statement, element)
        if not resource.startswith(("arn:", "*", "${"))
    )
    yield from (
        f"there is no condition operator {name}" for name, _, _ in conditions(statement) if not _OPERATOR.match(name)
    )
    yield from (
        f"there is no action {pattern}"
        for element in ("Action", "NotAction")
        for pattern in texts(statement, element)
        if not _exists(pattern)
    )
    yield from (f"there is no condition key {key}" for _, key, _ in conditions(statement) if not _key_exists(key))


@lru_cache(maxsize=4096)
def _exists(pattern: str) -> bool:
    if pattern == "*":
        return True
    prefix, colon, name = pattern.lower().partition(":")
    if not colon:
        return False
    known = [service(each) for each in prefixes() if covers(prefix, each)]
    return any(
        s is not None and any(covers(name, action) for kind in (s.restrictable, s.star_only) for action in kind)
        for s in known
    )


def _key_exists(key: str) -> bool:
    prefix, _, _ = key.partition(":")
    if "." in prefix or prefix in {"saml", "graph", "accounts", "cognito-identity"}:
        return True  # keys of identity providers
    known = service(prefix)
    return any(
        key == each
        or ("/" in each and key.startswith(each.partition("/")[0] + "/"))
        or ("${" in each and covers(re.sub(r"\$\{[^}]*\}", "*", each), key))
        for each in (*(known.keys if known else ()), *global_keys())
    )

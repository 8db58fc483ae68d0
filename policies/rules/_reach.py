"""Who a statement means, and what bounds it: anybody has many names besides *."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from policies.rules._addresses import is_wide
from policies.rules._documents import allows, conditions, covers, includes, key_of, principals, statements, texts

# Source: IAM User Guide, "AWS global condition context keys" (as its "Sensitive condition keys" say, a wildcard in one
# bounds nothing), and Amazon S3 User Guide, "The meaning of public"; read 2026-11-29. aws:VpcSourceIp and
# aws:Ec2InstanceSourcePrivateIPv4 are not here: private addresses are the same in everybody's VPC.
_FIXED: Final = frozenset(
    {
        *("aws:principalorgid", "aws:principalaccount", "aws:sourceorgid", "aws:sourceaccount", "aws:sourceowner"),
        *("aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid", "aws:ec2instancesourcevpc"),
        *("kms:calleraccount", "s3:dataaccesspointaccount"),
    }
)
_PATHS: Final = frozenset({"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"})
_ARNS: Final = frozenset(
    {
        *("aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn", "s3:dataaccesspointarn"),
        *("ec2:sourceinstancearn", "lambda:sourcefunctionarn", "ssm:sourceinstancearn"),
        *("codebuild:buildarn", "codebuild:projectarn", "elasticfilesystem:accesspointarn"),
    }
)
_TYING_KEYS: Final = _FIXED | _PATHS | _ARNS | {"aws:sourceip", "aws:userid"}
"""Condition keys that tie who asks to an account, an organisation or a network."""


OURS: Final = frozenset({"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount"})
"""Condition keys that tie what is asked for to an account or an organisation."""


class _ResourceKeys:
    """The condition keys that tie what is asked for: its account, its organisation, its tags."""

    def __contains__(self, key: object) -> bool:
        return key in OURS or "resourcetag/" in str(key)


_RESOURCE_KEYS: Final = _ResourceKeys()

_POSITIVE: Final = re.compile(
    r"^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|IpAddress)$", re.IGNORECASE
)
_VARIABLE: Final = re.compile(r"\$\{\s*([^},\s]*)[^}]*\}")
_WORD_AND_WILDCARDS: Final = re.compile(r"^/?([\w-]+[/:])?[*?/:]+$")
_ACCOUNT: Final = re.compile(r"^(\d{12}|arn:[^:]*:iam::\d{12}:(root|\*))$")
_BUCKET: Final = re.compile(r"^arn:[^:]*:s3:\*?:\*?:([^:]*)$")
_ARN_PARTS: Final = 6


def is_anybody(principal: str) -> bool:
    """Whether *principal* is everyone: *, or an ARN or account with a wildcard where the account stands.

    AWS refuses all but * as a principal; what they mean is plain.
    """
    if not _has_wildcard(principal):
        return False
    return not principal.startswith("arn:") or _has_wildcard(_account(principal))


def is_account(principal: str) -> bool:
    """Whether *principal* is all of one account."""
    return _ACCOUNT.match(principal) is not None


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _account(arn: str) -> str:
    """Return the account of *arn*; what a last wildcard swallows is one."""
    parts = arn.split(":", _ARN_PARTS - 1)
    return parts[4] if len(parts) == _ARN_PARTS else parts[-1]


def is_tied_to(statement: Mapping[str, Any], keys: Container[str]) -> bool:
    """Whether a condition ties the statement by one of *keys*: a positive operator, and values that bound something.

    An …IfExists or ForAllValues operator passes where the key is absent, so it ties nothing.
    """
    return any(
        key in keys
        and _POSITIVE.match(operator) is not None
        and bool(values)
        and not any(is_unbounded(key, str(value)) for value in values)
        for operator, key, values in conditions(statement)
    )


@lru_cache(maxsize=16384)
def is_unbounded(key: str, value: str) -> bool:
    """Whether *value* of the condition key *key* (in lower case) lets everyone in."""
    value = _VARIABLE.sub(lambda found: _stand_in(key, found[1].lower()), value)
    if not _has_wildcard(value):
        return key == "aws:sourceip" and is_wide(value)
    if key.endswith("orgpaths"):  # only an organisation's id is nobody else's
        return _has_wildcard(value.partition("/")[0])
    if key in _FIXED or key in OURS or key == "aws:sourceip":
        return True
    if key == "aws:userid":  # ROLE-ID:session, and anybody names a session
        return _has_wildcard(value.partition(":")[0])
    if key in _ARNS:
        return _is_any_arn(value)
    return not value.removeprefix("alias/").strip("*?")


def _stand_in(key: str, variable: str) -> str:
    """Return what a policy variable may be: whoever asks brings it along, unless it is of the other side."""
    if variable in {"*", "?", "$"}:  # the character itself
        return "-"
    theirs = key in _TYING_KEYS and variable not in {"aws:resourceaccount", "aws:resourceorgid"}
    return "*" if theirs else "0" * 12


def _is_any_arn(arn: str) -> bool:
    if not arn.startswith("arn:"):
        return True
    # A bucket's name is its owner's: AWS's own pages write arn:aws:s3:*:*:BUCKET.
    if found := _BUCKET.match(arn):
        return not found[1].strip("*?/")
    if account := _account(arn):
        return _has_wildcard(account)
    return _WORD_AND_WILDCARDS.match(arn.split(":", _ARN_PARTS - 1)[-1]) is not None  # a word is nobody's: restapis/


def is_restricted(statement: Mapping[str, Any]) -> bool:
    """Whether a condition ties who asks to an account, an organisation or a network."""
    return is_tied_to(statement, _TYING_KEYS)


def is_tied_to_resource(statement: Mapping[str, Any]) -> bool:
    """Whether a condition ties what is asked for."""
    return is_tied_to(statement, _RESOURCE_KEYS)


def public_statements(policy: Any) -> Iterator[str]:
    """Walk what a resource policy allows to anyone, each as a short description."""
    for number, statement in enumerate(allows(policy)):
        name = key_of(statement, "Sid") or f"Allow statement {number + 1}"
        if is_restricted(statement):
            continue
        for anybody in filter(is_anybody, principals(statement, "AWS")):
            yield f"{name} allows {', '.join(texts(statement, 'Action')) or 'everything'} to Principal {anybody}"
        if key_of(statement, "NotPrincipal") is not None:
            yield f"{name} allows everybody but its NotPrincipal"


def unnamed_actions(policy: Any, service: str = "") -> Iterator[str]:
    """Walk what a resource policy allows without naming it: by NotAction, or as *service*:*."""
    for statement in allows(policy):
        name = key_of(statement, "Sid") or "a statement"
        if key_of(statement, "NotAction") is not None:
            yield f"{name} allows everything but its NotAction"
        if service and any(covers(action, f"{service}:*") for action in texts(statement, "Action")):
            yield f"{name} allows {service}:*"


def denied_to_everyone(
    policy: Any, actions: Iterable[str], concerns: Callable[[Mapping[str, Any]], bool] = lambda _: True
) -> bool:
    """Whether *policy* denies all of *actions* to everyone, whatever holds, in statements it *concerns*."""
    left = set(actions)
    for statement in statements(policy):
        if (
            key_of(statement, "Effect") == "Deny"
            and any(map(is_anybody, principals(statement, "AWS")))
            and all(holds_always(*condition) for condition in conditions(statement))
            and concerns(statement)
        ):
            left = {action for action in left if not includes(statement, action)}
            if not left:
                return True
    return False


def holds_always(operator: str, key: str, values: list[Any]) -> bool:
    """Whether a condition is none: every signed request has a principal that is like *."""
    like = operator.lower().removesuffix("ifexists") in {"stringlike", "arnlike"}
    return (
        like
        and key in {"aws:principalarn", "aws:principalaccount"}
        and any(str(value).strip("*?:") in {"", "arn"} and "*" in str(value) for value in values)
    )

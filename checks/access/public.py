"""Whether S3 counts a bucket policy as public.

Source: S3 User Guide, "Blocking public access to your Amazon S3 storage", section "The meaning of public", read
2026-11-21: a policy is public unless each statement grants only to fixed principals, or under a condition that holds
one of the keys below to fixed values: without wildcard or variable, and no wide range of addresses.
"""

import ipaddress
import re

from checks.access.document import StatementText
from checks.access.operators import Operator
from checks.access.policy import Policy

_FIXING_KEYS = frozenset(
    {
        "aws:sourceip",
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalarn",
        "aws:principalaccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    }
)
_WIDEST_PREFIX = {4: 8, 6: 32}
_ACCESS_POINT_ACCOUNT = re.compile(r"arn:[a-z-]+:s3:[^:]*:\d{12}:")


def is_public(policy: Policy) -> bool:
    """Whether a statement allows something to everyone, with no condition that fixes who or from where."""
    return any(each.allow and _to_strangers(each) and not _fixed(each) for each in policy.texts)


def _to_strangers(statement: StatementText) -> bool:
    """Whether it means more than accounts, users, roles and services: everyone, or anyone with an identity provider."""
    principals = statement.principals or {}
    return statement.not_principal or "*" in principals.get("AWS", ()) or "Federated" in principals


def _fixed(statement: StatementText) -> bool:
    return any(
        key.lower() in _FIXING_KEYS
        and not (op.negated or op.if_exists or op.quantifier == "ForAllValues" or op.base == "Null")
        and all(_is_fixed(op, key.lower(), value) for value in values)
        for op, key, values in statement.conditions
    )


def _is_fixed(op: Operator, key: str, value: str) -> bool:
    if op.base == "IpAddress":
        network = ipaddress.ip_network(value, strict=False)
        return network.prefixlen >= _WIDEST_PREFIX[network.version]
    if key == "s3:dataaccesspointarn":
        # Any access point of one account is fixed enough.
        return _ACCESS_POINT_ACCOUNT.match(value) is not None and "${" not in value
    return not any(sign in value for sign in ("*", "?", "${"))

"""Whether S3 counts a bucket policy as public.

Source: S3 User Guide, "Blocking public access to your Amazon S3 storage", section "The meaning of public": a policy is
public unless it grants only to fixed principals, or to everyone under a condition that fixes one of the keys below.
"""

import ipaddress

from checks.access.operators import Operator
from checks.access.policy import Policy, Statement

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


def is_public(policy: Policy) -> bool:
    """Whether a statement allows something to everyone, with no condition that fixes who or from where."""
    return any(statement.allow and _to_everyone(statement) and not _fixed(statement) for statement in policy.statements)


def _to_everyone(statement: Statement) -> bool:
    return statement.text.not_principal or "*" in (statement.text.principals or {}).get("AWS", ())


def _fixed(statement: Statement) -> bool:
    return any(
        key.lower() in _FIXING_KEYS
        and not (op.negated or op.if_exists or op.quantifier == "ForAllValues" or op.base == "Null")
        and all(_is_fixed(op, value) for value in values)
        for op, key, values in statement.text.conditions
    )


def _is_fixed(op: Operator, value: str) -> bool:
    """Whether a value leaves no room for strangers: no wildcard, no variable, no wide range of addresses."""
    if op.base == "IpAddress":
        network = ipaddress.ip_network(value, strict=False)
        return network.prefixlen >= _WIDEST_PREFIX[network.version]
    return "*" not in value and "?" not in value and "${" not in value

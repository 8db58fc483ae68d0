"""IAM: which of AWS's own policies are given to anyone, wherever that is said."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules.identities import NAME
from policies.rules.plain import Reader
from policies.rules.registry import rule

_PATHS: Final = ("policyArn", "policyArns[]", "managedPolicyArns[]")
_PATHS_OF_PERMISSION_SETS: Final = ("managedPolicyArn", "managedPolicyArns[]")
_BROAD: Final = re.compile(r"^arn:[^:]+:iam::aws:policy/(?:.*/)?(\w*FullAccess\w*|PowerUserAccess)$")


def _given(r: Reader) -> Iterator[tuple[str, str]]:
    """Walk the managed policies that *r* gives, each with its path."""
    for path in _PATHS_OF_PERMISSION_SETS if r.resource.type.startswith("aws:ssoadmin/") else _PATHS:
        for shown, arn in r.each(path):
            yield shown, str(arn)


@rule("iam-no-administratoraccess", NAME)
def no_administrator(r: Reader) -> Iterator[str]:
    """A permission set for emergencies writes an exception."""
    yield from (
        f"{shown} is AdministratorAccess" for shown, arn in _given(r) if arn.endswith(":policy/AdministratorAccess")
    )


@rule("iam-no-iamfullaccess", NAME)
def no_iam_full_access(r: Reader) -> Iterator[str]:
    """Who may write policies may do everything."""
    yield from (f"{shown} is IAMFullAccess" for shown, arn in _given(r) if arn.endswith(":policy/IAMFullAccess"))


@rule("iam-no-aws-managed-broad", NAME)
def no_full_access(r: Reader) -> Iterator[str]:
    """AWS's …FullAccess policies, also …FullAccess_v2 and …FullAccessPolicy; AmazonSageMakerFullAccess first of all."""
    for shown, arn in _given(r):
        if match := _BROAD.match(arn):
            yield f"{shown} is {match[1]}"

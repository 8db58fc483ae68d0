"""Roles that nobody can take: the account is closed, or IAM does not know the role everywhere yet.

The words: what the AWS provider tries again for (its sources: sagemaker/feature_group.go, ec2/vpc_flow_log.go), and for
SageMaker's other calls what its users quote; read 2026-11-29.
"""

from collections.abc import Mapping
from typing import Final

from local.authority.rights import Right
from local.authority.signer import closed
from local.authority.young import YOUNG
from local.handlers.operation import Call

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "CreateFeatureGroup": ("ValidationException", "The execution role ARN is invalid."),
    "CreateFlowLogs": ("InvalidParameter", "Unable to assume given IAM role. Error: {role} is not there."),
}
"""Operation → error code and message, where it does not say what SageMaker says."""

_SAGEMAKER: Final = (
    "Could not assume role {role}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' "
    "to assume the role."
)


def out_of_reach(role_arn: str) -> str:
    """Return why nobody can assume a role at the moment; empty: it is there."""
    parts = role_arn.split(":")
    if len(parts) > 4 and closed(parts[4]):  # noqa: PLR2004 - an ARN's account
        return "the account is closed"
    return "the role is new" if YOUNG.missing(role_arn) else ""


def unknown_role(call: Call, right: Right) -> tuple[str, str] | None:
    """Return code and message where a service tries a role in this very call, as *right* says, and cannot take it."""
    tried = right.resource if right.action == "sts:AssumeRole" else right.who
    if right.who == "caller" or not tried.startswith("arn:") or not YOUNG.missing(tried):
        return None
    code, message = _WORDS.get(call.operation, ("ValidationException", _SAGEMAKER))
    return code, message.format(role=tried)

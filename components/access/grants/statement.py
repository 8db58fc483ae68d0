"""One IAM statement with the reason for its wildcards, and documents made of statements."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi

Condition = Mapping[str, Mapping[str, "pulumi.Input[str] | Sequence[pulumi.Input[str]]"]]
"""Operator → key → value or values."""

MANAGED_POLICY_CHARACTERS = 6144
"""Size of a managed policy without white space. Source: IAM User Guide, "IAM and STS quotas", read 2026-11-20."""

ENCRYPT = ("kms:Encrypt", "kms:GenerateDataKey")
"""What writes with a key: S3 asks for the second, and for a job that names an output key SageMaker lists the first.

Source: SageMaker Developer Guide, "How to use SageMaker AI execution roles", read 2026-11-29.
"""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy."""

    sid: str
    """What the statement is for, in CamelCase [letters and digits]."""

    actions: tuple[str, ...]
    """IAM actions, service:Action."""

    resources: tuple[pulumi.Input[str], ...]
    """ARNs, or "*" where AWS knows no resource for the actions."""

    conditions: Condition = field(default_factory=dict)
    """When it holds; empty: always."""

    effect: Literal["Allow", "Deny"] = "Allow"
    """Whether it allows or denies."""

    reason: str = ""
    """Why a wildcard stands in actions or resources; a test insists on it."""

    def document(self) -> dict[str, Any]:
        """Return the statement as IAM's policy language has it."""
        return {
            "Sid": self.sid,
            "Effect": self.effect,
            "Action": list(self.actions),
            "Resource": list(self.resources),
            **({"Condition": self.conditions} if self.conditions else {}),
        }


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """Return a policy document that holds *statements*."""
    return {"Version": "2012-10-17", "Statement": [statement.document() for statement in statements]}


def policy_json(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """Return the policy's text, without white space: that is how AWS counts its size."""
    return pulumi.Output.json_dumps(document(statements), separators=(",", ":"))


def size(statements: Sequence[Statement]) -> int:
    """Return how many characters AWS counts for *statements*, all values being known."""
    return len(json.dumps(document(statements), separators=(",", ":")))


def trust_sagemaker(account_id: str) -> dict[str, Any]:
    """Return the trust policy of a role that SageMaker assumes for *account_id* and for no other account.

    Studio stamps each session with the user profile's name (sts:SetSourceIdentity); a role that does not allow
    the stamp can be assumed neither by Studio nor from a Studio session.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
                "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
            }
        ],
    }


def trust_roles(account_id: str, role_arns: Sequence[str]) -> dict[str, Any]:
    """Return the trust policy of a role that only *role_arns* of another account may assume.

    The principal is the account: AWS refuses a policy that names a role which does not exist yet, and the stacks
    do not wait for each other.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
                "Condition": {"ArnEquals": {"aws:PrincipalArn": list(role_arns)}},
            }
        ],
    }

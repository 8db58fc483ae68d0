"""What a person may do before Studio: find the domain and open the profile that is theirs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.access.grants.statement import Condition, Statement
from zone import names

SESSION_HOURS: Final = 8
"""Length of a sign-in [hours]: a working day. AWS asks for the right again with every request of the browser."""

_AUDIENCE: Final = "https://signin.aws.amazon.com/saml"
"""Where SAML's assertion must be meant for: AWS's own sign-in. Source: IAM User Guide, "Create a role for SAML 2.0
federation", read 2026-11-29."""

_MINE: Final[Condition] = {
    "StringEquals": {f"sagemaker:ResourceTag/{names.PERSON_TAG}": f"${{aws:PrincipalTag/{names.PERSON_TAG}}}"}
}
"""A profile's tag is the session's. A session without the tag has no profile: the variable is then without a value, and
nothing equals it. Source: whitepaper SageMaker Studio Administration Best Practices, "Permissions management", and IAM
User Guide, "IAM policy elements: Variables and tags", read 2026-11-29."""


def enter(regions: Sequence[str], account_id: str = "*") -> tuple[Statement, ...]:
    """Open one's own Studio profile, and see what leads there.

    Args:
        regions: where the domains are.
        account_id: the account; `*` in a permission set, which works in the account it is assigned in and no other.
    """

    def every(kind: str) -> tuple[str, ...]:
        return tuple(f"arn:aws:sagemaker:{region}:{account_id}:{kind}/*" for region in regions)

    return (
        Statement(
            sid="OpenMyStudio",
            actions=("sagemaker:CreatePresignedDomainUrl", "sagemaker:DescribeUserProfile"),
            resources=every("user-profile"),
            conditions=_MINE,
            reason="the tag says whose a profile is; the id of its domain comes from AWS",
        ),
        Statement(
            sid="SeeTheDomain",
            actions=("sagemaker:DescribeDomain",),
            resources=every("domain"),
            reason="an account has one domain, its id comes from AWS",
        ),
        Statement(
            sid="FindStudio",
            actions=("sagemaker:ListDomains", "sagemaker:ListUserProfiles"),
            resources=("*",),
            reason="SageMaker knows no resource for lists",
        ),
    )


def trust_people(account_id: str, trusted: Sequence[str]) -> dict[str, Any]:
    """Return the trust policy of a role for people for whom *trusted* vouches; each session is tagged with its person.

    A SAML provider says itself who comes. A role's session must carry the tag already: what it hands over is its own.

    Args:
        account_id: the role's account.
        trusted: saml-provider/NAME of that account, or the ARN of a role.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            _of_role(each) if each.startswith("arn:") else _of_provider(f"arn:aws:iam::{account_id}:{each}")
            for each in trusted
        ],
    }


def _of_provider(arn: str) -> Mapping[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Federated": arn},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": {
            "StringEquals": {"SAML:aud": _AUDIENCE},
            "StringLike": {f"aws:RequestTag/{names.PERSON_TAG}": "?*"},
        },
    }


def _of_role(arn: str) -> Mapping[str, Any]:
    own = f"${{aws:PrincipalTag/{names.PERSON_TAG}}}"
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{arn.split(':')[4]}:root"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": arn},
            "StringEquals": {f"aws:RequestTag/{names.PERSON_TAG}": own},
        },
    }

"""The roles that CI's jobs take in the management account."""

import json
from collections.abc import Mapping
from typing import Any, Final

from operations.bootstrap.provider import host, provider_arn
from operations.bootstrap.work import CHANGE, MAKE, Work, ours, same, tag_list
from zone.plan.integration import IntegrationPlan

_KIND: Final = "role"
POLICY: Final = "mlz-bootstrap"
"""Name of the role's only policy."""


def trust(account_id: str, wanted: IntegrationPlan, job: str) -> dict[str, Any]:
    """Return the trust policy of the role of *job*, an environment or `preview`: its own tokens, no other.

    Source: IAM User Guide, "Create a role for OpenID Connect federation (console)" and "Available keys for AWS OIDC
    federation" (aud and sub hold for any issuer), read 2026-11-30.
    """
    name, subject = host(wanted.issuer), wanted.subjects[job]
    said = {f"{name}:aud": wanted.audience, f"{name}:sub": subject}
    exact = {key: value for key, value in said.items() if "*" not in value}
    like = {key: value for key, value in said.items() if key not in exact}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider_arn(account_id, wanted.issuer)},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": exact} | ({"StringLike": like} if like else {}),
            }
        ],
    }


def role(
    iam: Any,
    name: str,
    *,
    description: str,
    trusted: Mapping[str, Any],
    rights: Mapping[str, Any],
    tags: Mapping[str, str],
    work: Work,
) -> None:
    """Have the role, trusted and entitled as it should be; one that somebody else made is refused, never changed."""
    try:
        found = iam.get_role(RoleName=name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        found = None

    def entitle() -> None:
        iam.put_role_policy(RoleName=name, PolicyName=POLICY, PolicyDocument=json.dumps(rights))

    if found is None:

        def make() -> None:
            text = json.dumps(trusted)
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=text, Description=description, Tags=tag_list(tags))
            entitle()

        work.change(MAKE, _KIND, name, description, make)
        return
    if not ours(found.get("Tags", [])):
        remedy = "somebody else's role has this name: delete it, or tag it mlz:made-by=bootstrap to hand it over"
        work.refused(_KIND, name, remedy)
        return
    differs = []
    if not same(found["AssumeRolePolicyDocument"], trusted):
        differs.append("whom it trusts")
    if not same(_rights(iam, name), rights):
        differs.append("what it may do")
    if not differs:
        work.found(_KIND, name, description)
        return

    def mend() -> None:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trusted))
        entitle()

    work.change(CHANGE, _KIND, name, " and ".join(differs), mend)


def _rights(iam: Any, name: str) -> object:
    try:
        held: object = iam.get_role_policy(RoleName=name, PolicyName=POLICY)["PolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        return None
    return held

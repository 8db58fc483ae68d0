"""The policies of a model: versions are evidence nobody at work deletes, and other environments take what is theirs."""

from collections.abc import Sequence
from typing import Any

from components.access.grants.runtime import PULL
from zone import names, schedule_names


def keep_versions(team: str, model: str, *, account_id: str, region: str, provisioning_role: str) -> dict[str, Any]:
    """Return the policy that denies deleting *model*'s group or versions to all but the role that deploys."""
    group = names.model_package_group(team, model)
    home = f"arn:aws:sagemaker:{region}:{account_id}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "KeepVersions",
                "Effect": "Deny",
                "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                "Action": ["sagemaker:DeleteModelPackage", "sagemaker:DeleteModelPackageGroup"],
                "Resource": [f"{home}:model-package-group/{group}", f"{home}:model-package/{group}/*"],
                "Condition": {
                    "ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{account_id}:role/{provisioning_role}"}
                },
            }
        ],
    }


def promote_versions(
    team: str, model: str, *, account_id: str, region: str, takers: Sequence[str], provisioning_role: str
) -> list[dict[str, Any]]:
    """Return the statements that let other environments deploy *model*'s versions, and change none.

    AWS's example gives UpdateModelPackage too, by which the other side could approve. An account is the principal, for
    AWS refuses roles that do not exist yet; the condition names them. Source: SageMaker Developer Guide, "Deploy a
    Model Version from a Different Account" (awsdocs/amazon-sagemaker-developer-guide,
    doc_source/model-registry-deploy.md), read 2026-11-30.

    Args:
        team: the team.
        model: its model.
        account_id: the team's account.
        region: region of the account.
        takers: ids of the accounts that may deploy it.
        provisioning_role: name of the role that deploys declared endpoints there.
    """
    if not takers:
        return []
    group = names.model_package_group(team, model)
    home = f"arn:aws:sagemaker:{region}:{account_id}"
    common = {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{taker}:root" for taker in takers]},
        "Condition": {
            "ArnLike": {
                "aws:PrincipalArn": [
                    *(names.role_arn("*", role) for role in (*names.MODEL_MAKERS, schedule_names.SPARK)),
                    f"arn:aws:iam::*:role/{provisioning_role}",
                ]
            }
        },
    }
    return [
        {
            "Sid": "PromotedGroup",
            **common,
            "Action": ["sagemaker:DescribeModelPackageGroup"],
            "Resource": f"{home}:model-package-group/{group}",
        },
        {
            "Sid": "PromotedVersions",
            **common,
            "Action": ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages", "sagemaker:CreateModel"],
            "Resource": f"{home}:model-package/{group}/*",
        },
    ]


def promote_images(takers: Sequence[str]) -> dict[str, Any]:
    """Return the policy of an image repository from which the model's users in *takers* pull.

    SageMaker pulls with the role of the model. It needs no right on the key: ECR decrypts by a grant of its own.
    Source: Amazon ECR User Guide, "Repository policy examples" and "Encryption at rest"
    (awsdocs/amazon-ecr-user-guide), read 2026-11-30.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "PromotedImages",
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{taker}:root" for taker in takers]},
                "Action": list(PULL),
                "Condition": {
                    "ArnLike": {"aws:PrincipalArn": [names.role_arn("*", role) for role in names.MODEL_USERS]}
                },
            }
        ],
    }

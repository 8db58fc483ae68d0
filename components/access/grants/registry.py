"""The policy of a model package group: versions are evidence, nobody at work deletes them."""

from typing import Any

from zone import names


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

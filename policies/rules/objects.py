"""S3 objects: the key they are encrypted with, and the other doors to them: access points, browsers, websites."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import document, texts
from policies.rules._reach import denied_to_everyone
from policies.rules.buckets import BUCKETS
from policies.rules.plain import Reader, Resource, is_set, shown_value
from policies.rules.registry import Stack, rule, stack_rule

ENCRYPTIONS: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
KEY: Final = "applyServerSideEncryptionByDefault.kmsMasterKeyId"


@stack_rule("s3-sse-enabled", "add a BucketServerSideEncryptionConfiguration with the account's key")
def encryption_configured(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Without one AWS encrypts with a key of its own, which nobody can be kept from."""
    for bucket in stack.of(*BUCKETS):
        inline = ("serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations")
        if stack.lacks(bucket, ENCRYPTIONS, "bucket", *inline):
            yield bucket, "no BucketServerSideEncryptionConfiguration is for this bucket"


@rule("s3-sse-kms-cmk", "set kmsMasterKeyId to the account's data key")
def own_key(r: Reader) -> Iterator[str]:
    """An absent key is aws/s3, whose policy cannot be changed."""
    for encryption in r.elements("rules[]"):
        if _by_kms(encryption):
            for shown, key in encryption.each(KEY):
                if not is_set(key) or str(key).endswith("alias/aws/s3"):
                    yield f"{shown} is {shown_value(key, 'aws/s3')}"


@rule("s3-bucket-key", "set bucketKeyEnabled to true")
def bucket_key(r: Reader) -> Iterator[str]:
    """Without one, each object is a paid call to KMS. Dual-layer encryption takes none."""
    for encryption in r.elements("rules[]"):
        if _by_kms(encryption, "aws:kms"):
            yield from encryption.unless("bucketKeyEnabled", True, default=False)


def _by_kms(encryption: Reader, *algorithms: str) -> bool:
    algorithm = encryption.get("applyServerSideEncryptionByDefault.sseAlgorithm")
    return algorithm in (algorithms or ("aws:kms", "aws:kms:dsse"))


@rule("s3-policy-no-lockout", "tie the Deny by a condition, or name the actions")
def no_lockout(r: Reader) -> Iterator[str]:
    """Only the account's root user can then mend the policy. Who may either put or delete it is not locked out."""
    changes = ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
    if denied_to_everyone(document(r, "policy"), changes, _reaches_bucket):
        yield f"policy denies {' and '.join(changes)} to everyone"


def _reaches_bucket(statement: Mapping[str, Any]) -> bool:
    """Whether the bucket itself is meant, not only its objects."""
    if spared := texts(statement, "NotResource"):
        return all("/" in resource for resource in spared)
    return any("/" not in resource for resource in texts(statement, "Resource"))


@rule("s3-access-point-block", "leave publicAccessBlockConfiguration out, and set vpcConfiguration.vpcId")
def access_point(r: Reader) -> Iterator[str]:
    """Each of the four settings is true where absent; what is chosen at creation cannot be changed later.

    Source: Amazon S3 User Guide, "Managing public access to access points", read 2026-11-21.
    """
    for setting in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"):
        yield from r.unless(f"publicAccessBlockConfiguration.{setting}", True, default=True)
    yield from r.missing("vpcConfiguration.vpcId")


@rule("s3-no-website-cors-star", "name the origins; serve websites by CloudFront from a bucket of their own")
def no_website(r: Reader) -> Iterator[str]:
    """A website endpoint answers without TLS and without asking who asks. Inline on the bucket or on its own."""
    for shown, origin in r.each("corsRules[].allowedOrigins[]"):
        if origin == "*":
            yield f"{shown} is *"
    if r.resource.type in BUCKETS:
        for path in ("website", "websites"):
            yield from (f"{shown} is set" for shown, website in r.each(path) if is_set(website))
    elif "Website" in r.resource.type:
        yield "it makes the bucket a website"

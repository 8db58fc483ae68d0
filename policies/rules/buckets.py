"""S3: public access, encryption, versions, logs."""

from collections.abc import Iterator
from typing import Final

from policies.rules._documents import (
    as_list,
    conditions,
    covers,
    document,
    key_of,
    principals,
    statements,
    texts,
)
from policies.rules._reach import public_statements
from policies.rules.plain import UNKNOWN, Reader, Resource, is_set
from policies.rules.registry import Stack, names_of, rule, stack_rule

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BLOCKS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
PUBLIC_ACLS: Final = ("public-read", "public-read-write", "authenticated-read")
PUBLIC_GROUPS: Final = ("/global/AllUsers", "/global/AuthenticatedUsers")


def _all_blocked(r: Reader) -> Iterator[str]:
    for path in BLOCKS:
        yield from r.unless(path, True, default=False)


rule("s3-public-access-block-all", "set all four settings to true")(_all_blocked)
rule("s3-account-public-access-block", "set all four settings to true")(_all_blocked)


@stack_rule("s3-public-access-block-present", "add a BucketPublicAccessBlock with all four settings")
def block_present(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """The account's own block is no replacement: it may be lifted for one other bucket."""
    for bucket in stack.of(*BUCKETS):
        if stack.about(bucket, ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"], "bucket") == []:
            yield bucket, "no BucketPublicAccessBlock is for this bucket"


@rule("s3-no-public-acl", "leave the ACL out: bucket policies say who may read")
def no_public_acl(r: Reader) -> Iterator[str]:
    """On the bucket or on its BucketAcl, canned or as grants."""
    for shown, acl in r.each("acl"):
        if acl in PUBLIC_ACLS:
            yield f"{shown} is {acl}"
    for path in ("accessControlPolicy.grants[].grantee.uri", "grants[].uri"):
        for shown, uri in r.each(path):
            if str(uri).endswith(PUBLIC_GROUPS):
                yield f"{shown} is {uri}"


@rule("s3-sse-kms", "set sseAlgorithm to aws:kms with the account's data key")
def encrypted_by_kms(r: Reader) -> Iterator[str]:
    """AES256 is AWS's key: nobody can be kept from it. On a Bucket only what is said inline is judged."""
    inline = r.resource.type in BUCKETS
    for said in r.elements("serverSideEncryptionConfiguration.rule" if inline else "rules[]"):
        yield from said.unless("applyServerSideEncryptionByDefault.sseAlgorithm", "aws:kms", "aws:kms:dsse")


@stack_rule("s3-versioning", "add a BucketVersioning with status Enabled")
def versioned(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Inline on the bucket or as a resource of its own."""
    kinds = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
    for bucket in stack.of(*BUCKETS):
        found = stack.about(bucket, kinds, "bucket")
        inline = stack.any_is(bucket, [bucket], "versioning.enabled", True, "true")
        if (
            found is not None
            and not inline
            and not stack.any_is(bucket, found, "versioningConfiguration.status", "Enabled")
        ):
            yield bucket, "no BucketVersioning enables versions of this bucket"


@rule("s3-ssl-requests-only", "deny s3:* to everyone on bucket and objects when aws:SecureTransport is false")
def ssl_only(r: Reader) -> Iterator[str]:
    """One Deny over both resources, or two."""
    covered = set()
    policy = document(r, "policy")
    for statement in statements(policy):
        plain_transport = any(
            key == "aws:securetransport"
            and operator.lower() in ("bool", "boolifexists")
            and "false" in [str(value).lower() for value in values]
            for operator, key, values in conditions(statement)
        )
        alone = len(list(conditions(statement))) == 1
        everything = any(covers(action, "s3:*") for action in texts(statement, "Action"))
        if (
            key_of(statement, "Effect") == "Deny"
            and plain_transport
            and alone
            and everything
            and "*" in principals(statement, "AWS")
        ):
            for resource in as_list(key_of(statement, "Resource")):
                bucket, slash, _ = str(resource).partition("/")
                covered |= {"objects"} if slash else {"bucket", "objects"} if bucket.endswith("*") else {"bucket"}
            if covered == {"bucket", "objects"}:
                return
    if not r.waits_for:
        missing = " and ".join(sorted({"bucket", "objects"} - covered))
        yield f"policy does not deny requests without TLS on {missing}"


@rule("s3-policy-no-public-principal", "name the principals, or add aws:PrincipalOrgID")
def policy_not_public(r: Reader) -> Iterator[str]:
    """A weak condition does not make it private."""
    yield from public_statements(document(r, "policy"))


@stack_rule("s3-logging", "add a BucketLogging to the account's log bucket")
def logged(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Log buckets are exempt: logging a log bucket into itself never ends."""
    kinds = ("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2")
    loggings = list(stack.of(*kinds))
    targets = [value for each in loggings for _, value in Reader(each, {}).each("targetBucket") if is_set(value)]
    hidden = any(each.props.get("targetBucket") is UNKNOWN and not each.depends_on for each in loggings)
    for bucket in stack.of(*BUCKETS):
        noted = len(stack.waits_for)
        inline = [
            v for p in ("logging.targetBucket", "loggings[].targetBucket") for v in stack.known(bucket, bucket, p)
        ]
        is_target = any(name in targets for name in names_of(bucket) if isinstance(name, str))
        # A BucketLogging that depends on the bucket is for it, or logs into it.
        if any(is_set(v) for v in inline) or is_target or any(bucket.key in each.depends_on for each in loggings):
            continue
        if hidden or (targets and bucket.props.get("bucket") is UNKNOWN):
            stack.waits_for.append((bucket, "bucket"))
        if stack.about(bucket, kinds, "bucket") == [] and len(stack.waits_for) == noted:
            yield bucket, "no BucketLogging is for this bucket"

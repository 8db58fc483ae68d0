"""The bucket of Pulumi's state: versioned, encrypted, reached by TLS only, each environment's part by its own role."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.bootstrap.work import CHANGE, FOREIGN, MAKE, Work, ours, same, tag_list
from zone import names

_KIND: Final = "bucket"
_CLOSED: Final = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_ABSENT: Final = (
    "NoSuchBucketPolicy",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "ServerSideEncryptionConfigurationNotFoundError",
)


@dataclass(frozen=True)
class _Setting:
    name: str
    read: Callable[[], object]
    wanted: object
    put: Callable[[], object]


def of_environment(bucket: str, project: str, environment: str) -> list[str]:
    """Return the ARNs of what Pulumi keeps of the stacks of *environment*: dev, dev-fraud ….

    .pulumi/stacks/<project>/<stack>.json and its copies, .pulumi/history/<project>/<stack>/…, backups alike, and
    .pulumi/locks/organization/<project>/<stack>/…. Source: Pulumi 3.259's own object names in a bucket, 2026-11-30.
    """
    stem = f"arn:aws:s3:::{bucket}/.pulumi/*/{project}/{environment}"
    return [f"{stem}.*", f"{stem}/*", f"{stem}-*"]


def bucket_policy(bucket: str, project: str, account_id: str, environments: Sequence[str]) -> dict[str, Any]:
    """Return the bucket's policy: no call without TLS, and no CI role in the part of another environment.

    What people may do, their IAM policies say: who has `s3:GetObject` and `kms:Decrypt` for everything reads it.
    """
    arn = f"arn:aws:s3:::{bucket}"
    roles = f"arn:aws:iam::{account_id}:role"
    apart = [
        {
            "Sid": f"Only{environment.capitalize()}",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*"],
            "Resource": of_environment(bucket, project, environment),
            "Condition": {
                "ArnLike": {"aws:PrincipalArn": f"{roles}/{names.DEPLOY}*"},
                "ArnNotEquals": {"aws:PrincipalArn": f"{roles}/{names.deploy_role(environment)}"},
            },
        }
        for environment in environments
    ]
    tls = {
        "Sid": "OnlyByTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [tls, *apart]}


def state_bucket(
    s3: Any,
    name: str,
    *,
    account_id: str,
    key_arn: str,
    policy: Mapping[str, Any],
    tags: Mapping[str, str],
    work: Work,
) -> None:
    """Have the bucket as it should be; one that somebody else made is only looked at.

    Args:
        s3: a client of the bucket's region.
        name: its name.
        account_id: whose it must be: elsewhere somebody could have taken the name.
        key_arn: what encrypts it.
        policy: see bucket_policy.
        tags: of a new one.
        work: changes and keeps what it saw.
    """
    there = _there(s3, name, account_id)
    if there is None:
        remedy = "belongs to another account: choose a free name, state_bucket in org/environment.yaml"
        work.refused(_KIND, name, remedy)
        return
    settings = _settings(s3, name, key_arn, policy)
    what = ", ".join(setting.name for setting in settings)
    if not there:
        work.change(MAKE, _KIND, name, f"with {what}", lambda: _make(s3, name, tags, settings))
        return
    marked = ours((_or_nothing(lambda: s3.get_bucket_tagging(Bucket=name)) or {}).get("TagSet", []))
    differing = [setting for setting in settings if not same(_or_nothing(setting.read), setting.wanted)]
    lacks = ", ".join(setting.name for setting in differing)
    if not differing:
        work.found(_KIND, name)
    elif marked:
        work.change(CHANGE, _KIND, name, lacks, lambda: [setting.put() for setting in differing])
    else:
        work.found(_KIND, name, f"{FOREIGN}; it has its own {lacks}")


def _settings(s3: Any, name: str, key_arn: str, policy: Mapping[str, Any]) -> list[_Setting]:
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
    return [
        _Setting(
            "no public access",
            lambda: s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"],
            _CLOSED,
            lambda: s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=_CLOSED),
        ),
        _Setting(
            "encryption",
            lambda: s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0][
                "ApplyServerSideEncryptionByDefault"
            ],
            encryption,
            lambda: s3.put_bucket_encryption(
                Bucket=name,
                ServerSideEncryptionConfiguration={
                    # One data key serves many objects: KMS is asked less often.
                    "Rules": [{"ApplyServerSideEncryptionByDefault": encryption, "BucketKeyEnabled": True}]
                },
            ),
        ),
        _Setting(
            "versions",
            lambda: s3.get_bucket_versioning(Bucket=name).get("Status"),
            "Enabled",
            lambda: s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"}),
        ),
        _Setting(
            "policy",
            lambda: s3.get_bucket_policy(Bucket=name)["Policy"],
            policy,
            lambda: s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy)),
        ),
    ]


def _there(s3: Any, name: str, account_id: str) -> bool | None:
    """Whether the account has the bucket; None: another account has.

    Source: Amazon S3 API Reference, HeadBucket: 404 where there is none, 403 where it is not yours or not of the
    expected owner, read 2026-11-30.
    """
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account_id)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in {"404", "NoSuchBucket"}:
            return False
        if code in {"403", "AccessDenied"}:
            return None
        raise
    return True


def _make(s3: Any, name: str, tags: Mapping[str, str], settings: Sequence[_Setting]) -> None:
    # Tags come with the bucket, so that a killed run knows its own. us-east-1 takes no constraint: it is the default.
    # Source: Amazon S3 API Reference, CreateBucket, read 2026-11-30.
    region = s3.meta.region_name
    place = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={**place, "Tags": tag_list(tags)})
    for setting in settings:
        setting.put()


def _or_nothing(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise

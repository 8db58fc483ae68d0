"""What the CI's roles may do in the management account: least, and each line with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.bootstrap.bucket import of_environment
from zone import names


@dataclass(frozen=True, kw_only=True)
class State:
    """Where Pulumi keeps what it knows."""

    bucket: str
    """Name of the bucket."""

    project: str
    """Pulumi's project: a part of the objects' names."""

    bucket_key: str
    """ARN of the key that encrypts the bucket."""

    keys: Mapping[str, str]
    """Environment → ARN of the key that encrypts its states' secrets."""


def allow(sid: str, actions: Sequence[str], resources: Sequence[str], condition: object = None) -> dict[str, Any]:
    """Write one statement that allows."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": list(resources)}
    return statement | ({"Condition": condition} if condition else {})


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Put statements into a policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def deploying(state: State, environment: str) -> list[dict[str, Any]]:
    """Read and write the states of *environment*.

    The four S3 actions are all that Pulumi needs of a bucket: pulumi/docs pull request 19948, where each was taken away
    and missed. Read 2026-11-30.
    """
    arn = f"arn:aws:s3:::{state.bucket}"
    return [
        # Names of other environments' stacks are seen: Pulumi lists a folder that holds all. No secret: they are
        # account keys of this repository.
        allow("ListStates", ["s3:ListBucket"], [arn]),
        allow(
            "OwnStates",
            ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            of_environment(state.bucket, state.project, environment),
        ),
        # How the backend is laid out: read before anything else, written once by whoever comes first.
        allow("Layout", ["s3:GetObject", "s3:PutObject"], [f"{arn}/.pulumi/meta.yaml"]),
        allow("BucketKey", ["kms:Decrypt", "kms:GenerateDataKey"], [state.bucket_key]),
        # A new data key is encrypted where the settings file has none.
        allow("SecretsKey", ["kms:Decrypt", "kms:Encrypt"], [state.keys[environment]]),
    ]


def entering(roles: Iterable[str], *, path: str | None, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Take the provisioning role in the environment's accounts.

    Their unit lets in accounts that are made later, too. Source: IAM User Guide, "AWS global condition context keys",
    aws:ResourceOrgPaths (multivalued, present where the resource's account is in an organisation) and
    aws:ResourceAccount, read 2026-11-30.

    Args:
        roles: names of the roles.
        path: the unit in ids; None: it is not there yet, or others' accounts stand in it.
        ids: the accounts, which count where there is no path; none: nothing to enter.
    """
    arns = [f"arn:aws:iam::*:role/{role}" for role in sorted(set(roles))]
    if path:
        where: dict[str, Any] = {"ForAnyValue:StringEquals": {"aws:ResourceOrgPaths": [path]}}
    elif ids:
        where = {"StringEquals": {"aws:ResourceAccount": sorted(ids)}}
    else:
        return []
    return [allow("OwnAccounts", ["sts:AssumeRole"], arns, where)]


def reading(state: State) -> list[dict[str, Any]]:
    """Read every state, and take the role of each account that only reads: pull requests' previews."""
    arn = f"arn:aws:s3:::{state.bucket}"
    preview = f"arn:aws:iam::*:role{names.PATH}{names.role(names.PREVIEW)}"
    return [
        allow("ListStates", ["s3:ListBucket"], [arn]),
        allow("AllStates", ["s3:GetObject"], [f"{arn}/.pulumi/*"]),
        allow("Keys", ["kms:Decrypt"], sorted({state.bucket_key, *state.keys.values()})),
        allow(
            "OnlyReading",
            ["sts:AssumeRole"],
            [preview],
            {"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
        ),
    ]

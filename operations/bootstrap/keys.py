"""KMS keys of the state: one for the bucket, one an environment for what Pulumi marks as secret."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.bootstrap.work import CHANGE, FOREIGN, MAKE, Work, ours, same, tag_list
from zone import names

_KIND: Final = "KMS key"
_ALIAS_TAG: Final = "mlz:alias"
"""Tag that finds a key whose alias was not made any more, because the run was killed in between."""
_ENABLED: Final = "Enabled"


def key_policy(account_id: str, users: Sequence[str] | None = None) -> dict[str, Any]:
    """Return a key's policy: the account's own IAM policies decide.

    Args:
        account_id: the management account.
        users: ARNs of the CI roles that may have the key; the other CI roles are refused whatever their policies
            say. None: all.
    """
    account = f"arn:aws:iam::{account_id}"
    statements: list[dict[str, Any]] = [
        {
            # Without it nobody could ever change the key again. Source: KMS Developer Guide, "Default key policy", read
            # 2026-11-30.
            "Sid": "AccountDecides",
            "Effect": "Allow",
            "Principal": {"AWS": f"{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if users is not None:
        statements.append(
            {
                "Sid": "NoOtherEnvironment",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": "kms:*",
                "Resource": "*",
                "Condition": {
                    "ArnLike": {"aws:PrincipalArn": f"{account}:role/{names.DEPLOY}*"},
                    "ArnNotEquals": {"aws:PrincipalArn": list(users)},
                },
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}


def key(kms: Any, alias: str, policy: Mapping[str, Any], tags: Mapping[str, str], work: Work) -> str:
    """Have the key of *alias*, and return its ARN; of one that would only be made, a stand-in."""
    found = _target(kms, alias)
    if found is None and (orphan := _unnamed(kms, alias)):
        work.change(MAKE, "KMS alias", alias, "of the key made before", lambda: _name(kms, alias, orphan))
        found = _target(kms, alias) or _described(kms, orphan)
    if found is None:
        made = work.change(MAKE, _KIND, alias, "rotates every year", lambda: _make(kms, alias, policy, tags))
        return made or f"arn:aws:kms:::{alias}"
    arn = str(found["Arn"])
    if found["KeyState"] != _ENABLED:
        first = f"`aws kms cancel-key-deletion --key-id {arn}`, then " if "Pending" in found["KeyState"] else ""
        work.refused(_KIND, alias, f"its key is {found['KeyState']}: {first}`aws kms enable-key --key-id {arn}`")
    elif not ours(kms.list_resource_tags(KeyId=arn)["Tags"]):
        work.found(_KIND, alias, FOREIGN)
    else:
        _mend(kms, alias, arn, policy, work)
    return arn


def _mend(kms: Any, alias: str, arn: str, policy: Mapping[str, Any], work: Work) -> None:
    differs = []
    if not kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]:
        differs.append("rotation")
    if not same(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"], policy):
        differs.append("policy")
    if not differs:
        work.found(_KIND, alias)
        return

    def mend() -> None:
        kms.enable_key_rotation(KeyId=arn)
        kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=json.dumps(policy))

    work.change(CHANGE, _KIND, alias, " and ".join(differs), mend)


def _make(kms: Any, alias: str, policy: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    made = kms.create_key(
        Description=f"Pulumi's state: {alias}",
        Policy=json.dumps(policy),
        Tags=tag_list({**tags, _ALIAS_TAG: alias.replace("alias/", "")}, "Tag"),
    )
    arn: str = made["KeyMetadata"]["Arn"]
    _name(kms, alias, arn)
    kms.enable_key_rotation(KeyId=arn)
    return arn


def _name(kms: Any, alias: str, arn: str) -> None:
    kms.create_alias(AliasName=alias, TargetKeyId=arn)


def _target(kms: Any, alias: str) -> Mapping[str, Any] | None:
    """The key an alias stands for."""
    pages = kms.get_paginator("list_aliases").paginate()
    targets = {each["AliasName"]: each.get("TargetKeyId") for page in pages for each in page["Aliases"]}
    return _described(kms, targets[alias]) if targets.get(alias) else None


def _described(kms: Any, key_id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    return found


def _unnamed(kms: Any, alias: str) -> str | None:
    """A key that a killed run made for *alias*."""
    for page in kms.get_paginator("list_keys").paginate():
        for each in page["Keys"]:
            try:
                tags = kms.list_resource_tags(KeyId=each["KeyId"])["Tags"]
            except ClientError:  # somebody's key whose policy does not show it
                continue
            wanted = {"TagKey": _ALIAS_TAG, "TagValue": alias.replace("alias/", "")}
            described = _described(kms, each["KeyId"]) if ours(tags) and wanted in tags else None
            if described and described["KeyState"] == _ENABLED:
                return str(each["KeyArn"])
    return None

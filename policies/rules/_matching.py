"""Whether a statement can ever match: its actions against its resources and condition keys."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import translate
from functools import lru_cache
from typing import Any, Final

from policies.rules._actions import (
    borrowed_keys,
    global_keys,
    prefixes,
    service,
    unlisted_actions,
    unlisted_keys,
)
from policies.rules._documents import conditions, covers, key_of, texts

_ASKED_OF_OTHERS: Final = "kms:encryptioncontext:"
"""Keys that AWS's own policies ask of actions that do not carry them, beside others that do.

Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS", read 2026-11-29: its key
policy has kms:Describe* beside kms:Encrypt*.
"""
SHOWN: Final = 3
COLONS: Final = 5
"""Colons between the six parts of an ARN."""
ACCOUNT_DIGITS: Final = 12
VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
"""A policy variable."""
_WITHOUT_KEY: Final = re.compile(r"^ForAllValues:|IfExists$|^Null$", re.IGNORECASE)
"""Operators that are about requests without the key too: who writes one has thought of them."""


def has_wildcard(text: str) -> bool:
    """Whether * or ? stands in *text*."""
    return "*" in text or "?" in text


@lru_cache(maxsize=4096)
def actions_meant(entry: str) -> tuple[tuple[str, str], ...]:
    """Return the actions that an entry of an Action element means, as (prefix, name) in lower case."""
    prefix, _, name = ("*", ":", "*") if entry == "*" else entry.lower().partition(":")
    services = [each for each in prefixes() if covers(prefix, each)] if has_wildcard(prefix) else [prefix]
    means = re.compile(translate(name)).match if has_wildcard(name) else name.__eq__
    return tuple(
        (each, action) for each in services if (known := service(each)) for action in known.arns if means(action)
    )


_NOTHING: Final = "\0"
"""Stands for the resource of an action that has none: only a resource that ends in nothing but * means it.

Source: Amazon S3 User Guide, "Walkthrough: Controlling access to a bucket with user policies", read 2026-11-29: it has
ListAllMyBuckets on arn:aws:s3:::*.
"""


_ALSO_TAKES: Final = {
    ("dynamodb", "liststreams"): "dynamodb:*:*:table/%/stream/*",
    ("logs", "describeloggroups"): "logs:*:*:log-group:*",
    ("sagemaker", "createmodel"): "sagemaker:*:*:model-package/*",
}
"""What an action takes that the reference leaves out.

Source: Amazon DynamoDB Developer Guide, "IAM policy to grant read access for a DynamoDB stream only"; AWS Lambda
Developer Guide, "Identity-based policies", which has it on log-group:/aws/lambda/*; Amazon SageMaker AI Developer
Guide, "Deploy a Model Version from a Different Account", in the policy of a model package group; read 2026-11-29.
"""


@lru_cache(maxsize=4096)
def _arns(entry: str) -> tuple[str, ...]:
    """Return the ARNs that an entry's actions take, without the partition."""
    found: dict[str, None] = {}
    for prefix, action in actions_meant(entry):
        known = service(prefix)
        also = _ALSO_TAKES.get((prefix, action))
        taken = (*(known.arns[action] if known else ()), *([also] if also else []))
        found |= dict.fromkeys(taken or (f"{prefix}:~:~:{_NOTHING}",))
    return tuple(found)


@lru_cache(maxsize=65536)
def takes(entry: str, resource: str) -> bool:
    """Whether an action that *entry* means may be asked on a resource that *resource* means."""
    pattern = VARIABLE.sub("*", resource)
    return any(_meet(pattern, arn) for arn in _arns(entry))


_MANY: Final = {"*": "", "%": "/", "~": ":"}
"""Placeholders for any text, and the character that may not be in it; ^ stands for one that is no colon."""


_ANY: Final = {**_MANY, "^": ":"}


@lru_cache(maxsize=4096)
def _whole(arn: str) -> str:
    """Return *arn* with its partition; a region's * becomes ^~, an account's, which things of AWS lack, ~.

    An access point has an account, and may have no region: a Multi-Region one takes what others take.
    """
    prefix, region, account, resource = arn.split(":", 3)
    is_access_point = prefix == "s3" and resource.startswith("accesspoint/")
    any_region, any_account = ("~", "^~") if is_access_point else ("^~", "~")
    return f"arn:aws~:{prefix}:{region.replace('*', any_region)}:{account.replace('*', any_account)}:{resource}"


def _meet(pattern: str, arn: str) -> bool:
    """Whether some text is meant by both *pattern*, with * and ?, and *arn*, with the placeholders."""
    arn = _whole(arn)
    seen: set[tuple[int, int]] = set()
    ahead = [(0, 0)]
    while ahead:
        at = i, j = ahead.pop()
        if at in seen:
            continue
        seen.add(at)
        left, right = pattern[i : i + 1], arn[j : j + 1]
        if not left and not right:
            return True
        if left == "*":
            ahead.append((i + 1, j))
        if right in _MANY:
            ahead.append((i, j + 1))
        if left and right and (left == right or left in ("*", "?") or _ANY.get(right, left) != left):
            ahead.append((i + (left != "*"), j + (right not in _MANY)))
    return False


@lru_cache(maxsize=8192)
def key_type(key: str) -> str | None:
    """Return the type of a condition key in lower case: "" where any is right, None where there is no such key."""
    prefix, _, _ = key.partition(":")
    if "." in prefix or prefix in {"saml", "graph", "accounts", "cognito-identity"}:
        return ""  # keys of identity providers
    known = service(prefix)
    for keys in (global_keys(), known.keys if known else {}, borrowed_keys()):
        if key in keys:
            return keys[key]
        if any(_is_filled_in(each, key) for each in keys):
            return ""  # what the user fills in, such as a tag, holds what the user put there
    return "" if key in unlisted_keys() else None


def _is_filled_in(form: str, key: str) -> bool:
    """Whether *key* is *form* with something for its *: aws:resourcetag/team for aws:resourcetag/*."""
    before, star, after = form.partition("*")
    return bool(star) and key.startswith(before) and key.endswith(after) and len(key) >= len(form)


@lru_cache(maxsize=16384)
def carries(entry: str, key: str) -> bool:
    """Whether a request for an action that *entry* means may carry the condition key *key*, in lower case."""
    for prefix, action in actions_meant(entry):
        known = service(prefix)
        keys = known.carried[action] if known else frozenset()
        if key in keys or any(_is_filled_in(each, key) for each in keys):
            return True
    return False


def _is_of_a_service(key: str) -> bool:
    """Whether *key* is one that only some actions carry: not global, nor an identity provider's."""
    known = service(key.partition(":")[0])
    return known is not None and key not in global_keys() and key not in unlisted_keys() and key_type(key) is not None


def resource_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about each action that takes none of the statement's resources: there it allows or denies nothing."""
    resources = texts(statement, "Resource")
    if not resources or "*" in resources or not all(is_arn(each) for each in resources):
        return
    for entry in texts(statement, "Action"):
        arns = _arns(entry) if entry != "*" else ()
        if arns and not any(takes(entry, resource) for resource in resources):
            named = " or ".join(sorted(map(_shown, arns))[:SHOWN])
            yield f"{entry} is never about {resources[0]}{' …' * (len(resources) > 1)}: it takes {named}"


def _shown(arn: str) -> str:
    return "Resource * only" if arn.endswith(_NOTHING) else f"arn:aws:{arn.replace('%', 'NAME')}"


def is_arn(text: str) -> bool:
    """Whether *text* can be compared with ARNs: it has their six parts, or ends in a * that stands for the rest."""
    plain = VARIABLE.sub("*", text)
    return plain.startswith("*") or (plain.startswith("arn:") and (plain.count(":") >= COLONS or plain.endswith("*")))


def key_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about condition keys that the statement's actions never carry.

    A key that none carries limits nothing, or matches nothing, whatever the operator. One that some carry is a fault of
    the others, unless the operator is about requests without the key as well, or AWS's own pages write it so.
    """
    keys = [(operator, key) for operator, key, _ in conditions(statement) if _is_of_a_service(key)]
    entries = texts(statement, "Action") if keys else []
    if "*" in entries or not all(map(actions_meant, entries)):
        return  # some action carries the key; or may, once it is spelled right or listed
    for operator, key in keys if entries else ():
        without = [entry for entry in entries if not carries(entry, key)]
        if len(without) == len(entries):
            yield f"no request for {', '.join(entries[:SHOWN])} carries {key}"
        elif without and not _WITHOUT_KEY.search(operator) and not key.startswith(_ASKED_OF_OTHERS):
            yield f"no request for {', '.join(without[:SHOWN])} carries {key}: part the statement"


def exclusion_faults(statement: Mapping[str, Any]) -> Iterator[str]:
    """Complain about a statement that excludes everything."""
    for element in ("NotAction", "NotResource"):
        if "*" in texts(statement, element):
            yield f"{element} * leaves nothing"


def exists(entry: str) -> bool:
    """Whether an entry of an Action element means an action that there is."""
    return entry == "*" or bool(actions_meant(entry)) or entry.lower() in _OLD_ACTIONS or _is_unlisted(entry)


# Source: Amazon SNS Developer Guide, the policy of a new topic as older ones have it, read 2026-11-29.
_OLD_ACTIONS: Final = frozenset({"sns:receive"})


@lru_cache(maxsize=1024)
def _is_unlisted(entry: str) -> bool:
    return any(covers(entry, action) for action in unlisted_actions())


def nothing_of(statement: Mapping[str, Any], element: str) -> bool:
    """Whether *element* is there and names nothing: an empty list or text."""
    value = key_of(statement, element)
    return value is not None and value in ("", [], {})

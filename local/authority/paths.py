"""The small language by which the tables of zone/facts point into a request.

RoleArn                                   a member; VpcConfig.Subnets one inside another, lists on the way in whole
*AppSettings.ResourceSpec                 * and ? match names of members
ModelName > Model.ExecutionRoleArn        what is stored (stored.py) of the resource that a member names
WorkGroup > WorkGroup.Key or KmsKeyId     the first that gives something
bucket of S3Uri                           a form: what the value means as a resource (FORMS)

arn:aws:…:{account}:thing/{Name|default}  text with {region}, {account}, {operation} and paths, product of all values
Type=SecureString, not Tier=Advanced      tests: given, has this value, not
"""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from itertools import product
from typing import Any, Final, NamedTuple

from local.authority.held import key_arn
from local.authority.params import at
from local.authority.stored import bucket_key, stored
from local.handlers.operation import Call

_HOLE: Final = re.compile(r"\{([^{}]+)\}")
_IMAGE: Final = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)")


class Found(NamedTuple):
    """A resource that a request means."""

    arn: str
    keys: Mapping[str, object]
    """Condition keys that belong to this resource in this request."""


def values(call: Call, path: str) -> list[Any]:
    """Return what *path* finds; of alternatives the first that finds anything."""
    return next((found for each in path.split(" or ") if (found := _walked(call, each))), [])


def found(call: Call, path: str, action: str) -> list[Found]:
    """Return the resources *path* means for *action*."""
    for each in path.split(" or "):
        form, _, plain = each.rpartition(" of ")
        results = [
            result for value in _walked(call, plain) if (result := FORMS[form or "thing"](call, str(value), action))
        ]
        if results:
            return [result for place, result in enumerate(results) if result not in results[:place]]
    return []


def filled(call: Call, text: str) -> list[str]:
    """Return *text* with its holes filled; nothing where a hole without default has no value."""
    holes = _HOLE.findall(text)
    given = [
        values(call, path) or ([default] if bar else [])
        for path, bar, default in (hole.partition("|") for hole in holes)
    ]
    parts = _HOLE.split(text)[::2]
    return [
        "".join(part + str(value) for part, value in zip(parts, [*chosen, ""], strict=True))
        for chosen in product(*given)
    ]


def holds(call: Call, test: str) -> bool:
    """Whether a test holds."""
    wanted = not test.startswith("not ")
    path, equals, value = test.removeprefix("not ").partition("=")
    given = values(call, path)
    return (any(fnmatchcase(str(each).lower(), value.lower()) for each in given) if equals else bool(given)) is wanted


def _walked(call: Call, path: str) -> list[Any]:
    first, *steps = path.split(" > ")
    home = {"region": call.region, "account": call.account, "operation": call.operation}
    reached = [home[first]] if first in home else at(call.params, first)
    for step in steps:
        kind, _, member = step.partition(".")
        reached = [value for name in reached for value in at(stored(call, kind, str(name)), member)]
    return reached


def _thing(call: Call, value: str, action: str) -> Found | None:
    """As it stands: an ARN; a key by id, alias or ARN; all below an S3 URI."""
    if action.startswith("kms:"):
        arn = key_arn(call.account, call.region, value)
        return Found(arn or f"arn:aws:kms:{call.region}:{call.account}:key/{value.rpartition('/')[2]}", {})
    if value.startswith("s3://"):
        return Found(f"arn:aws:s3:::{value.removeprefix('s3://').rstrip('/')}/*", {})
    return Found(value, {}) if value.startswith("arn:") else None


def _plain(value: str) -> str:
    """Bucket and key of an S3 URI, an ARN, or bucket/key."""
    return value.removeprefix("s3://").removeprefix("arn:aws:s3:::").lstrip("/")


def _object(_call: Call, value: str, _action: str) -> Found | None:
    """One object, by S3 URI or bucket/key."""
    return Found(f"arn:aws:s3:::{_plain(value)}", {})


def _bucket(_call: Call, value: str, action: str) -> Found | None:
    """The bucket of an S3 URI; a listing carries the URI's prefix."""
    name, _, prefix = _plain(value).partition("/")
    return Found(f"arn:aws:s3:::{name}", {"s3:prefix": prefix} if action == "s3:ListBucket" and prefix else {})


def _folder(call: Call, value: str, action: str) -> Found | None:
    """The bucket of an S3 URI, listed below the URI as a folder."""
    return _bucket(call, f"{value.rstrip('/')}/" if "/" in _plain(value) else value, action)


def _bucket_key(_call: Call, value: str, _action: str) -> Found | None:
    """The key of a bucket's default encryption, by bucket name, S3 URI or bucket/key."""
    arn = bucket_key(_plain(value).split("/")[0])
    return Found(arn, {}) if arn else None


def _repository(_call: Call, value: str, _action: str) -> Found | None:
    """The ECR repository of an image."""
    image = _IMAGE.match(value)
    return Found(f"arn:aws:ecr:{image[2]}:{image[1]}:repository/{image[3]}", {}) if image else None


FORMS: Final[Mapping[str, Callable[[Call, str, str], Found | None]]] = {
    "thing": _thing,
    "bucket": _bucket,
    "bucket key": _bucket_key,
    "folder": _folder,
    "object": _object,
    "repository": _repository,
}
"""Word before "of" → what a value means; None: no resource of that sort."""

"""What holds for every type."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules._documents import credentials_in
from policies.rules.plain import Reader, strings
from policies.rules.registry import EVERY_TYPE, rule

_KEY_SHAPE: Final = re.compile(r"^[A-Za-z0-9/+]{40}$")

STATEFUL: Final = (
    *("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"),
    *("aws:efs/fileSystem:FileSystem", "aws:kms/key:Key", "aws:dynamodb/table:Table"),
)


@rule("no-hardcoded-credentials", "use a role, or read the secret from Secrets Manager", types=EVERY_TYPE)
def no_credentials(r: Reader) -> Iterator[str]:
    """In any text of any resource. A value that is not known yet comes from AWS: nobody wrote it into the code."""
    for path, text in strings(r.resource.props):
        if len(text) < 12:  # noqa: PLR2004 -- shorter than any credential
            continue
        found = credentials_in(text)
        name = path.rpartition(".")[2].lower().replace("_", "")
        if not found and name in {"secretkey", "awssecretaccesskey", "secretaccesskey"} and _KEY_SHAPE.match(text):
            found = "a secret access key"
        if found:
            yield f"{path} holds {found}"


@rule(
    "stateful-protect",
    "set protect=True, or disposable: true in the account's file",
    types=STATEFUL,
    settings={"environment": ""},
)
def protected(r: Reader) -> Iterator[str]:
    """In prod only, and only where the stack says that it is prod."""
    if r.settings["environment"] == "prod" and r.resource.protect is not True:
        yield "Pulumi may delete it: neither protect nor retainOnDelete is set"

"""Objects of S3 by their address."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from operations.model.errors import ModelError, RefusedError
from operations.model.place import Clients


def split(uri: str) -> tuple[str, str]:
    """Return bucket and key of s3://BUCKET/KEY."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def files(clients: Clients, uri: str) -> Iterator[tuple[str, bytes]]:
    """Yield what lies below *uri*: path below it, and content."""
    s3, (bucket, prefix) = clients("s3"), split(uri)
    below = f"{prefix.rstrip('/')}/"
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=below):
        for each in page.get("Contents", ()):
            yield each["Key"].removeprefix(below), s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()


def lies(clients: Clients, uri: str) -> bool:
    """Whether an object's address begins with *uri*."""
    bucket, prefix = split(uri)
    return bool(clients("s3").list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"))


def get(clients: Clients, uri: str) -> bytes:
    """Return one object.

    Raises:
        RefusedError: it is not there, or must not be read.
    """
    bucket, key = split(uri)
    try:
        content: bytes = clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        raise RefusedError(f"{uri} can't be read: {error}") from error
    return content


def put(clients: Clients, uri: str, content: bytes) -> None:
    """Put one object; its bucket encrypts it."""
    bucket, key = split(uri)
    clients("s3").put_object(Bucket=bucket, Key=key, Body=content)


def read_json(clients: Clients, uri: str) -> Any:
    """Return the JSON at *uri*.

    Raises:
        ModelError: it is no JSON.
        RefusedError: it is not there, or must not be read.
    """
    try:
        return json.loads(get(clients, uri))
    except ValueError as error:
        raise ModelError(f"{uri} is no JSON ({error}): mend the step that writes it") from error


def keep(clients: Clients, uri: str, folder: Path) -> list[Path]:
    """Keep what lies below *uri* in *folder*, and return the files."""
    kept = []
    for name, content in files(clients, uri):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        kept.append(file)
    return kept

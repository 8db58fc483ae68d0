"""Objects of a job: its channels brought in, its outputs taken away, with the role's own rights.

Where AWS's words for a refusal are public they are used (AWS re:Post and the SageMaker Developer Guide, "Troubleshoot
errors", from memory); what S3 itself said comes after them.
"""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError

from local.jobs.job import FailedError, Job

_DOWNLOAD: Final = "ClientError: Data download failed:"


def split(uri: str) -> tuple[str, str]:
    """Return bucket and key of an s3:// address."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def objects(job: Job, kind: str, uri: str) -> list[tuple[str, str, str]]:
    """Return bucket, key and path in the channel of every object that a source names.

    Args:
        job: whose role asks.
        kind: S3Prefix or ManifestFile.
        uri: a prefix, or a manifest: [{"prefix": "s3://…"}, "relative/key", …].

    Raises:
        FailedError: there is none, they may not be read, or the kind is unknown here.
    """
    if kind == "ManifestFile":
        bucket, key = split(uri)
        text = _asked(job, uri, lambda: _content(job, bucket, key))
        try:
            first, *names = json.loads(text)
            base_bucket, base = split(first["prefix"])
        except (ValueError, KeyError, TypeError) as error:
            raise FailedError(f"{_DOWNLOAD}{uri} is no manifest: {error}") from error
        return [(base_bucket, f"{base}{name}", str(name)) for name in names]
    if kind != "S3Prefix":
        raise FailedError(f"{_DOWNLOAD}the emulated AWS reads S3Prefix and ManifestFile, not {kind}")
    bucket, prefix = split(uri)
    keys = _asked(job, uri, lambda: [*_keys(job, bucket, prefix)])
    found = [(bucket, key, _relative(key, prefix)) for key in keys if not key.endswith("/")]
    if not found:
        raise FailedError(
            f'{_DOWNLOAD}No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the '
            f"bucket exists in the selected region ({job.region}), that objects exist under that S3 prefix, and that "
            f'the role "{job.place.role_arn}" has "s3:ListBucket" permissions on bucket "{bucket}".'
        )
    return found


def _keys(job: Job, bucket: str, prefix: str) -> Iterator[str]:
    for page in job.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (unquote(each["Key"]) for each in page.get("Contents", []))


def _relative(key: str, prefix: str) -> str:
    """Path of an object below its channel: what follows the prefix, or its name where it is the prefix itself."""
    rest = key.removeprefix(prefix)
    if rest.startswith("/") or (rest and prefix.endswith("/")) or (rest and not prefix):
        return rest.lstrip("/")
    return key[prefix.rfind("/") + 1 :]


def fetch(job: Job, kind: str, uri: str, folder: Path) -> list[Path]:
    """Bring the objects of a source into *folder*.

    Raises:
        FailedError: as objects, or an object may not be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for bucket, key, path in objects(job, kind, uri):
        target = (folder / path).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise FailedError(f"{_DOWNLOAD}s3://{bucket}/{key} would lie outside its channel")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read(job, bucket, key))
        files.append(target)
    return files


def read(job: Job, bucket: str, key: str) -> bytes:
    """Return an object.

    Raises:
        FailedError: it may not be read, or is not there.
    """
    content: bytes = _asked(job, f"s3://{bucket}/{key}", lambda: _content(job, bucket, key))
    return content


def _content(job: Job, bucket: str, key: str) -> bytes:
    found: bytes = job.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return found


def _asked(job: Job, uri: str, ask: Any) -> Any:  # noqa: ANN401 - S3's answer
    try:
        return ask()
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] in {"NoSuchBucket", "NoSuchKey", "404"}:
            raise FailedError(f"{_DOWNLOAD}Could not find {uri}: {said['Message']}") from error
        raise FailedError(
            f"{_DOWNLOAD}Could not download {uri}: insufficient permissions of {job.place.role_arn}: {said['Message']}"
        ) from error
    except BotoCoreError as error:
        raise FailedError(f"{_DOWNLOAD}Could not download {uri}: {error}") from error


def put(job: Job, content: bytes, uri: str, key_arn: str) -> None:
    """Write one object; without a key the bucket's own default encrypts.

    Raises:
        FailedError: it may not be written.
    """
    bucket, key = split(uri)
    encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_arn} if key_arn else {}
    try:
        job.s3.put_object(Bucket=bucket, Key=key, Body=content, **encrypted)
    except (ClientError, BotoCoreError) as error:
        said = error.response["Error"]["Message"] if isinstance(error, ClientError) else error
        raise FailedError(f"ClientError: Data upload failed:Could not upload to {uri}: {said}") from error


def upload(job: Job, folder: Path, uri: str, key_arn: str) -> None:
    """Write the files of *folder* below *uri*.

    Raises:
        FailedError: as put.
    """
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            put(job, file.read_bytes(), f"{uri.rstrip('/')}/{file.relative_to(folder).as_posix()}", key_arn)


def upload_packed(job: Job, folder: Path, uri: str, key_arn: str) -> bool:
    """Write *folder* as one .tar.gz to *uri*; nothing where it is empty.

    Raises:
        FailedError: as put.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return False
    packed = job.root / "tmp" / uri.rpartition("/")[2]
    packed.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(packed, "w:gz") as archive:
        for each in sorted(folder.iterdir()):
            archive.add(each, each.name)
    put(job, packed.read_bytes(), uri, key_arn)
    packed.unlink()
    return True

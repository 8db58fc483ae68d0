"""What a run reads and writes in S3, brought to this machine and back with the rights of its role.

Spark reads s3:// by a library that no package index has. So each object below an s3:// argument is fetched before Spark
starts, and what has changed there is written after it ended: each a call of the role's, decided as any other. Hadoop's
own hidden files (.crc) stay here; the listings that S3A makes of folders above are not made.
"""

import hashlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError

from local.spark.run import Run, RunFailedError


@dataclass
class Places:
    """The s3:// addresses of one run, and where they lie here."""

    run: Run
    fetched: dict[Path, str] = field(default_factory=dict)
    """File → digest of what was fetched."""

    folders: dict[str, Path] = field(default_factory=dict)
    """Address that may be written → folder."""

    def fetch(self, address: str) -> Path:
        """Bring one object.

        Raises:
            RunFailedError: it is not there, or may not be read.
        """
        bucket, key = _split(address)
        target = self._local(bucket, key)
        target.parent.mkdir(parents=True, exist_ok=True)
        found = self._asked(address, partial(self.run.s3.get_object, Bucket=bucket, Key=key))
        target.write_bytes(found["Body"].read())
        return target

    def argument(self, text: str) -> str:
        """Return an argument with what lies at an s3:// address brought here; any other as it is.

        Raises:
            RunFailedError: what lies there may not be listed or read.
        """
        if not text.startswith("s3://"):
            return text
        bucket, prefix = _split(text)
        folder = self._local(bucket, prefix)
        listed = self._asked(text, partial(self._keys, bucket, prefix))
        for key in listed:
            if key.endswith("/"):
                continue
            file = self.fetch(f"s3://{bucket}/{key}")
            self.fetched[file] = _digest(file)
        if text.endswith("/"):
            self.folders[text] = folder
        return str(folder)

    def write(self) -> None:
        """Write what is new or changed below the addresses that are folders, and delete what is gone.

        Raises:
            RunFailedError: the role may not.
        """
        for address, folder in self.folders.items():
            for file in sorted(folder.rglob("*")):
                digest = _digest(file) if file.is_file() and not file.name.startswith(".") else ""
                if digest and digest != self.fetched.get(file):
                    self._put(f"{address}{file.relative_to(folder).as_posix()}", file)
            for file in [each for each in self.fetched if each.is_relative_to(folder) and not each.exists()]:
                self._delete(f"{address}{file.relative_to(folder).as_posix()}")

    def _put(self, address: str, file: Path) -> None:
        bucket, key = _split(address)
        self._asked(address, partial(self.run.s3.put_object, Bucket=bucket, Key=key, Body=file.read_bytes()))

    def _delete(self, address: str) -> None:
        bucket, key = _split(address)
        self._asked(address, partial(self.run.s3.delete_object, Bucket=bucket, Key=key))

    def _keys(self, bucket: str, prefix: str) -> list[str]:
        pages = self.run.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [unquote(each["Key"]) for page in pages for each in page.get("Contents", [])]

    def _local(self, bucket: str, key: str) -> Path:
        target = (self.run.root / "s3" / bucket / key).resolve()
        if not target.is_relative_to((self.run.root / "s3").resolve()):
            raise RunFailedError(f"s3://{bucket}/{key} would lie outside the run's folder")
        return target

    def _asked(self, address: str, ask: Any) -> Any:  # noqa: ANN401 - S3's answer
        try:
            return ask()
        except (ClientError, BotoCoreError) as error:
            said = error.response["Error"]["Message"] if isinstance(error, ClientError) else error
            raise RunFailedError(f"{address}: {said}") from error


def _split(address: str) -> tuple[str, str]:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return bucket, key


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

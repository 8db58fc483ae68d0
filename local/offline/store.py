"""The offline store: every record that was put or deleted, in Parquet files by the hour of its event time.

    note(call, group, given, deleted=False)   # kept for a while, as AWS does
    write_down("bucket")                      # whoever reads the bucket finds the files

AWS writes within 15 minutes; here what is pending is written when somebody looks. The group's role writes: where it
may not, the store is Blocked and the records wait.
Source: SageMaker Developer Guide, "Amazon SageMaker Feature Store offline store data format", read 2026-11-30.
"""

import json
import secrets
import string
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from moto.s3.models import s3_backends

from local.authority.held import bucket_owner
from local.handlers.operation import Call
from local.handlers.records import Record
from local.offline.event_time import moment
from local.offline.rights import RIGHTS
from local.offline.sql import literal, opened
from local.offline.tables import columns_of, duckdb_type

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LETTERS: Final = string.ascii_letters + string.digits


@dataclass(frozen=True)
class _Put:
    """One call that is not in a file yet."""

    call: Call
    group: Record
    given: Mapping[str, str]
    deleted: bool
    when: datetime

    @property
    def of(self) -> datetime:
        """The record's event time."""
        return moment(self.given[self.group["EventTimeFeatureName"]])

    @property
    def hour(self) -> str:
        """The folder its file lies in."""
        return self.of.strftime("year=%Y/month=%m/day=%d/hour=%H")


_PENDING: list[_Put] = []


def note(call: Call, group: Record, given: Mapping[str, str], *, deleted: bool) -> None:
    """Keep a record for the offline store of *group*, if it has one."""
    if group.get("OfflineStoreConfig"):
        _PENDING.append(_Put(call, group, dict(given), deleted, datetime.now(UTC)))


def write_down(bucket: str) -> None:
    """Write what is pending for a bucket."""
    here = [put for put in _PENDING if _place(put.group)[0] == bucket]
    if not here:
        return
    done: set[int] = set()
    with opened() as database:
        for _, puts in groupby(sorted(here, key=_sorted_by), key=_sorted_by):
            file = list(puts)
            if _written(file, database):
                done |= {id(put) for put in file}
    _PENDING[:] = [put for put in _PENDING if id(put) not in done]


def leave(group: Record) -> None:
    """Write what is pending for a group that goes; what cannot be written goes with it."""
    write_down(_place(group)[0])
    _PENDING[:] = [put for put in _PENDING if put.group is not group]


def _sorted_by(put: _Put) -> tuple[str, str]:
    return str(put.group["FeatureGroupArn"]), put.hour


def _place(group: Record) -> tuple[str, str]:
    """Bucket and prefix of a group's files."""
    uri = urlsplit(group["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"])
    return uri.netloc, uri.path.strip("/")


def _written(puts: list[_Put], database: "DuckDBPyConnection") -> bool:
    """Write one file of one hour; whether the group's role may."""
    group = puts[0].group
    bucket, prefix = _place(group)
    latest = max(put.of for put in puts).strftime("%Y%m%dT%H%M%SZ")
    name = f"{latest}_{''.join(secrets.choice(_LETTERS) for _ in range(16))}.parquet"
    key = f"{prefix}/{puts[0].hour}/{name}"
    owner = bucket_owner(bucket)
    refused = RIGHTS.refusal(
        puts[0].call, "s3:PutObject", f"arn:aws:s3:::{bucket}/{key}", who=str(group.get("RoleArn", ""))
    )
    if refused or owner is None:
        reason = refused or f"bucket {bucket} does not exist"
        group["OfflineStoreStatus"] = {"Status": "Blocked", "BlockedReason": reason}
        return False
    group["OfflineStoreStatus"] = {"Status": "Active"}
    kms_key = group["OfflineStoreConfig"]["S3StorageConfig"].get("KmsKeyId")
    encryption = {"encryption": "aws:kms", "kms_key_id": kms_key} if kms_key else {}
    s3_backends[owner]["aws"].put_object(bucket, key, _parquet(group, puts, database), **encryption)
    return True


def _parquet(group: Record, puts: Iterable[_Put], database: "DuckDBPyConnection") -> bytes:
    columns = columns_of(group)
    now = datetime.now(UTC)
    lines = []
    for put in puts:
        features = {name: value for name, value in put.given.items() if value}
        own = {"write_time": _text(now), "api_invocation_time": _text(put.when), "is_deleted": put.deleted}
        lines.append(json.dumps({**features, **own}))
    declared = ", ".join(f"{literal(name)}: '{duckdb_type(type_)}'" for name, type_ in columns.items())
    with tempfile.TemporaryDirectory() as folder:
        given, file = Path(folder) / "records.json", Path(folder) / "records.parquet"
        given.write_text("\n".join(lines))
        read = f"read_json({literal(str(given))}, format='newline_delimited', columns={{{declared}}})"
        # A file for all: inserting takes milliseconds a row.
        database.execute(f"COPY (FROM {read}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION snappy)")
        return file.read_bytes()


def _text(when: datetime) -> str:
    return when.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")

"""The offline store: every record that was put or deleted, in Parquet files by the hour of its event time.

    note(call, group, given, deleted=False)   # kept for a while, as AWS does
    write_down("bucket")                      # whoever reads the bucket finds the files

AWS writes within 15 minutes; here what is pending is written when somebody looks. The group's role writes: where it
may not, the store is Blocked and the records wait.
Source: SageMaker Developer Guide, "Amazon SageMaker Feature Store offline store data format", read 2026-11-30.
"""

import secrets
import string
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from moto.s3.models import s3_backends

from local.authority.held import bucket_owner
from local.handlers.operation import Call
from local.handlers.records import Record
from local.offline.event_time import moment
from local.offline.rights import RIGHTS
from local.offline.sql import opened
from local.offline.tables import columns_of, duckdb_type

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
    for _, puts in groupby(sorted(here, key=_sorted_by), key=_sorted_by):
        file = list(puts)
        if _written(file):
            for put in file:
                _PENDING.remove(put)


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


def _written(puts: list[_Put]) -> bool:
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
    s3_backends[owner]["aws"].put_object(bucket, key, _parquet(group, puts), **encryption)
    return True


def _parquet(group: Record, puts: Iterable[_Put]) -> bytes:
    columns = columns_of(group)
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = []
    for put in puts:
        own = {"write_time": now, "api_invocation_time": put.when.replace(tzinfo=None), "is_deleted": put.deleted}
        rows.append([own[name] if name in own else put.given.get(name) or None for name in columns])
    with tempfile.TemporaryDirectory() as folder, opened() as database:
        file = Path(folder) / "records.parquet"
        types = ", ".join(f"{_quoted(name)} {duckdb_type(type_)}" for name, type_ in columns.items())
        database.execute(f"CREATE TABLE records ({types})")
        holes = ", ".join("?" for _ in columns)
        database.executemany(f"INSERT INTO records VALUES ({holes})", rows)  # noqa: S608 - holes only
        database.execute(f"COPY records TO '{file}' (FORMAT parquet, COMPRESSION snappy)")
        return file.read_bytes()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

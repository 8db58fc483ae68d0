"""What a query reads, with the rights of whoever asks: Glue's table, the location's objects, their keys.

Athena works with the caller's credentials: what the caller may not read, its query does not. Glue and S3 are asked via
Athena, KMS via S3.
Sources: Athena User Guide, "Access to Amazon S3 from Athena", "Access to databases and tables in the AWS Glue Data
Catalog", "Access to encrypted data in S3"; the words of the failures: aws-samples and re:Post; all read 2026-11-30.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from moto.athena.models import athena_backends
from moto.glue.models import glue_backends
from moto.s3.models import FakeDeleteMarker, s3_backends

from local.authority.held import bucket_owner, key_arn
from local.authority.stored import bucket_key
from local.handlers.operation import Call
from local.offline.rights import RIGHTS
from local.offline.sql import Name, QueryError, Table
from local.offline.store import write_down

OWN_CATALOG: Final = "awsdatacatalog"


def table(call: Call, name: Name) -> Table:
    """Return a table with all its files.

    Args:
        call: StartQueryExecution.
        name: the table's whole name.

    Raises:
        QueryError: it is not there, or the caller may not read it.
    """
    owner = _owner(call, name.catalog)
    home = f"arn:aws:glue:{call.region}:{owner}"
    for resource in ("catalog", f"database/{name.database}", f"table/{name.database}/{name.table}"):
        if refused := RIGHTS.refusal(call, "glue:GetTable", f"{home}:{resource}", via="athena"):
            raise QueryError(f"Insufficient permissions to execute the query. {refused}")
    databases = glue_backends[owner][call.region].databases
    kept = databases[name.database].tables.get(name.table) if name.database in databases else None
    if kept is None:
        raise QueryError(f"TABLE_NOT_FOUND: line 1:1: Table '{'.'.join(name)}' does not exist")
    said = kept.as_dict()
    storage = said.get("StorageDescriptor") or {}
    listed = (*storage.get("Columns", ()), *said.get("PartitionKeys", ()))
    return Table(
        {column["Name"].lower(): column.get("Type", "string") for column in listed},
        *_format(storage, said.get("Parameters") or {}),
        dict(_files(call, storage.get("Location", ""))),
    )


def _owner(call: Call, catalog: str) -> str:
    """The account whose Glue tables a catalogue's name stands for."""
    if catalog == OWN_CATALOG:
        return call.account
    known = athena_backends[call.account][call.region].data_catalogs
    found = next((each for each in known.values() if each.name.lower() == catalog), None)
    given: Any = found.parameters if found else None  # moto says text, and keeps what the request gave
    owner = (given or {}).get("catalog-id")
    if not owner:
        raise QueryError(f"CATALOG_NOT_FOUND: line 1:1: Catalog '{catalog}' does not exist")
    return str(owner)


def _format(storage: Mapping[str, Any], parameters: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    serde = storage.get("SerdeInfo") or {}
    library = str(serde.get("SerializationLibrary", "")).lower()
    if "json" in library:
        return "json", {}
    if "csv" in library or "lazysimple" in library:
        given = serde.get("Parameters") or {}
        delimiter = given.get("field.delim") or given.get("separatorChar") or ("," if "csv" in library else "\x01")
        return "csv", {"delimiter": delimiter, "skip": parameters.get("skip.header.line.count", "0")}
    return "parquet", {}


def _files(call: Call, location: str) -> Iterator[tuple[str, bytes]]:
    """Path below the location, and content, of each of its objects."""
    uri = urlsplit(location)
    bucket, prefix = uri.netloc, uri.path.strip("/")
    owner = bucket_owner(bucket)
    if owner is None:
        if location:
            raise QueryError(f"The S3 location {location} does not exist")
        return
    write_down(bucket)
    _asked(call, "s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": f"{prefix}/"}, location)
    found, keys = s3_backends[owner]["aws"].buckets[bucket], set[str]()
    for key, each in sorted(found.keys.items()):
        path = key.removeprefix(f"{prefix}/")
        hidden = path.endswith("/") or any(part.startswith(("_", ".")) for part in path.split("/"))
        if path == key or hidden or isinstance(each, FakeDeleteMarker):
            continue
        _asked(call, "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}", {}, location)
        sealed = key_arn(owner, found.region_name, each.kms_key_id) if each.kms_key_id else bucket_key(bucket)
        if sealed and sealed not in keys:
            _asked(call, "kms:Decrypt", sealed, {"aws:CalledVia": "athena.amazonaws.com"}, location, via="s3")
            keys.add(sealed)
        yield path, each.value


def _asked(
    call: Call, action: str, resource: str, context: Mapping[str, object], location: str, *, via: str = "athena"
) -> None:
    if refused := RIGHTS.refusal(call, action, resource, via=via, context=context):
        raise QueryError(f"Permission denied on S3 path: {location} ({refused})")

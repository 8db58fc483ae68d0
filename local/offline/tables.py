"""The Glue table of an offline store, and the types of Feature Store, Glue and DuckDB.

Source: SageMaker Developer Guide, "Amazon SageMaker Feature Store offline store data format" and "Query feature groups
using Athena and AWS Glue", read 2026-11-30.
"""

from collections.abc import Mapping
from typing import Any, Final

from moto.glue.models import glue_backends

PARTITIONS: Final = ("year", "month", "day", "hour")
WRITTEN: Final = {"write_time": "timestamp", "api_invocation_time": "timestamp", "is_deleted": "boolean"}
"""Columns that Feature Store adds to each record."""

_GLUE: Final = {"Integral": "bigint", "Fractional": "double", "String": "string"}
_DUCKDB: Final = {"string": "VARCHAR", "int": "INTEGER", "float": "FLOAT", "binary": "BLOB"}
_HIVE: Final = "org.apache.hadoop.hive.ql.io.parquet"


def columns_of(group: Mapping[str, Any]) -> dict[str, str]:
    """Return Glue's type by column of a feature group's files."""
    features = {each["FeatureName"]: _GLUE[each["FeatureType"]] for each in group["FeatureDefinitions"]}
    return features | WRITTEN


def duckdb_type(glue: str) -> str:
    """Return DuckDB's name of a simple type of Glue's; empty: it is none, and stays as the file has it."""
    return "" if "<" in glue else _DUCKDB.get(glue.lower(), glue.upper())


def keep_table(group: Mapping[str, Any]) -> None:
    """Make the table of an offline store, or give it the columns of now; it outlives its group, as the objects do.

    Source: SageMaker API Reference, DeleteFeatureGroup, read 2026-11-29.
    """
    catalog = group["OfflineStoreConfig"].get("DataCatalogConfig")
    if not catalog:
        return
    _, _, _, region, account, _ = group["FeatureGroupArn"].split(":")
    glue = glue_backends[account][region]
    database, name = catalog["Database"], catalog["TableName"]
    if database not in glue.databases:
        glue.create_database(database, {"Name": database}, {})
    table = _table(name, group)
    if name in glue.databases[database].tables:
        glue.update_table(database, name, table)
    else:
        glue.create_table(database, name, table)


def _table(name: str, group: Mapping[str, Any]) -> dict[str, Any]:
    columns = [{"Name": column.lower(), "Type": type_} for column, type_ in columns_of(group).items()]
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "classification": "parquet", "parquet.compress": "SNAPPY"},
        "PartitionKeys": [{"Name": part, "Type": "string"} for part in PARTITIONS],
        "StorageDescriptor": {
            "Columns": columns,
            "Location": group["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"],
            "InputFormat": f"{_HIVE}.MapredParquetInputFormat",
            "OutputFormat": f"{_HIVE}.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": f"{_HIVE}.serde.ParquetHiveSerDe"},
        },
    }

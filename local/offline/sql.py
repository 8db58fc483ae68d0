"""Runs one SELECT over tables whose files are at hand, by DuckDB; it reaches nothing else.

DuckDB's SQL stands for Trino's: SELECT, WHERE, JOIN, GROUP BY and windows are the same; a function that only Trino has
fails by its name. Integers divide as in Trino.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from local.offline.tables import duckdb_type

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ATHENA: Final = {
    "BLOB": "varbinary",
    "FLOAT": "float",
    "HUGEINT": "bigint",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    **{
        name.upper(): name
        for name in ("bigint", "boolean", "date", "double", "integer", "smallint", "timestamp", "tinyint")
    },
}
"""Athena's name of a result's type, by DuckDB's; others are varchar. DuckDB adds BIGINTs up to a HUGEINT."""

_MACROS: Final = "CREATE MACRO memory.main.from_iso8601_timestamp(t) AS CAST(t AS TIMESTAMP)"
_SETTINGS: Final[dict[str, str | int | float | list[str]]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "integer_division": True,
}


class QueryError(Exception):
    """The query fails; the text is the reason that Athena shows."""


class Name(NamedTuple):
    """A table as a query names it, in small letters; parts that it leaves out are empty."""

    catalog: str
    database: str
    table: str


@dataclass(frozen=True)
class Table:
    """A table with all its files."""

    columns: Mapping[str, str]
    """Glue's type by column, partition keys included."""

    kind: str
    """parquet, csv or json."""

    options: Mapping[str, str]
    """Of CSV: delimiter, and how many lines to leave out."""

    files: Mapping[str, bytes]
    """Content by path below the table's location."""


@dataclass(frozen=True)
class Result:
    """What a query returned, as text; None is NULL."""

    columns: Sequence[tuple[str, str]]
    """Name and Athena's type."""

    rows: Sequence[Sequence[str | None]]


def tables_of(sql: str) -> set[Name]:
    """Return the tables that a query names, without those it makes itself by WITH.

    Raises:
        QueryError: it is no single SELECT.
    """
    with opened() as database:
        (text,) = database.execute("SELECT json_serialize_sql(?)", [sql]).fetchone() or ("{}",)
    tree = json.loads(text)
    if tree.get("error"):
        raise QueryError(f"line 1:1: {tree.get('error_message')}")
    if len(tree["statements"]) != 1:
        raise QueryError("Only one sql statement is allowed.")
    nodes = list(_nodes(tree))
    own = {each["key"].lower() for node in nodes for each in (node.get("cte_map") or {}).get("map", ())}
    named = (node for node in nodes if node.get("type") == "BASE_TABLE")
    names = {Name(*(node[part].lower() for part in ("catalog_name", "schema_name", "table_name"))) for node in named}
    return {name for name in names if name.database or name.table not in own}


def run(sql: str, tables: Mapping[Name, Table], default: Name, database: "DuckDBPyConnection") -> Result:
    """Run a query.

    Args:
        sql: the query.
        tables: each table it names, by its whole name.
        default: catalogue and database of names that leave them out.
        database: from opened(); who holds it can interrupt the query.

    Raises:
        QueryError: as the reason to show.
    """
    import duckdb  # noqa: PLC0415 - 25 MB that most rehearsals never need

    try:
        for catalog, schema in {(name.catalog, name.database) for name in (*tables, default)}:
            database.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {_quoted(catalog)}")
            database.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(catalog)}.{_quoted(schema)}")
        for name, table in tables.items():
            _load(database, ".".join(_quoted(part) for part in name), table)
        database.execute(_MACROS)
        database.execute(f"USE {_quoted(default.catalog)}.{_quoted(default.database)}")
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        done = database.execute(sql)
        columns = [(str(name).lower(), _athena(str(type_))) for name, type_, *_ in done.description or ()]
        return Result(columns, [[_text(value) for value in row] for row in done.fetchall()])
    except duckdb.Error as error:
        raise QueryError(str(error)) from None


def opened() -> "DuckDBPyConnection":
    """Return an empty database in memory."""
    import duckdb  # noqa: PLC0415 - see run()

    return duckdb.connect(":memory:", config=_SETTINGS)


def _load(database: "DuckDBPyConnection", name: str, table: Table) -> None:
    """Copy a table's files into the database: once it runs, the query reads no file."""
    columns = {column: duckdb_type(type_) or "VARCHAR" for column, type_ in table.columns.items()}
    declared = ", ".join(f"{_quoted(column)} {type_}" for column, type_ in columns.items())
    database.execute(f"CREATE TABLE {name} ({declared})")
    if not table.files:
        return
    with tempfile.TemporaryDirectory() as folder:
        for path, content in table.files.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        read = _read(Path(folder), table, columns)
        database.execute(f"INSERT INTO {name} BY NAME SELECT * FROM {read}")  # noqa: S608 - names and paths are quoted


def _read(folder: Path, table: Table, columns: Mapping[str, str]) -> str:
    files = ", ".join(literal(str(folder / path)) for path in sorted(table.files))
    if table.kind == "csv":
        partitions = {part.partition("=")[0] for path in table.files for part in path.split("/")[:-1]}
        own = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns if name not in partitions)
        skip, delimiter = table.options.get("skip", "0"), literal(table.options.get("delimiter", ","))
        return f"read_csv([{files}], columns={{{own}}}, header=false, skip={int(skip)}, delim={delimiter}, {_HIVE})"
    reader = "read_json" if table.kind == "json" else "read_parquet"
    more = "format='newline_delimited', " if table.kind == "json" else ""
    return f"{reader}([{files}], {more}union_by_name=true, {_HIVE})"


_HIVE: Final = "hive_partitioning=true, hive_types_autocast=false"
"""Partition keys stand in the path, as text."""


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(each)


def _athena(type_: str) -> str:
    return _ATHENA.get(type_) or ("decimal" if type_.startswith("DECIMAL") else "varchar")


def _text(value: object) -> str | None:
    """A value as Athena writes it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def literal(text: str) -> str:
    """Return *text* as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""Athena's queries: really run, by DuckDB, with the rights of who asks; the result lies in S3 as a CSV file.

A query runs beside the emulated AWS; its result is written when somebody asks for it.
Sources: Athena API reference, StartQueryExecution, GetQueryExecution and GetQueryResults; Athena User Guide, "Work with
query results and recent queries" (the file's form), "Set data usage controls"; read 2026-11-30.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from moto.athena.models import athena_backends
from moto.s3.models import s3_backends

from local.authority.held import bucket_owner
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp
from local.offline import reading, sql
from local.offline.sql import Name, QueryError, Result, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE_SECONDS: Final = 3
"""How long the answer to StartQueryExecution waits for a quick query [s]: it is often asked for at once."""

_MOST_ROWS: Final = 1000


@dataclass
class _Query:
    """One query."""

    call: Call
    output: Record
    """Its result configuration; OutputLocation names the file."""

    began: datetime = field(default_factory=stamp)
    database: "DuckDBPyConnection | None" = None
    scanned: int = 0
    """What was read [bytes]."""

    state: str = "RUNNING"
    why: str = ""
    ended: datetime | None = None
    result: Result | None = None
    written: bool = False

    def end(self, state: str, why: str = "", result: Result | None = None) -> None:
        """Come to an end, once."""
        if self.state == "RUNNING":
            self.ended, self.why, self.result, self.state = stamp(), why, result, state

    def run(self, tables: dict[Name, Table], default: Name) -> None:
        """Run to the end."""
        self.database = sql.opened()
        try:
            self.end("SUCCEEDED", result=sql.run(str(self.call.params["QueryString"]), tables, default, self.database))
        except QueryError as error:
            self.end("FAILED", str(error))
        finally:
            self.database.close()


_QUERIES: dict[str, _Query] = {}


@operation("athena", "StartQueryExecution")
def start(call: Call) -> Record:
    """Look at what the query names, read it, and let it run."""
    if call.params.get("ExecutionParameters"):
        raise Refusal("InvalidRequestException", "the emulated AWS runs no query with ExecutionParameters")
    group, configuration = _group(call)
    output = _output(call, configuration)
    moto = athena_backends[call.account][call.region]
    context: Any = call.params.get("QueryExecutionContext") or {}
    query_id: str = moto.start_query_execution(call.params["QueryString"], context, dict(output), group, None)
    output["OutputLocation"] = f"{output['OutputLocation'].rstrip('/')}/{query_id}.csv"
    query = _QUERIES[query_id] = _Query(call, output)
    default = Name(context.get("Catalog", reading.OWN_CATALOG).lower(), context.get("Database", "default").lower(), "")
    try:
        tables = {}
        for named in sql.tables_of(call.params["QueryString"]):
            whole = Name(named.catalog or default.catalog, named.database or default.database, named.table)
            tables[whole] = reading.table(call, whole)
    except QueryError as error:
        query.end("FAILED", str(error))
        return {"QueryExecutionId": query_id}
    query.scanned = sum(len(content) for table in tables.values() for content in table.files.values())
    if query.scanned > configuration.get("BytesScannedCutoffPerQuery", query.scanned):
        query.end("CANCELLED", "Query cancelled! : Bytes scanned limit was exceeded")
        return {"QueryExecutionId": query_id}
    worker = threading.Thread(target=query.run, args=(tables, default), daemon=True)
    worker.start()
    worker.join(_AT_ONCE_SECONDS)
    return {"QueryExecutionId": query_id}


@operation("athena", "GetQueryExecution")
def get(call: Call) -> Record:
    """Say how a query stands."""
    query = _found(call)
    given, status = query.call.params, {"State": query.state, "SubmissionDateTime": query.began}
    if query.ended:
        status["CompletionDateTime"] = query.ended
    if query.why:
        status |= {"StateChangeReason": query.why, "AthenaError": {"ErrorCategory": 2, "ErrorMessage": query.why}}
    milliseconds = int(((query.ended or stamp()) - query.began).total_seconds() * 1000)
    return {
        "QueryExecution": {
            "QueryExecutionId": call.params["QueryExecutionId"],
            "Query": given["QueryString"],
            "StatementType": "DML",
            "ResultConfiguration": query.output,
            "QueryExecutionContext": given.get("QueryExecutionContext", {}),
            "Status": status,
            "Statistics": {
                "EngineExecutionTimeInMillis": milliseconds,
                "TotalExecutionTimeInMillis": milliseconds,
                "DataScannedInBytes": query.scanned,
            },
            "WorkGroup": given.get("WorkGroup", "primary"),
        }
    }


@operation("athena", "GetQueryResults")
def results(call: Call) -> Record:
    """Return a page of a result; its first row names the columns."""
    query = _found(call)
    if query.result is None:
        state = f"Query did not finish successfully. Final query state: {query.state}"
        raise Refusal(
            "InvalidRequestException",
            "Query has not yet finished. Current state: RUNNING" if query.state == "RUNNING" else state,
        )
    columns = query.result.columns
    rows = [[name for name, _ in columns], *query.result.rows]
    begin, most = int(call.params.get("NextToken", "0")), min(call.params.get("MaxResults", _MOST_ROWS), _MOST_ROWS)
    shown = [
        {"Data": [{} if value is None else {"VarCharValue": value} for value in row]}
        for row in rows[begin : begin + most]
    ]
    answer: Record = {
        "UpdateCount": 0,
        "ResultSet": {"Rows": shown, "ResultSetMetadata": {"ColumnInfo": [_column(*each) for each in columns]}},
    }
    return answer | ({"NextToken": str(begin + most)} if begin + most < len(rows) else {})


@operation("athena", "StopQueryExecution")
def stop(call: Call) -> Record:
    """Cancel a query that still runs."""
    query = _found(call)
    query.end("CANCELLED", "Query cancelled by user")
    if query.database:
        query.database.interrupt()
    return {}


def _found(call: Call) -> _Query:
    """The query of a call, its result in S3 if there is one."""
    query_id = call.params["QueryExecutionId"]
    query = _QUERIES.get(query_id)
    moto = athena_backends[call.account][call.region].executions
    if query is None or query_id not in moto:
        raise Refusal("InvalidRequestException", f"QueryExecution {query_id} was not found")
    moto[query_id].status = query.state  # for those who list queries
    if query.result and not query.written:
        query.written = True
        _write(query.output, query.result)
    return query


def _group(call: Call) -> tuple[str, Record]:
    """Name and configuration of the workgroup."""
    name = call.params.get("WorkGroup", "primary")
    found = athena_backends[call.account][call.region].work_groups.get(name)
    if found is None:
        raise Refusal("InvalidRequestException", f"WorkGroup {name} is not found.")
    if found.state == "DISABLED":
        raise Refusal("InvalidRequestException", f"WorkGroup {name} is disabled.")
    return name, found.configuration


def _output(call: Call, configuration: Record) -> Record:
    """Where the result goes: as the workgroup says, where it insists or the request says nothing."""
    groups, own = configuration.get("ResultConfiguration") or {}, call.params.get("ResultConfiguration") or {}
    output = dict(groups) if configuration.get("EnforceWorkGroupConfiguration") and groups else {**groups, **own}
    if not output.get("OutputLocation"):
        raise Refusal(
            "InvalidRequestException",
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input.",
        )
    return output


def _write(output: Record, result: Result) -> None:
    """Write the result: every value in quotes, and nothing for NULL."""
    uri = urlsplit(output["OutputLocation"])
    owner = bucket_owner(uri.netloc)
    if owner is None:
        return
    rows = [[name for name, _ in result.columns], *result.rows]
    text = "".join(",".join(map(_cell, row)) + "\n" for row in rows)
    sealed = output.get("EncryptionConfiguration") or {}
    key = sealed.get("KmsKey")
    encryption = {"encryption": "aws:kms", "kms_key_id": key} if key else {}
    s3_backends[owner]["aws"].put_object(uri.netloc, uri.path.lstrip("/"), text.encode(), **encryption)


def _cell(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'


def _column(name: str, type_: str) -> dict[str, Any]:
    empty = {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Precision": 0, "Scale": 0}
    return {
        **empty,
        "Name": name,
        "Label": name,
        "Type": type_,
        "Nullable": "UNKNOWN",
        "CaseSensitive": type_ == "varchar",
    }

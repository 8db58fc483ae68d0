"""Read customers back from the feature store: online one by one, offline all of them by Athena's SQL.

Both give the values that a model was trained on; a notebook starts here.
"""

import time
from collections.abc import Iterable
from typing import Any

import boto3
import pandas as pd

from churn.columns import ALL, CUSTOMER, OBSERVED
from churn.errors import RefusedError
from churn.publish import frame_of

PATIENCE_SECONDS = 300
"""How long a query may take."""


def online(group: str, customers: Iterable[str]) -> pd.DataFrame:
    """Return the newest record of each of *customers* in feature group *group*; unknown ones are left out."""
    client = boto3.client("sagemaker-featurestore-runtime")
    found = []
    for customer in customers:
        answer = client.get_record(FeatureGroupName=group, RecordIdentifierValueAsString=customer)
        if record := answer.get("Record"):
            found.append({one["FeatureName"]: one["ValueAsString"] for one in record})
    return frame_of(found)


def offline(group: str, workgroup: str) -> pd.DataFrame:
    """Return the newest row of every customer in *group*'s offline store, as Athena's *workgroup* may read it.

    Raises:
        RefusedError: the group has no offline table, or the query fails.
    """
    about = boto3.client("sagemaker").describe_feature_group(FeatureGroupName=group)
    table = about.get("OfflineStoreConfig", {}).get("DataCatalogConfig")
    if not table:
        raise RefusedError(f"feature group {group} has no offline store with a table")
    names = ", ".join(column.name for column in ALL)
    newest = f"PARTITION BY {CUSTOMER.name} ORDER BY {OBSERVED.name} DESC, write_time DESC"
    # The store keeps what was put twice; the newest write of the newest observation counts.
    sql = (
        f"SELECT {names} FROM (SELECT *, row_number() OVER ({newest}) AS place "  # noqa: S608 - names of ours
        f'FROM "{table["Database"]}"."{table["TableName"]}") WHERE place = 1 AND NOT is_deleted'
    )
    return frame_of(query(sql, workgroup))


def query(sql: str, workgroup: str) -> list[dict[str, Any]]:
    """Return the rows of *sql*, values as text.

    Raises:
        RefusedError: Athena refuses or fails, or takes longer than PATIENCE_SECONDS.
    """
    athena = boto3.client("athena")
    key = athena.start_query_execution(QueryString=sql, WorkGroup=workgroup)["QueryExecutionId"]
    until = time.monotonic() + PATIENCE_SECONDS
    while (status := athena.get_query_execution(QueryExecutionId=key)["QueryExecution"]["Status"])["State"] in {
        "QUEUED",
        "RUNNING",
    }:
        if time.monotonic() > until:
            athena.stop_query_execution(QueryExecutionId=key)
            raise RefusedError(f"Athena took longer than {PATIENCE_SECONDS} seconds")
        time.sleep(1)
    if status["State"] != "SUCCEEDED":
        raise RefusedError(f"Athena: {status.get('StateChangeReason', status['State'])}")
    rows = [
        [cell.get("VarCharValue") for cell in row["Data"]]
        for page in athena.get_paginator("get_query_results").paginate(QueryExecutionId=key)
        for row in page["ResultSet"]["Rows"]
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

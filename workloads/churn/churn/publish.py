"""Put clean customers into the feature store: one record a customer, the newest online, all offline."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pandas as pd
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from churn.columns import ALL, CUSTOMER, LABEL, read
from churn.errors import RefusedError
from churn.place import received

AT_ONCE = 8
"""Requests under way [count]."""


def publish(group: str) -> None:
    """Put every row of the clean customers into feature group *group*.

    Raises:
        RefusedError: the group takes no records of this role, or lacks columns.
    """
    frame = read(received("clean", "customers.csv"))
    client = boto3.client(
        "sagemaker-featurestore-runtime",
        config=Config(retries={"mode": "adaptive", "max_attempts": 8}, max_pool_connections=AT_ONCE),
    )
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = sum(
                1 for _ in pool.map(lambda one: client.put_record(FeatureGroupName=group, Record=one), records(frame))
            )
    except (ClientError, BotoCoreError) as error:
        raise RefusedError(f"feature group {group}: {error}") from error
    print(f"{done} records in feature group {group}")


def records(frame: pd.DataFrame) -> Iterator[list[dict[str, str]]]:
    """Return each row as PutRecord takes it: text, and nothing where a value is missing."""
    names = [column.name for column in ALL]
    for row in frame[names].itertuples(index=False):
        yield [
            {"FeatureName": name, "ValueAsString": _text(value)}
            for name, value in zip(names, row, strict=True)
            if not pd.isna(value)
        ]


def frame_of(found: list[Mapping[str, Any]]) -> pd.DataFrame:
    """Return records (name → text) as clean customers, in order of the customer, so that two ways can be compared."""
    frame = pd.DataFrame(found, columns=[column.name for column in ALL]).astype("str")
    numbers = {column.name: "float64" for column in ALL if column.is_number}
    return (
        frame.astype({**numbers, LABEL.name: "float64"})
        .astype({LABEL.name: "int64"})
        .sort_values(CUSTOMER.name, ignore_index=True)
    )


def _text(value: Any) -> str:
    """Return *value* so that it reads back as the same: 12.0 as 12, other fractions by their shortest digits."""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value)

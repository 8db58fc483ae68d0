"""Scoring: each row is looked at by the contract, and the model sees those without a fault."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
from pyspark.sql.types import DoubleType, StringType, StructField, StructType

from batch.contract import NUMBERS, Contract, RefusedError

BROKEN = "_broken"
"""Where Spark puts a line of CSV that has more or fewer values than the header."""
REASON = "rejected_because"
PREDICTION = "prediction"
TAKEN = "_taken_"
"""Before the name of a column as the model takes it."""


@dataclass(frozen=True)
class Files:
    """A path or s3:// address, and whether CSV or parquet lies there."""

    place: str
    kind: str


def score(spark: SparkSession, model: Path, source: Files, target: Files) -> dict[str, int]:
    """Write `predictions` (each good row with its prediction) and `rejected` (each other row with its reason).

    Args:
        spark: a session.
        model: folder of the MLflow model, on the driver; Spark hands it to the workers.
        source: what to score.
        target: what to write, over what is there.

    Returns:
        Rows `read`, `scored` and `rejected`.

    Raises:
        RefusedError: columns are missing, or there twice.
        ValueError: the model has no contract.
    """
    contract = Contract.of(model)
    given = _read(spark, source)
    names = [name for name in given.columns if name != BROKEN]
    contract.named(names, strict=False)
    if taken := [name for name in names if name in {REASON, PREDICTION} or name.startswith(TAKEN)]:
        raise RefusedError(f"columns {', '.join(taken)}: the output has them itself")
    looked_at = given.mapInPandas(_look(contract, names, text=source.kind == "csv"), _schema(contract, given))
    looked_at.persist()
    try:
        # MLflow's own function: it takes the model to the workers, and runs it in their Python.
        predict = mlflow.pyfunc.spark_udf(spark, str(model), result_type="array<double>", env_manager="local")
        inputs = F.struct(*(F.col(TAKEN + column.name).alias(column.name) for column in contract.columns))
        answer = predict(inputs)
        # Of a classifier's two probabilities the second, as contract.answers has it.
        good = looked_at.where(F.col(REASON).isNull()).select(*names, answer.alias(PREDICTION))
        good = good.withColumn(PREDICTION, F.element_at(PREDICTION, -1))
        bad = looked_at.where(F.col(REASON).isNotNull()).select(*names, REASON)
        _write(good, target, "predictions")
        _write(bad, target, "rejected")
        rejected, read = bad.count(), looked_at.count()
    finally:
        looked_at.unpersist()
    return {"read": read, "scored": read - rejected, "rejected": rejected}


def _read(spark: SparkSession, source: Files) -> DataFrame:
    if source.kind == "parquet":
        return spark.read.parquet(source.place)
    # Text: the contract decides what is a number. Quotes as in RFC 4180.
    reader = spark.read.options(header=True, escape='"', multiLine=False, enforceSchema=True)
    names = reader.csv(source.place).columns
    schema = StructType([StructField(name, StringType()) for name in (*names, BROKEN)])
    return reader.options(columnNameOfCorruptRecord=BROKEN, mode="PERMISSIVE").schema(schema).csv(source.place)


def _schema(contract: Contract, given: DataFrame) -> StructType:
    model = [
        StructField(TAKEN + column.name, DoubleType() if column.type in NUMBERS else StringType())
        for column in contract.columns
    ]
    kept = [field for field in given.schema.fields if field.name != BROKEN]
    return StructType([*kept, *model, StructField(REASON, StringType())])


def _look(
    contract: Contract, names: list[str], *, text: bool
) -> Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]:
    """A function for the workers: each row's values as the model takes them, or why it cannot."""

    def look(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        nothing: list[Any] = [None] * len(contract.columns)
        for frame in frames:
            broken = frame.pop(BROKEN).notna().tolist() if BROKEN in frame else [False] * len(frame)
            values = frame.astype(object).where(frame.notna(), None)
            taken: list[list[Any]] = []
            reasons: list[str | None] = []
            for row, cut in zip(values.itertuples(index=False, name=None), broken, strict=True):
                try:
                    taken.append(contract.row(names, () if cut else row, text=text))
                    reasons.append(None)
                except RefusedError as refused:
                    taken.append(nothing)
                    reasons.append(str(refused))
            columns = [TAKEN + column.name for column in contract.columns]
            added = pd.DataFrame(taken, columns=columns, index=frame.index, dtype=object)
            for column in contract.columns:
                if column.type in NUMBERS:
                    added[TAKEN + column.name] = added[TAKEN + column.name].astype("float64")
            added[REASON] = pd.Series(reasons, index=frame.index, dtype=object)
            yield pd.concat([frame, added], axis=1)

    return look


def _write(frame: DataFrame, target: Files, name: str) -> None:
    writer = frame.write.mode("overwrite")
    place = f"{target.place.rstrip('/')}/{name}"
    if target.kind == "csv":
        writer.options(header=True, escape='"').csv(place)
    else:
        writer.parquet(place)

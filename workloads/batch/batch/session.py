"""Spark, as the machine or the cluster has it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession


@contextmanager
def session() -> Iterator[SparkSession]:
    """Give a session, and stop it. Under spark-submit all is set; alone it is local, on loopback only."""
    builder = SparkSession.builder.appName("batch")
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # set by spark-submit
        # Workers take python3 from PATH otherwise, which need not have the model's packages.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = (
            builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "8")
        )
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()

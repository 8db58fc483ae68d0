"""Feature Store's offline store, and Athena over tables in S3: both real, by DuckDB."""

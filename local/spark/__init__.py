"""EMR Serverless, where moto only keeps records: its runs work here, in a local Spark, under their role."""

"""An MLflow model over whole files, by Spark: local, EMR Serverless or any cluster."""

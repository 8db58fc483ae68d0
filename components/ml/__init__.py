"""SageMaker: Studio, feature store, model registry, managed MLflow."""

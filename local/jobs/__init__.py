"""SageMaker's jobs, run here: their data, their container, their outcome."""

"""The steps, in the order of the page."""

from tests.journeys.steps import data, escape, features, jobs, mlflow, models, studio

__all__ = ["data", "escape", "features", "jobs", "mlflow", "models", "studio"]

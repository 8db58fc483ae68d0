"""What MLflow is told of a run. Without MLFLOW_TRACKING_URI nobody is told, and nothing else changes."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from churn.columns import LABEL
from churn.gate import Check

TAGS = {
    "git_commit": "MLZ_GIT_COMMIT",
    "source": "MLZ_SOURCE",
    "data_version": "MLZ_DATA_VERSION",
    "features": "MLZ_FEATURES",
    "run": "MLZ_RUN",
}
"""Tag by the environment variable that says it."""


@dataclass
class Tracked:
    """One run on the tracking server, or none."""

    run_id: str = ""
    """Id of the run; empty where nobody tracks."""

    model_uri: str = ""
    """Address of the logged model."""

    def metrics(self, history: Sequence[tuple[str, int, float]]) -> None:
        """Log (name, step, value), all in one request."""
        if not self.run_id:
            return
        import time

        from mlflow import MlflowClient
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        MlflowClient().log_batch(self.run_id, metrics=[Metric(name, value, now, step) for name, step, value in history])

    def model(self, model: Pipeline, how: Mapping[str, Any]) -> None:
        """Log *model* as `model` of the run."""
        if self.run_id:
            import mlflow.sklearn

            self.model_uri = mlflow.sklearn.log_model(model, name="model", **how).model_uri

    def boosted(self, booster: Any, example: pd.DataFrame) -> None:
        """Log a model of XGBoost's as `model` of the run; *example*: some rows of what it takes, encoded."""
        if self.run_id:
            import mlflow.xgboost
            from mlflow.models import infer_signature

            signature = infer_signature(example)
            self.model_uri = mlflow.xgboost.log_model(booster, name="model", signature=signature).model_uri

    def about(self) -> dict[str, str]:
        """Return what a later step needs to find the run again."""
        return {"run_id": self.run_id, "model_uri": self.model_uri}


@contextmanager
def run(parameters: Mapping[str, str], data: Mapping[str, pd.DataFrame]) -> Iterator[Tracked]:
    """Open a run with its *parameters*, tags and *data* by use; it fails where the block fails."""
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        yield Tracked()
        return
    import mlflow

    if not os.environ.get("MLFLOW_RUN_ID"):  # a run that `mlflow run` opened is in its experiment already
        mlflow.set_experiment(os.environ.get("MLFLOW_EXPERIMENT_NAME", "churn"))
    tags = {tag: os.environ[name] for tag, name in TAGS.items() if os.environ.get(name)}
    with mlflow.start_run(run_name=os.environ.get("MLZ_RUN"), tags=tags) as started:
        mlflow.log_params(dict(parameters))
        for use, frame in data.items():
            source = os.environ.get("MLZ_SOURCE", "customers")
            dataset = mlflow.data.from_pandas(
                frame, source=source, targets=LABEL.name, name=f"customers-{use}", digest=digest(frame)
            )
            mlflow.log_input(dataset, context=use)
        yield Tracked(started.info.run_id)


def judged(run_id: str, found: Mapping[str, Mapping[str, Any]], checks: Sequence[Check]) -> None:
    """Add to the run *run_id* what the evaluation found: measures, and a tag a check."""
    if not run_id or not os.environ.get("MLFLOW_TRACKING_URI"):
        return
    from mlflow import MlflowClient

    client = MlflowClient()
    for name, one in found.items():
        client.log_metric(run_id, f"test_{name}", one["value"])
    for check in checks:
        client.set_tag(run_id, f"gate.{check.name}", "passed" if check.passed else "refused")
    client.set_tag(run_id, "gate", "passed" if all(check.passed for check in checks) else "refused")


def digest(frame: pd.DataFrame) -> str:
    """Return the data's fingerprint, at most 36 characters, the same for the same rows in the same order."""
    return hashlib.sha256(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()).hexdigest()[:32]

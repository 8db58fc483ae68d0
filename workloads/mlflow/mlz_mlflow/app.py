"""What `mlflow server --app-name team-gate` starts in each process."""

import os

import mlflow

from mlz_mlflow import database, storage
from mlz_mlflow.gate import App, Gate
from mlz_mlflow.settings import VARIABLE, Settings


def create_app() -> App:
    """Return MLflow's application behind the gate."""
    from mlflow.server.auth import create_app as inner

    database.log_in()
    storage.lock()
    return Gate(inner(), Settings.read(os.environ[VARIABLE]), mlflow.__version__)

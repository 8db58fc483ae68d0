"""The model in memory: loaded beside the running service, so that the service can say that it is not ready yet."""

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from serving import metrics
from serving.contract import Contract, answers

if TYPE_CHECKING:
    import mlflow.pyfunc

log = logging.getLogger(__name__)


class NotReadyError(RuntimeError):
    """The model is not in memory."""


class Model:
    """One MLflow model."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: tuple[Contract, mlflow.pyfunc.PyFuncModel] | None = None
        self.failed = False
        metrics.READY.set(0)

    def start(self) -> None:
        """Load in the background."""
        threading.Thread(target=self.load, name="load", daemon=True).start()

    def load(self) -> None:
        """Load now; a model that cannot be loaded never becomes ready, and Kubernetes rolls no further."""
        try:
            import mlflow.pyfunc

            self._loaded = Contract.of(self._folder), mlflow.pyfunc.load_model(str(self._folder))
        except Exception:
            self.failed = True
            log.exception("the model cannot be loaded")
        else:
            metrics.READY.set(1)
            log.info("the model is ready", extra={"facts": self.facts()})

    @property
    def contract(self) -> Contract:
        """What the model takes."""
        return self._ready()[0]

    def facts(self) -> dict[str, str]:
        """Which model this is, in MLflow's words; empty where the model does not say."""
        data = self._ready()[1].metadata.to_dict()
        return {name: str(data[name]) for name in ("model_uuid", "run_id", "utc_time_created") if data.get(name)}

    def predict(self, rows: pd.DataFrame) -> list[object]:
        """One answer a row."""
        return answers(self._ready()[1].predict(rows))

    def _ready(self) -> "tuple[Contract, mlflow.pyfunc.PyFuncModel]":
        if self._loaded is None:
            raise NotReadyError("the model cannot be loaded" if self.failed else "the model is being loaded")
        return self._loaded

"""What `train` does: hyperparameters and channels in, model/xgboost-model out, the metrics of each round in the log."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import xgboost

from algorithm.data import check, matrix
from algorithm.errors import RefusedError
from algorithm.hyperparameters import hyperparameters

MODEL = "xgboost-model"
"""What it leaves in model/, as Booster.save_model writes it."""

TAB = "#011"
"""How a tab looks in SageMaker's log, by which its metrics are found."""


class Told(xgboost.callback.TrainingCallback):
    """Prints a line a round: [3]#011train-auc:0.81234#011validation-auc:0.80123."""

    def after_iteration(self, model: xgboost.Booster, epoch: int, evals_log: dict[str, Any]) -> bool:  # noqa: ARG002 - xgboost calls it so
        """Print the round's metrics; training goes on."""
        said = [
            f"{data}-{name}:{values[-1]:.5f}" for data, metrics in evals_log.items() for name, values in metrics.items()
        ]
        say(f"[{epoch}]{TAB}{TAB.join(said)}")
        return False


def train(base: Path) -> None:
    """Train on what lies below *base*, which stands for /opt/ml.

    Raises:
        RefusedError: the job asks for what the algorithm does not take.
    """
    config = base / "input" / "config"
    values = hyperparameters(json.loads((config / "hyperparameters.json").read_text()))
    channels = json.loads((config / "inputdataconfig.json").read_text())
    check(channels)
    rounds, patience = values.pop("num_round"), values.pop("early_stopping_rounds", None)
    weights = bool(values.pop("csv_weights", 0))
    learnt = matrix(base / "input" / "data" / "train", weights=weights)
    watched = [(learnt, "train")]
    say(f"Train matrix has {learnt.num_row()} rows and {learnt.num_col()} columns")
    if "validation" in channels:
        judged = matrix(base / "input" / "data" / "validation")
        watched.append((judged, "validation"))
        say(f"Validation matrix has {judged.num_row()} rows")
    stop = [xgboost.callback.EarlyStopping(patience, data_name=watched[-1][1])] if patience else []
    try:
        booster = xgboost.train(values, learnt, rounds, evals=watched, callbacks=[Told(), *stop], verbose_eval=False)
    except (xgboost.core.XGBoostError, ValueError) as error:
        said = str(error).partition("\nStack trace")[0]
        raise RefusedError(f"XGB train call failed with exception:\n {said}") from error
    (base / "model").mkdir(exist_ok=True)
    # XGBoost warns of a name without an ending; AWS's container uses this one.
    booster.save_model(base / "model" / MODEL)


def say(line: str) -> None:
    """Print a line of the log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Return the exit code; what stopped it stands in output/failure."""
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
    try:
        train(base)
    except RefusedError as refused:
        say(f"ERROR {refused}")
        (base / "output").mkdir(exist_ok=True)
        (base / "output" / "failure").write_text(str(refused))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

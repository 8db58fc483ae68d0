"""Train: five folds for an honest number, then the model on all of train, watched on validation."""

import json

import mlflow.sklearn
import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from churn import tracking
from churn.columns import LABEL, inputs, read
from churn.model import Settings, pipeline, saving
from churn.place import base, channel, write_json

FOLDS = 5
EVERY = 10
"""Iterations between two points of the history [count]."""


def train() -> None:
    """Do what SageMaker's `train` does: channels in, model/ out, the objective in the log."""
    config = base() / "input" / "config" / "hyperparameters.json"
    settings = Settings.of(json.loads(config.read_text()) if config.exists() else {})
    frame, watched = read(channel("train")), read(channel("validation"))
    folder = base() / "model"
    with tracking.run(settings.as_text(), {"train": frame, "validation": watched}) as tracked:
        folds = cross_validate(settings, frame)
        history = [("fold_auc", fold, auc) for fold, auc in enumerate(folds, 1)]
        history.append(("cv_auc", 0, float(np.mean(folds))))  # MLflow shows beside the model what has step 0
        model = pipeline(settings).fit(inputs(frame), frame[LABEL.name])
        history += watch(model, watched)
        last = {name: value for name, _, value in history}
        tracked.metrics(history)
        how = saving(model, inputs(frame).head(3))
        tracked.model(model, how)
        mlflow.sklearn.save_model(model, str(folder), **how)
        about = {"settings": settings.as_text(), "metrics": last, "rows": len(frame), **tracked.about()}
        write_json(folder / "training.json", about)
    for name in ("cv_auc", "validation_auc", "validation_log_loss"):
        print(f"{name.replace('validation_', 'validation:')}={last[name]:.5f}")


def cross_validate(settings: Settings, frame: pd.DataFrame) -> list[float]:
    """Return the AUC of each fold: what a model of these settings is worth on customers it has not seen."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=settings.seed)
    features, labels = inputs(frame), frame[LABEL.name].to_numpy()
    found = []
    for learn, judge in folds.split(features, labels):
        model = pipeline(settings).fit(features.iloc[learn], labels[learn])
        found.append(float(roc_auc_score(labels[judge], model.predict_proba(features.iloc[judge])[:, 1])))
    return found


def watch(model: Pipeline, frame: pd.DataFrame) -> list[tuple[str, int, float]]:
    """Return (metric, iteration, value) of *model* on *frame* while it grew, the last iteration last."""
    labels = frame[LABEL.name].to_numpy()
    encoded = model[:-1].transform(inputs(frame))
    history = []
    grown = list(model[-1].staged_predict_proba(encoded))
    for iteration in sorted({*range(EVERY, len(grown), EVERY), len(grown)}):
        guess = grown[iteration - 1][:, 1]
        history.append(("validation_auc", iteration, float(roc_auc_score(labels, guess))))
        history.append(("validation_log_loss", iteration, float(log_loss(labels, guess, labels=[0, 1]))))
    return history

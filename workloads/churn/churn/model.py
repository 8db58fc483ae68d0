"""The model: encoding and trees in one pipeline, saved as skops, which runs no code of the file's when it is read."""

import importlib.metadata
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from churn.columns import CATEGORIES, CATEGORY_NAMES, CUSTOMER, INPUT_NAMES, INPUTS, NUMBER_NAMES
from churn.errors import RefusedError

TRUSTED = ["sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"]
"""Types beyond skops' own list that a file of ours may hold. Anything else is refused when it is read."""
FOLDER_FORMAT = "skops"
BUILT_IN = "xgboost-model"
"""What SageMaker's built-in XGBoost leaves in model.tar.gz."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Hyperparameters; SageMaker hands them over as text."""

    learning_rate: float = 0.06
    max_depth: int = 4
    max_iter: int = 120
    min_samples_leaf: int = 25
    seed: int = 0

    RANGES = {  # noqa: RUF012 - a constant; dataclass takes only what is annotated
        "learning_rate": (0.001, 1.0),
        "max_depth": (1, 32),
        "max_iter": (5, 2000),
        "min_samples_leaf": (1, 10000),
        "seed": (0, 2**31 - 1),
    }

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Settings":
        """Read hyperparameters; SageMaker's own (sagemaker_…, _tuning_objective_metric) are passed over.

        Raises:
            RefusedError: one is unknown, no number, or out of its range.
        """
        values: dict[str, Any] = {}
        for name, text in given.items():
            if name.startswith(("sagemaker_", "_tuning")):
                continue
            if name not in cls.RANGES:
                raise RefusedError(f"hyperparameter {name}: unknown; there are {', '.join(cls.RANGES)}")
            kind, (low, high) = type(getattr(cls, name)), cls.RANGES[name]
            try:
                number = float(str(text).strip('"'))
            except ValueError:
                raise RefusedError(f"hyperparameter {name}: give a number, got {text!r}") from None
            if not low <= number <= high or (kind is int and number % 1):
                raise RefusedError(f"hyperparameter {name}: give {kind.__name__} {low} to {high}, got {text}")
            values[name] = kind(number)
        return cls(**values)

    def as_text(self) -> dict[str, str]:
        """Return them by name."""
        return {name: str(value) for name, value in asdict(self).items()}


def pipeline(settings: Settings) -> Pipeline:
    """Return an untrained model. Categories are the documented ones, so that a rare one never changes its shape."""
    words = OneHotEncoder(
        categories=[list(column.words) for column in CATEGORIES], handle_unknown="ignore", sparse_output=False
    )
    encode = ColumnTransformer([("categories", words, CATEGORY_NAMES), ("numbers", "passthrough", NUMBER_NAMES)])
    trees = HistGradientBoostingClassifier(
        learning_rate=settings.learning_rate,
        max_depth=settings.max_depth,
        max_iter=settings.max_iter,
        min_samples_leaf=settings.min_samples_leaf,
        random_state=settings.seed,
        early_stopping=False,
    )
    return Pipeline([("encode", encode), ("trees", trees)])


def saving(model: Pipeline, example: pd.DataFrame) -> dict[str, Any]:
    """Return how MLflow saves *model*, the same on a server and in a folder. *example*: some rows of inputs."""
    from mlflow.models import infer_signature

    packages = ("mlflow-skinny", "scikit-learn", "pandas", "numpy", "skops")
    return {
        "signature": infer_signature(example, model.predict_proba(example)),
        "input_example": example,
        "pip_requirements": [f"{name}=={importlib.metadata.version(name)}" for name in packages],
        "pyfunc_predict_fn": "predict_proba",
        "serialization_format": FOLDER_FORMAT,
        "skops_trusted_types": TRUSTED,
        "metadata": {"contract": contract()},
    }


def load(folder: Path) -> tuple[Any, dict[str, str]]:
    """Return the model of *folder* and its signature's types by column: ours, or one of SageMaker's XGBoost.

    Raises:
        RefusedError: there is no model, or it is not saved as skops (a pickle runs whatever code it holds).
    """
    import mlflow.sklearn
    from mlflow.models import Model

    if (folder / BUILT_IN).exists():
        from churn import boosted

        return boosted.load(folder)
    if not (folder / "MLmodel").exists():
        raise RefusedError(f"{folder} has no MLmodel: give it what the train step made")
    about = Model.load(str(folder))
    saved_as = about.flavors.get("sklearn", {}).get("serialization_format")
    if saved_as != FOLDER_FORMAT:
        raise RefusedError(f"{folder} is saved as {saved_as}, not {FOLDER_FORMAT}: reading it could run foreign code")
    known = about.flavors["sklearn"].get("skops_trusted_types") or []
    if foreign := sorted(set(known) - set(TRUSTED)):
        raise RefusedError(f"{folder} wants types nobody reviewed: {', '.join(foreign)}")
    types = {spec.name: spec.type.name for spec in about.signature.inputs} if about.signature else {}
    return mlflow.sklearn.load_model(str(folder)), types


def algorithm(model: object) -> str:
    """Return which algorithm made *model*, in words of the model card."""
    if isinstance(model, Pipeline):
        return "Gradient boosted trees (scikit-learn HistGradientBoostingClassifier)"
    return "Gradient boosted trees (SageMaker's built-in XGBoost)"


def contract() -> dict[str, Any]:
    """Return what the model may be asked, as `workloads/serving` and `workloads/batch` read it out of its MLmodel."""
    columns: list[dict[str, Any]] = []
    for column in INPUTS:
        if column.is_number:
            limits = {"min": column.low, "max": column.high, "whole": column.whole}
            columns.append({"name": column.name, "type": "double", **limits})
        else:
            columns.append({"name": column.name, "type": "string", "values": list(column.words)})
    return {"columns": columns, "also": [CUSTOMER.name]}


def expected_types() -> dict[str, str]:
    """Return the signature that the columns ask for."""
    return {name: "double" if name in NUMBER_NAMES else "string" for name in INPUT_NAMES}


def versions() -> str:
    """Return what trained a model, in one line."""
    names = ("scikit-learn", "xgboost-cpu", "pandas", "numpy")
    said = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return f"Python {sys.version.split()[0]}, {said}"

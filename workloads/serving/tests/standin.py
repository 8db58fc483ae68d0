"""`python standin.py FOLDER`: a small model of churn's columns with a contract, and beside it the same without one."""

import shutil
import sys
from pathlib import Path

import mlflow.sklearn
import numpy as np
import pandas as pd
import yaml
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

TRUSTED = ["sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"]
VALUES = {"contract": ["monthly", "one-year", "two-year"], "payment_method": ["card", "transfer", "invoice"]}
RANGES = {
    "tenure_months": (0, 600),
    "monthly_charges": (0, 10_000),
    "support_tickets_90d": (0, 1_000),
    "logins_7d": (0, 10_000),
    "spend_30d": (0, 100_000),
}
CONTRACT = {
    "columns": [
        *({"name": name, "type": "double", "min": low, "max": high} for name, (low, high) in RANGES.items()),
        *({"name": name, "type": "string", "values": values} for name, values in VALUES.items()),
    ],
    "also": ["customer_id"],
}


def rows(count: int, seed: int = 1) -> pd.DataFrame:
    """Rows of the model's inputs, in the contract's order."""
    dice = np.random.default_rng(seed)
    numbers = {name: np.round(dice.uniform(low, high / 10, count), 2) for name, (low, high) in RANGES.items()}
    return pd.DataFrame({**numbers, **{name: dice.choice(values, count) for name, values in VALUES.items()}})


def main(folder: Path) -> None:
    """Train and save both."""
    known = rows(500)
    classes = (known["tenure_months"] + 20 * (known["contract"] == "monthly") < 30).astype(int)
    columns = make_column_transformer((OneHotEncoder(), list(VALUES)), remainder="passthrough")
    model = make_pipeline(columns, HistGradientBoostingClassifier(max_iter=20, random_state=1)).fit(known, classes)
    mlflow.sklearn.save_model(
        model,
        folder / "model",
        signature=infer_signature(known, model.predict_proba(known)),
        pyfunc_predict_fn="predict_proba",
        skops_trusted_types=TRUSTED,
        pip_requirements=[],
        metadata={"contract": CONTRACT},
    )
    shutil.copytree(folder / "model", folder / "without")
    about = yaml.safe_load((folder / "model" / "MLmodel").read_text())
    del about["metadata"]
    (folder / "without" / "MLmodel").write_text(yaml.safe_dump(about))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

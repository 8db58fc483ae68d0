"""Hyperparameters: SageMaker hands them over as text, the algorithm takes the ones it knows, in their ranges.

Names and ranges: aws/sagemaker-xgboost-container, algorithm_mode/hyperparameter_validation.py, read 2026-11-30.
"""

from collections.abc import Mapping
from typing import Any

from algorithm.errors import RefusedError

INF = float("inf")
WHOLE: dict[str, tuple[int, float]] = {
    "num_round": (1, INF),
    "csv_weights": (0, 1),
    "early_stopping_rounds": (1, INF),
    "verbosity": (0, 3),
    "nthread": (1, INF),
    "max_depth": (0, INF),
    "refresh_leaf": (0, 1),
    "max_leaves": (0, INF),
    "max_bin": (0, INF),
    "one_drop": (0, 1),
    "num_class": (2, INF),
    "seed": (-(2**31) + 1, 2**31 - 2),
    "num_parallel_tree": (1, INF),
}
"""Whole numbers: smallest and largest value."""

FRACTION: dict[str, tuple[float, float]] = {
    "eta": (0, 1),
    "gamma": (0, INF),
    "min_child_weight": (0, INF),
    "max_delta_step": (0, INF),
    "subsample": (0, 1),
    "colsample_bytree": (0, 1),
    "colsample_bylevel": (0, 1),
    "colsample_bynode": (0, 1),
    "lambda": (0, INF),
    "alpha": (0, INF),
    "scale_pos_weight": (0, INF),
    "rate_drop": (0, 1),
    "skip_drop": (0, 1),
    "tweedie_variance_power": (1, 2),
    "base_score": (0, INF),
}
"""Numbers: smallest and largest value."""

POSITIVE = {"subsample", "colsample_bytree", "colsample_bylevel", "colsample_bynode", "scale_pos_weight"}
"""Numbers that must not be 0."""

WORDS: dict[str, tuple[str, ...]] = {
    "booster": ("gbtree", "gblinear", "dart"),
    "tree_method": ("auto", "exact", "approx", "hist", "gpu_hist"),
    "grow_policy": ("depthwise", "lossguide"),
    "sample_type": ("uniform", "weighted"),
    "normalize_type": ("tree", "forest"),
    "objective": (
        *("binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson", "multi:softmax", "multi:softprob"),
        *("rank:pairwise", "rank:ndcg", "rank:map", "reg:squarederror", "reg:logistic", "reg:gamma"),
        *("reg:pseudohubererror", "reg:squaredlogerror", "reg:tweedie", "survival:cox"),
    ),
}
"""Words that are taken."""

METRICS = {
    *("auc", "aucpr", "map", "ndcg", "cox-nloglik", "error", "gamma-deviance", "gamma-nloglik", "logloss", "mae"),
    *("mape", "merror", "mlogloss", "mphe", "poisson-nloglik", "rmse", "rmsle", "tweedie-nloglik"),
}
"""Metrics that XGBoost itself has; AWS's container adds others (accuracy, f1, precision …)."""

ELSEWHERE = {
    *(
        "updater",
        "dsplit",
        "process_type",
        "predictor",
        "monotone_constraints",
        "interaction_constraints",
        "sketch_eps",
    ),
    *("lambda_bias", "_kfold", "_num_cv_round", "save_model_on_termination", "aft_loss_distribution"),
    *("aft_loss_distribution_scale", "deterministic_histogram", "sampling_method", "use_dask_gpu_training"),
}
"""AWS's container takes them, this one does not."""

OBJECTIVE = "_tuning_objective_metric"
"""How a tuning job says what it looks at: validation:auc."""


def hyperparameters(given: Mapping[str, str]) -> dict[str, Any]:
    """Return hyperparameters of XGBoost, and `num_round`, `early_stopping_rounds`, `csv_weights`, `eval_metric`.

    Raises:
        RefusedError: one is unknown, missing, no number, or out of its range.
    """
    values = {name: _value(name, text) for name, text in given.items() if name not in {OBJECTIVE, "eval_metric"}}
    if "num_round" not in values:
        raise RefusedError("Missing required hyperparameter: num_round")
    if str(values.get("objective", "")).startswith("multi:") and "num_class" not in values:
        raise RefusedError("Require input for parameter 'num_class' for multi-classification")
    if values.get("tree_method") == "gpu_hist":
        raise RefusedError("tree_method gpu_hist: there is no GPU here; on AWS it needs an instance type with one")
    wanted = [each.strip() for each in given.get("eval_metric", "").split(",") if each.strip()]
    tuned = given.get(OBJECTIVE, "").partition(":")[2]
    metrics = [*wanted, *([tuned] if tuned and tuned not in wanted else [])]
    for metric in metrics:
        if metric.partition("@")[0] not in METRICS:
            raise RefusedError(f"eval_metric {metric}: the emulated AWS has {', '.join(sorted(METRICS))}")
    return {**values, **({"eval_metric": metrics} if metrics else {})}


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - a number or a word
    if name in WORDS:
        if text not in WORDS[name]:
            raise RefusedError(f"Hyperparameter {name}: {text} is none of {', '.join(WORDS[name])}")
        return text
    if name in ELSEWHERE:
        raise RefusedError(f"Hyperparameter {name}: AWS's container takes it, the emulated AWS does not")
    if name not in WHOLE and name not in FRACTION:
        raise RefusedError(f"Extraneous hyperparameter found: {name}")
    try:
        number: float = int(text) if name in WHOLE else float(text)
    except ValueError:
        raise RefusedError(f"Hyperparameter {name}: could not parse value {text}") from None
    least, most = WHOLE[name] if name in WHOLE else FRACTION[name]
    if not least <= number <= most or (name in POSITIVE and number == 0):
        raise RefusedError(f"Hyperparameter {name}: value {text} not in range {least} to {most}")
    return number

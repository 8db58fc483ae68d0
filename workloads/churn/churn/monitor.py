"""Look at what an endpoint saw and answered, and say whether the model still fits its customers."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import boto3
import numpy as np
import pandas as pd
from botocore.exceptions import BotoCoreError, ClientError

from churn import limits, page
from churn.capture import SCORE, Captured, captured
from churn.columns import CUSTOMER, GROUP, INPUT_NAMES, LABEL, inputs, read
from churn.errors import RefusedError
from churn.gate.fairness import compare
from churn.gate.subject import Check
from churn.measures import auc, calibration_error, log_loss, psi, psi_by_chance
from churn.pictures import picture
from churn.place import base, named, output, received, write_json

ROWS_AT_LEAST = 50
"""Fewer rows say nothing [count]; nothing is measured then."""


@dataclass(frozen=True)
class Found:
    """What one kind of monitor found."""

    checks: list[Check]
    """Each with its limit."""

    metrics: Mapping[str, float]
    """What CloudWatch is told, by metric [0 to 1]."""

    bars: Mapping[str, float]
    """What the picture shows."""


def monitor(kind: str) -> None:
    """Write report/report.json and a page, and count in CloudWatch where MLZ_METRICS_NAMESPACE says under which name.

    A passed limit is a result, not an error: the alarm on the metric tells of it.
    """
    baseline = read(received("baseline", "data.csv"))
    seen = captured(received("captured"))
    rows = seen.frame.dropna(subset=[SCORE]) if kind != "data" else seen.frame
    said = {"kind": kind, "calls": seen.calls, "rows": len(rows), "unreadable_calls": seen.unreadable}
    enough = len(rows) >= ROWS_AT_LEAST
    why = "fewer rows say nothing: wait for more calls"
    evidence = Check("evidence", enough, len(rows), ROWS_AT_LEAST, why)
    found = KINDS[kind](baseline, seen, rows) if enough else Found([], {}, {})
    checks = [evidence, *found.checks]
    passed = all(check.passed for check in checks)
    content = {**said, "passed": passed, "metrics": dict(found.metrics), "checks": [asdict(check) for check in checks]}
    write_json(output("report", "report.json"), content)
    pictures = []
    if found.bars:
        with picture(output("report", f"{kind}.png"), title=f"What the {kind} monitor measured") as axis:
            axis.barh(list(found.bars)[::-1], list(found.bars.values())[::-1])
        pictures = [f"{kind}.png"]
    table = [(check.name, check.passed, check.value, check.limit, check.why) for check in checks]
    parts = [("Checks", page.table(["Check", "Passed", "Value", "Limit", "Why"], table))]
    line = f"{len(rows)} rows of {seen.calls} calls, {seen.unreadable} of them unreadable."
    page.write(output("report", "index.html"), f"Monitor: {kind}", line, parts, pictures)
    count(found.metrics)
    print(
        f"{kind}: {'all is well' if passed else 'past a limit: ' + ', '.join(c.name for c in checks if not c.passed)}"
    )


def data(baseline: pd.DataFrame, seen: Captured, rows: pd.DataFrame) -> Found:
    """Look for columns that moved since training, and for missing values."""
    moved, checks = {}, []
    for name in INPUT_NAMES:
        value, bins = psi(baseline[name], rows[name].dropna())
        by_chance = 1 / len(baseline) + 1 / len(rows)
        # What samples of the same customers show on average is taken off, so that few calls are no drift.
        moved[name] = round(max(0.0, value - (bins - 1) * by_chance), 4)
        limit = max(limits.PSI_AT_MOST, psi_by_chance(len(baseline), len(rows), bins, limits.CHANCE / 10))
        why = "customers are not those of the training: find out why, then train anew"
        checks.append(Check(f"drift-{name}", value <= limit, round(value, 4), round(limit, 4), why))
    gaps = rows[INPUT_NAMES].isna().mean()
    missing = max(float(gaps.max()), seen.unreadable / seen.calls)
    why = f"{gaps.idxmax()} is missing most, or calls cannot be read: mend the caller"
    checks.append(Check("missing", missing <= limits.MISSING_AT_MOST, round(missing, 4), limits.MISSING_AT_MOST, why))
    return Found(checks, {"Drift": max(moved.values()), "Missing": round(missing, 4)}, moved)


def model(_: pd.DataFrame, __: Captured, rows: pd.DataFrame) -> Found:
    """Hold scores against what customers did."""
    known = _join(rows, _labels(), [LABEL.name])
    labels, scores = known[LABEL.name].to_numpy("float64"), known[SCORE].to_numpy("float64")
    if min(labels.sum(), len(labels) - labels.sum()) < 1:
        raise RefusedError(f"{len(known)} scored customers have a label, all the same: wait for more")
    bare = log_loss(labels, np.full(len(labels), labels.mean()))
    found = {"auc": auc(labels, scores), "log-loss": log_loss(labels, scores) / bare}
    found["calibration"] = calibration_error(labels, scores)
    checks = [
        Check("auc", found["auc"] >= limits.AUC_AT_LEAST, round(found["auc"], 4), limits.AUC_AT_LEAST, "train anew"),
        Check(
            "log-loss",
            found["log-loss"] <= 1,
            round(found["log-loss"], 4),
            1,
            "the bare churn rate is as good: train anew",
        ),
    ]
    return Found(checks, {"Auc": round(found["auc"], 4)}, found)


def bias(baseline: pd.DataFrame, _: Captured, rows: pd.DataFrame) -> Found:
    """Compare groups; who is in which comes with the labels, or from the baseline's customers."""
    path = base() / "processing" / "input" / "labels" / "labels.csv"
    known = _join(rows, _labels() if path.exists() else baseline, [GROUP.name, LABEL.name])
    if unknown := set(known[GROUP.name]) - set(GROUP.words):
        raise RefusedError(f"{GROUP.name} {min(unknown)}: give one of {', '.join(GROUP.words)}")
    scores = known[SCORE].to_numpy("float64")
    checks = compare(known[LABEL.name].to_numpy("float64"), scores, list(known[GROUP.name]))
    rates = known.assign(chosen=scores >= limits.THRESHOLD).groupby(GROUP.name)["chosen"].mean()
    worst = max(float(check.value) for check in checks)
    return Found(checks, {"Bias": worst}, {str(name): float(rate) for name, rate in rates.items()})


def explain(baseline: pd.DataFrame, _: Captured, rows: pd.DataFrame) -> Found:
    """Compare what columns contribute to the endpoint's answers with what they contributed in training.

    The monitor has no model. Two small ones stand in: one learns the baseline's labels, one the endpoint's answers.
    The measure is the share of the explanation that moved to other columns. Clarify's own, NDCG of the ranks, hardly
    sees seven columns move: where the second most important one fell silent it said 0.02.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.pipeline import Pipeline

    from churn.explain import ROWS, attributions
    from churn.model import Settings, pipeline

    trained = pipeline(Settings()).fit(inputs(baseline), baseline[LABEL.name])
    answers = Pipeline([*pipeline(Settings()).steps[:-1], ("trees", HistGradientBoostingRegressor(max_iter=80))])
    answers.fit(inputs(rows), rows[SCORE])
    shares = []
    for stand_in, part in ((trained, inputs(baseline)), (answers, inputs(rows))):
        weights = np.abs(attributions(stand_in, part.sample(min(ROWS, len(part)), random_state=0))).mean(axis=0)
        shares.append(weights / max(weights.sum(), 1e-12))
    before, now = shares
    drift = round(float(np.abs(now - before).sum()) / 2, 4)
    limit = limits.ATTRIBUTION_DRIFT_AT_MOST
    why = "other columns decide than in training: look at the data monitor, then train anew"
    bars = dict(zip(INPUT_NAMES, map(float, now - before), strict=True))
    return Found([Check("attribution", drift <= limit, drift, limit, why)], {"Attribution": drift}, bars)


def count(metrics: Mapping[str, float]) -> None:
    """Put *metrics* into CloudWatch, if MLZ_METRICS_NAMESPACE is set.

    Raises:
        RefusedError: CloudWatch does not take them.
    """
    namespace = os.environ.get("MLZ_METRICS_NAMESPACE")
    if not namespace or not metrics:
        return
    dimensions = [{"Name": "Model", "Value": os.environ.get("MLZ_MODEL", "churn")}]
    try:
        boto3.client("cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[
                {"MetricName": name, "Value": value, "Dimensions": dimensions} for name, value in metrics.items()
            ],
        )
    except (ClientError, BotoCoreError) as error:
        raise RefusedError(f"CloudWatch, {namespace}: {error}") from error


def _labels() -> pd.DataFrame:
    path = received("labels", "labels.csv")
    frame = pd.read_csv(path, dtype={CUSTOMER.name: "str"})
    if missing := [name for name in (CUSTOMER.name, LABEL.name) if name not in frame]:
        raise RefusedError(f"{named(path)}:1: missing columns {', '.join(missing)}")
    return frame


def _join(rows: pd.DataFrame, labels: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return scored rows with *names* of the same customer; whoever has none is left out.

    Raises:
        RefusedError: a column is missing, or too few match.
    """
    if missing := [name for name in names if name not in labels]:
        raise RefusedError(f"labels.csv: missing columns {', '.join(missing)}")
    newest = labels[[CUSTOMER.name, *names]].drop_duplicates(CUSTOMER.name, keep="last")
    known = rows.merge(newest, on=CUSTOMER.name)
    if len(known) < ROWS_AT_LEAST:
        raise RefusedError(
            f"{len(known)} of {len(rows)} scored rows have a customer whose outcome is known, {ROWS_AT_LEAST} are "
            f"needed: send {CUSTOMER.name} as a column of each request, or as its inference id"
        )
    return known


KINDS: Mapping[str, Callable[[pd.DataFrame, Captured, pd.DataFrame], Found]] = {
    "data": data,
    "model": model,
    "bias": bias,
    "explain": explain,
}

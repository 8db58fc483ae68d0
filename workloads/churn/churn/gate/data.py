"""Whether the data can carry a judgement."""

import pandas as pd

from churn import limits
from churn.columns import ALL, CUSTOMER, GROUP, INPUT_NAMES, LABEL, NUMBER_NAMES, OBSERVED
from churn.gate.subject import Check, Subject
from churn.measures import auc, psi, psi_by_chance


def columns(subject: Subject) -> Check:
    """All columns are there."""
    missing = [
        f"{column.name} ({part})"
        for part, frame in (("train", subject.train), ("test", subject.test))
        for column in ALL
        if column.name not in frame
    ]
    why = "a check that cannot see a column passes blindly: bring the column back"
    return Check("data-columns", not missing, ", ".join(missing) or "all", "all", why)


def evidence(subject: Subject) -> Check:
    """There are enough rows, and enough who left."""
    rows, left = len(subject.test), int(subject.labels.sum())
    enough = rows >= limits.ROWS_AT_LEAST and min(left, rows - left) >= limits.CHURNERS_AT_LEAST
    return Check(
        "evidence",
        enough,
        f"{rows} rows, {left} left",
        f"{limits.ROWS_AT_LEAST} rows, {limits.CHURNERS_AT_LEAST} who left and who stayed",
        "few customers prove nothing: judge by more",
    )


def apart(subject: Subject) -> Check:
    """No customer is in both parts, and none twice in the test."""
    test = subject.test[CUSTOMER.name]
    count = int(test.isin(subject.train[CUSTOMER.name]).sum() + test.duplicated().sum())
    return Check("customers-apart", count == 0, count, 0, "who was learnt from cannot judge, and nobody judges twice")


def fresh(subject: Subject) -> Check:
    """The train data is not much older than the test data."""
    newest = [pd.to_datetime(frame[OBSERVED.name], utc=True).max() for frame in (subject.train, subject.test)]
    days = float((newest[1] - newest[0]).total_seconds() / 86400)
    why = "a model of old customers is judged by new ones: train on the newest data"
    return Check("fresh", days <= limits.DAYS_STALE, round(days, 1), limits.DAYS_STALE, why)


def drift(subject: Subject) -> Check:
    """Train and test are of one population."""
    worst, value, allowed = "", 0.0, limits.PSI_AT_MOST
    for name in (*INPUT_NAMES, GROUP.name, LABEL.name):
        found, bins = psi(subject.train[name], subject.test[name])
        limit = max(limits.PSI_AT_MOST, psi_by_chance(len(subject.train), len(subject.test), bins, limits.CHANCE / 10))
        if found / limit > value / allowed or not worst:
            worst, value, allowed = name, found, limit
    why = f"{worst} moved most between train and test: a test of other customers says nothing about these"
    return Check("drift", value <= allowed, round(value, 4), round(allowed, 4), why)


def leakage(subject: Subject) -> Check:
    """No single feature knows the answer."""
    worst, value = "", 0.0
    labels = subject.train[LABEL.name].to_numpy(dtype="float64")
    for name in INPUT_NAMES:
        column = subject.train[name]
        scores = column if name in NUMBER_NAMES else subject.train.groupby(name)[LABEL.name].transform("mean")
        alone = auc(labels, scores.fillna(scores.min()).to_numpy(dtype="float64"))
        if max(alone, 1 - alone) > value:
            worst, value = name, max(alone, 1 - alone)
    why = f"{worst} alone separates best: a feature that knows the answer is not there yet when a customer is scored"
    return Check("leakage", value <= limits.ONE_FEATURE_TOO_GOOD, round(value, 4), limits.ONE_FEATURE_TOO_GOOD, why)


CHECKS = (evidence, apart, fresh, drift, leakage)
"""All but `columns`, which the others need."""

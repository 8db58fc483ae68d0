"""Whether the model stays calm where the world is not tidy."""

import numpy as np
import pandas as pd

from churn import limits
from churn.columns import NUMBER_NAMES, NUMBERS
from churn.gate.subject import Check, Numbers, Subject, predict
from churn.measures import auc


def noise(subject: Subject) -> Check:
    """A little noise changes a score a little."""
    draw = np.random.default_rng(0)
    moved = subject.features.copy()
    for name in NUMBER_NAMES:
        moved[name] += draw.normal(0, 0.01 * float(moved[name].std()), len(moved))
    change = float(np.mean(np.abs(predict(subject.model, moved) - subject.scores)))
    why = "a cent more or less must not decide: deeper leaves, fewer trees"
    return Check("noise", change <= limits.NOISE_CHANGES_AT_MOST, round(change, 4), limits.NOISE_CHANGES_AT_MOST, why)


def missing(subject: Subject) -> Check:
    """A tenth of the numbers is missing: the model answers, and not much worse."""
    gaps = subject.features.copy()
    gaps[NUMBER_NAMES] = gaps[NUMBER_NAMES].mask(np.random.default_rng(0).random((len(gaps), len(NUMBER_NAMES))) < 0.1)
    why = "sources fail now and then: the model must take missing values"
    try:
        lost = auc(subject.labels, subject.scores) - auc(subject.labels, _sound(predict(subject.model, gaps)))
    except ValueError as error:
        return Check("missing-values", passed=False, value=str(error).splitlines()[0][:120], limit="an answer", why=why)
    return Check(
        "missing-values", lost <= limits.AUC_LOST_WITHOUT_VALUES, round(lost, 4), limits.AUC_LOST_WITHOUT_VALUES, why
    )


def extremes(subject: Subject) -> Check:
    """The ends of each column's range get a probability."""
    row = subject.features.head(1)
    ends = [row.assign(**{column.name: end}) for column in NUMBERS for end in (column.low, column.high)]
    why = "an unheard-of customer still gets a probability"
    try:
        _sound(predict(subject.model, pd.concat(ends).astype(dict.fromkeys(NUMBER_NAMES, "float64"))))
        _sound(subject.scores)
    except ValueError as error:
        return Check("extremes", passed=False, value=str(error).splitlines()[0][:120], limit="0 to 1", why=why)
    return Check("extremes", passed=True, value="0 to 1", limit="0 to 1", why=why)


def _sound(scores: Numbers) -> Numbers:
    """Return *scores*, which must be probabilities."""
    if not np.all((scores >= 0) & (scores <= 1)):
        raise ValueError(f"scores from {np.min(scores):.4g} to {np.max(scores):.4g} are no probabilities")
    return scores


CHECKS = (noise, missing, extremes)

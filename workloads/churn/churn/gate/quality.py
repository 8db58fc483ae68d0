"""Whether the model is right often enough, and at least as often as the one at work."""

import numpy as np

from churn import limits
from churn.gate.subject import Check, Subject, predict
from churn.measures import auc, calibration_by_chance, calibration_error, log_loss

DRAWS = 400
"""Samples of the test, drawn with replacement, that say what chance explains."""


def ranks(subject: Subject) -> Check:
    """Who leaves is scored above who stays."""
    value = auc(subject.labels, subject.scores)
    why = "below it an offer reaches too many who stay anyway"
    return Check("auc", value >= limits.AUC_AT_LEAST, round(value, 4), limits.AUC_AT_LEAST, why)


def too_good(subject: Subject) -> Check:
    """The result is possible."""
    value = auc(subject.labels, subject.scores)
    why = "no model knows customers that well: look for a feature that is made from the answer"
    return Check("too-good", value <= limits.AUC_TOO_GOOD, round(value, 4), limits.AUC_TOO_GOOD, why)


def sure(subject: Subject) -> Check:
    """Scores say more than the bare churn rate."""
    bare = log_loss(subject.labels, np.full(len(subject.labels), subject.labels.mean()))
    value = log_loss(subject.labels, subject.scores) / bare
    why = "log-loss against the bare churn rate's: above it the scores mislead whoever reads them as probabilities"
    return Check(
        "log-loss", value <= limits.LOG_LOSS_SHARE_AT_MOST, round(value, 4), limits.LOG_LOSS_SHARE_AT_MOST, why
    )


def calibrated(subject: Subject) -> Check:
    """A score of 30 % means that 30 % leave."""
    value = calibration_error(subject.labels, subject.scores)
    by_chance = calibration_by_chance(np.clip(subject.scores, 0, 1), limits.CHANCE)
    limit = limits.CALIBRATION_ERROR_AT_MOST + by_chance / 2
    why = "an offer is worth its price by this number: calibrate, or stop sampling by label"
    return Check("calibration", value <= limit, round(value, 4), round(limit, 4), why)


def champion(subject: Subject) -> Check:
    """It is not worse than the model at work, on the same rows."""
    if subject.champion is None:
        return Check("champion", passed=True, value="no model at work", limit="", why="the first model has no rival")
    rival = predict(subject.champion, subject.features)
    labels, scores = subject.labels, subject.scores
    lost = auc(labels, rival) - auc(labels, scores)
    draw = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        some = draw.integers(0, len(labels), len(labels))
        drawn.append(auc(labels[some], rival[some]) - auc(labels[some], scores[some]))
    allowed = limits.WORSE_THAN_CHAMPION + 1.64 * float(np.std(drawn))  # one-sided, 95 %
    why = "AUC lost against the model at work, beyond what chance explains: keep that one"
    return Check("champion", lost <= allowed, round(lost, 4), round(allowed, 4), why)


CHECKS = (ranks, too_good, sure, calibrated, champion)

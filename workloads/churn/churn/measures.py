"""Measures of scores and samples, in numpy. Labels are 0 or 1."""

from typing import Any

import numpy as np
from scipy.stats import chi2, rankdata

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def auc(labels: Numbers, scores: Numbers) -> float:
    """Return the area under the ROC curve; 0.5 where there is only one label."""
    left = labels > 0
    above, below = int(left.sum()), int((~left).sum())
    if not above or not below:
        return 0.5
    return float((rankdata(scores)[left].sum() - above * (above + 1) / 2) / (above * below))


def log_loss(labels: Numbers, scores: Numbers) -> float:
    """Return the mean negative log-likelihood; scores of 0 and 1 are held a little away from them."""
    held = np.clip(scores, 1e-7, 1 - 1e-7)
    return float(-np.mean(labels * np.log(held) + (1 - labels) * np.log(1 - held)))


def calibration_error(labels: Numbers, scores: Numbers, bins: int = 10) -> float:
    """Return the expected calibration error over *bins* of equally many rows."""
    return float(_errors(labels[None, :], scores, bins)[0])


def calibration_by_chance(scores: Numbers, chance: float, draws: int = 1000, bins: int = 10) -> float:
    """Return the calibration error that true *scores* exceed with probability *chance*, found by drawing labels."""
    labels = (np.random.default_rng(0).random((draws, len(scores))) < scores).astype("float64")
    return float(np.quantile(_errors(labels, scores, bins), 1 - chance))


def _errors(labels: Numbers, scores: Numbers, bins: int) -> Numbers:
    """Return the calibration error of each row of *labels*."""
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [np.abs(labels[:, part].mean(axis=1) - scores[part].mean()) * len(part) for part in parts]
    return np.asarray(np.sum(gaps, axis=0) / len(scores))


def group_differences(labels: Numbers, chosen: Numbers, groups: Numbers, names: int) -> tuple[float, float]:
    """Return the largest difference between groups in (share chosen, share chosen among label 1).

    Args:
        labels: who left.
        chosen: who is above the threshold.
        groups: group of each row, 0 to *names* - 1.
        names: number of groups; groups without rows (or without label 1) count in no difference.
    """
    return _spread(chosen, groups, names), _spread(chosen[labels > 0], groups[labels > 0], names)


def differences_by_chance(
    labels: Numbers, chosen: Numbers, groups: Numbers, names: int, *, chance: float, draws: int = 1000
) -> tuple[float, float]:
    """Return the differences that meaningless groups exceed with probability *chance*, found by shuffling them."""
    generator = np.random.default_rng(0)
    found = [group_differences(labels, chosen, generator.permutation(groups), names) for _ in range(draws)]
    selection, opportunity = np.quantile(np.array(found), 1 - chance, axis=0)
    return float(selection), float(opportunity)


def _spread(chosen: Numbers, groups: Numbers, names: int) -> float:
    rows = np.bincount(groups, minlength=names)
    rates = np.bincount(groups, weights=chosen, minlength=names)[rows > 0] / rows[rows > 0]
    return float(rates.max() - rates.min()) if len(rates) > 1 else 0.0


def psi(baseline: Any, sample: Any, bins: int = 10) -> tuple[float, int]:
    """Return the population stability index of a column, and the bins it was counted in.

    Numbers fall into bins of equally many rows of *baseline*, missing ones into their own; text into one a word.
    """
    before, now = np.asarray(baseline), np.asarray(sample)
    if before.dtype.kind in "fiub":
        before, now = before.astype("float64"), now.astype("float64")
        edges = np.unique(np.quantile(before[~np.isnan(before)], np.linspace(0, 1, bins + 1)[1:-1]))
        counts = [
            _counted(np.searchsorted(edges, side, side="right"), np.isnan(side), len(edges) + 2)
            for side in (before, now)
        ]
    else:
        words, places = np.unique(np.concatenate([before.astype(str), now.astype(str)]), return_inverse=True)
        counts = [np.bincount(side, minlength=len(words)) for side in np.split(places, [len(before)])]
    used = (counts[0] + counts[1]) > 0
    # Half a row more in each bin: an empty bin is rare, not impossible.
    old, new = ((side[used] + 0.5) / (side[used] + 0.5).sum() for side in counts)
    return float(np.sum((new - old) * np.log(new / old))), int(used.sum())


def psi_by_chance(before: int, now: int, bins: int, chance: float) -> float:
    """Return the PSI that samples of one population, *before* and *now* rows, exceed with probability *chance*.

    Source: B. Yurdakul, "Statistical Properties of Population Stability Index" (2018): (1/n + 1/m) · χ² of bins - 1.
    """
    return float((1 / before + 1 / now) * chi2.ppf(1 - chance, max(1, bins - 1)))


def _counted(places: Numbers, missing: Numbers, bins: int) -> Numbers:
    return np.asarray(np.bincount(np.where(missing, bins - 1, places), minlength=bins), dtype="float64")

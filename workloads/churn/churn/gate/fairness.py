"""Whether a model treats groups alike that it must not tell apart."""

from collections.abc import Sequence

import numpy as np

from churn import limits
from churn.columns import GROUP
from churn.gate.subject import Check, Numbers, Subject
from churn.measures import differences_by_chance, group_differences


def fair(subject: Subject) -> list[Check]:
    """Return selection rate and equal opportunity of the test's customers."""
    return compare(subject.labels, subject.scores, subject.test[GROUP.name])


def compare(labels: Numbers, scores: Numbers, words: Sequence[str]) -> list[Check]:
    """Return selection rate and equal opportunity, held against what chance alone would show in groups this small.

    Args:
        labels: who left.
        scores: the model's.
        words: the group of each row.
    """
    groups = np.array([GROUP.words.index(word) for word in words])
    chosen = (scores >= limits.THRESHOLD).astype("float64")
    found = group_differences(labels, chosen, groups, len(GROUP.words))
    by_chance = differences_by_chance(labels, chosen, groups, len(GROUP.words), chance=limits.CHANCE)
    said = (
        ("fair-selection", f"share with an offer, by {GROUP.name}: look for a column that stands for it"),
        ("fair-opportunity", f"share with an offer among those who leave, by {GROUP.name}: whom does the model miss"),
    )
    checks = []
    for (name, why), value, chance in zip(said, found, by_chance, strict=True):
        limit = max(limits.GROUP_DIFFERENCE_AT_MOST, chance)
        checks.append(Check(name, value <= limit, round(value, 4), round(limit, 4), why))
    return checks

"""Whether the model treats groups alike that it must not tell apart."""

import numpy as np

from churn import limits
from churn.columns import GROUP
from churn.gate.subject import Check, Subject
from churn.measures import differences_by_chance, group_differences


def fair(subject: Subject) -> list[Check]:
    """Return selection rate and equal opportunity, held against what chance alone would show in groups this small."""
    groups = np.array([GROUP.words.index(word) for word in subject.test[GROUP.name]])
    chosen = (subject.scores >= limits.THRESHOLD).astype("float64")
    found = group_differences(subject.labels, chosen, groups, len(GROUP.words))
    by_chance = differences_by_chance(subject.labels, chosen, groups, len(GROUP.words), chance=limits.CHANCE)
    said = (
        ("fair-selection", f"share with an offer, between two of {GROUP.name}: look for a column that stands for age"),
        (
            "fair-opportunity",
            f"share with an offer among those who leave, between two of {GROUP.name}: whom does the model miss",
        ),
    )
    checks = []
    for (name, why), value, chance in zip(said, found, by_chance, strict=True):
        limit = max(limits.GROUP_DIFFERENCE_AT_MOST, chance)
        checks.append(Check(name, value <= limit, round(value, 4), round(limit, 4), why))
    return checks

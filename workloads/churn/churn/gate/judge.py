"""All checks, in order; those that the others need come first, and alone where they fail."""

from churn.gate import data, fairness, form, quality, robustness
from churn.gate.subject import Check, Subject


def judge(subject: Subject) -> list[Check]:
    """Return every check of *subject*. Where columns or signature are wrong nothing else can be asked."""
    first = [data.columns(subject), form.signature(subject)]
    if not all(check.passed for check in first):
        return first
    more = (*data.CHECKS, *quality.CHECKS, *robustness.CHECKS, *form.CHECKS)
    return [*first, *(check(subject) for check in more), *fairness.fair(subject)]

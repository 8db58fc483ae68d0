"""Whether the model is a thing that can be served."""

from churn import limits
from churn.gate.subject import Check, Subject
from churn.model import expected_types


def signature(subject: Subject) -> Check:
    """The signature is the columns."""
    wanted = expected_types()
    wrong = [
        f"{name}: {subject.types.get(name, 'missing')}" for name in wanted if subject.types.get(name) != wanted[name]
    ]
    wrong += [f"{name}: unknown" for name in subject.types if name not in wanted]
    why = "callers send the documented columns: train on them, numbers as double"
    return Check("signature", not wrong, ", ".join(wrong) or "as documented", "as documented", why)


def size(subject: Subject) -> Check:
    """The model is small enough."""
    why = "an endpoint loads it at each start: fewer or flatter trees"
    return Check("size-bytes", subject.size_bytes <= limits.MODEL_BYTES, subject.size_bytes, limits.MODEL_BYTES, why)


def latency_row(subject: Subject) -> Check:
    """One row is quick."""
    took = subject.took(1)
    why = "CPU seconds for one row, for which a caller waits"
    return Check("latency-1", took <= limits.ONE_ROW_SECONDS, round(took, 4), limits.ONE_ROW_SECONDS, why)


def latency_thousand(subject: Subject) -> Check:
    """A thousand rows are quick."""
    took = subject.took(1000)
    why = "CPU seconds for 1,000 rows: a batch of all customers ends in its hour"
    return Check(
        "latency-1000", took <= limits.THOUSAND_ROWS_SECONDS, round(took, 4), limits.THOUSAND_ROWS_SECONDS, why
    )


CHECKS = (size, latency_row, latency_thousand)
"""All but `signature`, which the others need."""

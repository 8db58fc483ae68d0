"""Bring customers in. Here a generator stands for the company's source; replace this file first."""

from churn.errors import RefusedError
from churn.generate import Knobs, generate
from churn.place import output


def ingest(knobs: Knobs) -> None:
    """Write raw/customers.csv.

    Raises:
        RefusedError: a knob is out of its range.
    """
    if not 100 <= knobs.customers <= 5_000_000:
        raise RefusedError(f"--customers {knobs.customers}: give 100 to 5,000,000")
    for name in ("churn_rate", "bad_rows", "missing"):
        if not 0 <= getattr(knobs, name) < 1:
            raise RefusedError(f"--{name.replace('_', '-')} {getattr(knobs, name)}: give a share from 0 to below 1")
    path = output("raw", "customers.csv")
    generated = generate(knobs)
    generated.frame.to_csv(path, index=False)
    print(f"{len(generated.frame)} customers in {path}, {len(generated.bad)} of them bad on purpose")

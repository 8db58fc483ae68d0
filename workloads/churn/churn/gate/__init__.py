"""The gate: what a model must pass before it may be registered. A check a function, a subject a file."""

from churn.gate.judge import judge
from churn.gate.subject import Check, Subject

__all__ = ["Check", "Subject", "judge"]

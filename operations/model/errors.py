"""What ends a command about a model; the texts are for the user."""


class ModelError(Exception):
    """What was asked can't be done: what is wrong, and the remedy."""


class StepFailedError(Exception):
    """A job of a run failed: which, why, and its last lines."""

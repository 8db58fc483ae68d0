"""What ends a command about a model; the texts are for the user."""


class ModelError(Exception):
    """What was asked can't be done: what is wrong, and the remedy."""


class UndeclaredError(ModelError):
    """No team of the environment declares the model."""


class RefusedError(ModelError):
    """What was asked is right and was not done: AWS or MLflow refuses, does not answer, or another run is at work."""


class StepFailedError(Exception):
    """A job of a run failed: which, why, and its last lines."""

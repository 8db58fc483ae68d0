"""What a step says when it cannot go on: one line, for the person who reads the job's FailureReason."""


class RefusedError(Exception):
    """The step's input is not what it needs; the text says what is wrong and what to do."""

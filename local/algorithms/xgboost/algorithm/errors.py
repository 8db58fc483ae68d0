"""What stops a training."""


class RefusedError(Exception):
    """The job asks for what the algorithm does not take; the text goes to output/failure."""

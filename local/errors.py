"""What a user can mend about this machine's engine, emulated AWS or state."""


class LocalError(Exception):
    """The text is for the user: what is wrong, and the remedy."""

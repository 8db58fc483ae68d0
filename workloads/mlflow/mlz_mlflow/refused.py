"""A request that the gate does not let through."""


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """The answer to a request that goes no further."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        """HTTP status."""
        self.reason = reason
        """What the caller is told: never what somebody else has."""

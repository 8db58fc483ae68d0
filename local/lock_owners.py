"""Who holds a stack: whether that run still lives, and what can be done."""

import os
import socket
from collections.abc import Sequence

from local.words import Owner


class LockedError(Exception):
    """Somebody else works on the stack."""

    def __init__(self, held: Sequence[Owner]) -> None:
        super().__init__(held)
        self.owners = held


def others(held: Sequence[Owner]) -> list[Owner]:
    """Return those that run, or ran, on another machine."""
    return [owner for owner in held if owner.host != socket.gethostname()]


def still_lives(owner: Owner) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # another user's
    return True


def foreign_lock(stack: str, owner: Owner) -> str:
    """Say who holds a stack from where nobody here can look, and the remedy."""
    return (
        f"{stack} is locked by {owner.user} on {owner.host} (process {owner.pid}) since {owner.since}: "
        f"wait for that run; if it was killed, ./mlz unlock {stack} removes its lock, then the same command goes on"
    )

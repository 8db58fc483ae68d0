"""Waiting for AWS: for how long, how often, and what to say meanwhile."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 10.0


class StuckError(Exception):
    """Something does not go; the text says what, and is for the user."""


@dataclass
class Patience:
    """A bound for each thing that is waited for, however many follow each other."""

    seconds: float
    """How long one thing may take [s]."""

    report: Callable[[str], None]
    """Told what is waited for, whenever that changes."""

    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def until_none(self, what: str, left: Callable[[], Sequence[str]]) -> None:
        """Call *left* until it names nothing any more.

        Raises:
            StuckError: it still does after `seconds`.
        """
        started, pause, said = self.clock(), _FIRST_PAUSE, ""
        while names := left():
            if self.clock() - started > self.seconds:
                raise StuckError(
                    f"{what} {', '.join(names)}: still there after {self.seconds / 60:g} minutes. AWS may need longer "
                    "(an app up to 20 minutes): the same command goes on from here. What never goes is for AWS Support"
                )
            now = f"waiting for {what} {', '.join(names)}"
            if now != said:
                self.report(now)
                said = now
            self.pause(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

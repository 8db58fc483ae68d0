"""What IAM has been told but does not know everywhere yet: a new role is not there, a new policy does nothing.

A fault that a test switches on (local/faults.py). It is counted in calls that need the thing, not in seconds, so that a
run has the same end each time. Source: IAM User Guide, "Troubleshoot IAM": "Changes that I make are not always
immediately visible", read 2026-11-29.
"""

from dataclasses import dataclass, field
from typing import Final


@dataclass
class Young:
    """Roles by ARN, and their policies as "ARN name"."""

    calls: int = 0
    """How many calls find a new thing missing."""

    _left: dict[str, int] = field(default_factory=dict)
    _missed: set[str] = field(default_factory=set)

    def made(self, what: str) -> None:
        """Note that it was made, or changed."""
        if self.calls:
            self._left[what] = self.calls

    def next_call(self) -> None:
        """Begin a call: within one, a thing is there or it is not."""
        self._missed.clear()

    def missing(self, what: str) -> bool:
        """Whether this call does not find it. A role that is missing takes its policies along."""
        if what in self._missed:
            return True
        if what not in self._left:
            return False
        for each in [key for key in self._left if key == what or key.startswith(f"{what} ")]:
            self._left[each] -= 1
            self._missed.add(each)
            if not self._left[each]:
                del self._left[each]
        return True


YOUNG: Final = Young()
"""Of this process; the server says for how many calls."""

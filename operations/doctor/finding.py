"""One thing that was looked at."""

from dataclasses import dataclass
from typing import Final

OK: Final = "ok"
LACKS: Final = "lacks"
UNKNOWN: Final = "unknown"
LATER: Final = "later"


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do."""

    state: str
    """ok; lacks; later: as it must be at this point; unknown: could not be read."""

    what: str
    says: str
    remedy: str = ""
    """What to do; empty where nothing is."""

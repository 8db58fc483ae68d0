"""What the emulated AWS of a rehearsal has decided so far, asked from outside."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.cloud import Cloud
from local.world import World


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Counts and lists since the emulated AWS started."""

    allowed: int
    """Calls let through [count]."""

    refused: int
    """Calls refused [count]."""

    seconds: float
    """Time it took to decide [s]."""

    refusals: tuple[dict[str, str], ...]
    """The last ones, each once: who, call, AWS's message, and why: layer, policy, statement, what is missing."""

    unsupported: tuple[str, ...]
    """What the evaluator could not know; each was refused."""

    without_row: tuple[str, ...]
    """Actions nobody has written down the further rights of: only the action itself was asked."""

    without_action: tuple[str, ...]
    """Operations for which AWS's reference lists no IAM action: let through."""


def decided(world: World) -> Decided:
    """Return what the emulated AWS of *world* has decided."""
    port = urlsplit(world.env["AWS_ENDPOINT_URL"]).port or 0
    said: dict[str, Any] = Cloud("", port, 0).ask("authority")
    once = {(each["message"], each["why"]): each for each in said["refusals"]}
    return Decided(
        allowed=said["allowed"],
        refused=said["refused"],
        seconds=said["seconds"],
        refusals=tuple(once.values()),
        unsupported=tuple(said["unsupported"]),
        without_row=tuple(sorted(said["withoutRow"])),
        without_action=tuple(sorted(said["withoutAction"])),
    )

"""What the engine says, in fewer words or in such that help."""

import re
from dataclasses import dataclass
from typing import Final

_NOISE: Final = re.compile(r"^\s*sdk-v2/\S+ sdk\.helper_schema: |: provider=\w+@[\d.]+\s*$")
"""What Terraform's SDK puts around a provider's message: a line of its own source, and the provider's version."""
_WRAPPED: Final = re.compile(r"^1 error occurred:\s+\* (?:\w+ urn:\S+: (?=1 error occurred:))?")
"""The engine tells the same error again, wrapped with what it was doing; the URN is told beside the message."""
_PROTECTED: Final = re.compile(r".*(?:unable to (replace)|be (delete)d).*protect.*To unprotect the resource", re.DOTALL)
"""The engine's refusal; its remedies are for whoever writes the program (pulumi 3.259, step_generator.go)."""
_LOCK: Final = re.compile(r"created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)")
"""A backend's line for a lock (pulumi 3.259, pkg/backend/diy/lock.go)."""


@dataclass(frozen=True)
class Owner:
    """Who holds a stack's lock."""

    user: str
    host: str
    pid: int
    since: str


def plain(message: str) -> str:
    """Return a failure's message without what wraps it."""
    text = _NOISE.sub("", message).strip()
    while wrapped := _WRAPPED.match(text):
        text = text[wrapped.end() :].strip()
    if protected := _PROTECTED.match(text):
        return (
            f"it holds data and is protected, and this would {protected[1] or protected[2]} it: take the change back, "
            "or give the new thing a name of its own; where the account says disposable: true nothing is protected"
        )
    return text


def owners(text: str) -> list[Owner]:
    """Return who holds the lock of which *text* speaks; none: it speaks of none."""
    if "the stack is currently locked by" not in text:
        return []
    return [Owner(user, host, int(pid), since) for user, host, pid, since in _LOCK.findall(text)]


def unread_state(stack: str, text: str, place: str) -> str:
    """Say why a stack's state, in the backend *place*, can't be read, and the remedy where there is one."""
    if "unexpected end of JSON input" in text or "invalid character" in text:
        folder = place.partition("?")[0]
        return (
            f"the state of {stack} is damaged ({text}); it is .pulumi/stacks/*/{stack}.json of {folder}. "
            "Bring its last good version back: the bucket's versions have it, or .pulumi/backups"
        )
    return f"can't read the state of {stack}: {text}"

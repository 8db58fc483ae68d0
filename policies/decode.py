"""Pulumi's encodings → plain data with UNKNOWN: what the engine sends, what a state export and a preview hold."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from policies.rules import UNKNOWN

# Source: sdk/python pulumi_policy/proxy.py and sdk/go common/resource/properties.go, pulumi 3.272.0, read 2026-11-21.
UNKNOWN_SENTINELS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
SENTINEL_LENGTH: Final = 36
HIDDEN_SECRET: Final = "[secret]"  # noqa: S105 -- what Pulumi prints in a secret's place
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- a marker, not a secret
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def plain(data: Any) -> Any:
    """Return *data* with unknown and unreadable values as UNKNOWN and readable secrets opened."""
    if isinstance(data, str):
        return UNKNOWN if data == HIDDEN_SECRET or _holds_sentinel(data) else data
    if isinstance(data, list | tuple):
        return [plain(element) for element in data]
    if isinstance(data, Mapping):
        if SIGNATURE in data:
            return _special(data)
        return {key: plain(value) for key, value in data.items()}
    return data


def _holds_sentinel(text: str) -> bool:
    """Whether *text* is a sentinel, or JSON a program wrote around one."""
    if len(text) <= SENTINEL_LENGTH:
        return text in UNKNOWN_SENTINELS
    return any(sentinel in text for sentinel in UNKNOWN_SENTINELS)


def _special(data: Mapping[str, Any]) -> Any:
    """Open a secret or an output; an asset or archive keeps what it says of itself."""
    if data[SIGNATURE] not in (SECRET_SIGNATURE, OUTPUT_SIGNATURE):  # no set: a stranger's file may hold a list
        return {key: plain(value) for key, value in data.items() if key != SIGNATURE}
    if "value" in data:
        return plain(data["value"])
    if "plaintext" in data:
        with suppress(ValueError, TypeError):  # not what Pulumi writes: nobody knows the value
            return plain(json.loads(data["plaintext"]))
    return UNKNOWN  # encrypted, or an output without a value yet

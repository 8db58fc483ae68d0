"""Makes the SDK decode a resource once instead of once for each policy.

`_PolicyAnalyzerServicer.Analyze` decodes resource and provider anew for every policy: with 200 policies that is nine
tenths of a pack's time. The messages and what comes of them do not change inside one call, so the last one is kept, by
identity, for each of the server's threads. Where a release of the SDK decodes differently, nothing is patched and
packs are slower, not wrong.
"""

import threading
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

_KEPT: Final = 2
"""A resource and its provider."""


def _remembering(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return *decode* with a memory of the last arguments, compared by identity, for each thread."""
    memory = threading.local()

    def once(source: Any) -> Any:  # noqa: ANN401 -- the SDK's messages
        kept: list[tuple[Any, Any]] = memory.__dict__.setdefault("kept", [])
        for known, result in kept:
            if known is source:
                return result
        result = decode(source)
        kept.insert(0, (source, result))
        del kept[_KEPT:]
        return result

    return once


def decode_once() -> None:
    """Patch the SDK's module; to be called once, before the pack is served."""
    sdk: Any = import_module("pulumi_policy.policy")
    if not all(hasattr(sdk, name) for name in ("json_format", "deserialize_properties", "unknown_checking_proxy")):
        return
    deserialize = sdk.deserialize_properties
    plain_only = _remembering(deserialize)
    sdk.json_format = SimpleNamespace(MessageToDict=_remembering(sdk.json_format.MessageToDict))
    # A remediation's properties keep their secrets and are written to: each gets its own.
    sdk.deserialize_properties = lambda props, secrets=False: (
        deserialize(props, secrets) if secrets else plain_only(props)
    )
    sdk.unknown_checking_proxy = _remembering(sdk.unknown_checking_proxy)

"""Makes the SDK ask only the policies that read a resource's type, and decode a resource once for all of them.

`_PolicyAnalyzerServicer` asks every policy about every resource and decodes resource and provider anew for each: with
200 policies that is nine tenths of a pack's time. Here a policy that does not read the type counts as disabled for the
length of the call, and what is decoded is kept, by identity, until the call ends. Where a release of the SDK works
differently, nothing is patched and packs are slower, not wrong.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

Reads = Callable[[str], bool]
"""Whether a policy has something to say about resources of a type token."""

_CALL: Final = threading.local()
"""The engine's call that this thread answers: policies to `skip`, `kept` results; the server has several threads."""

_PARTS: Final = ("json_format", "deserialize_properties", "unknown_checking_proxy", "_PolicyAnalyzerServicer")
_METHODS: Final = (
    "Analyze",
    "AnalyzeStack",
    "Remediate",
    "_get_enforcement_level",
    "_get_resource_options",
    "_get_provider_resource",
)


def once_a_call(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return *function* with a memory of its arguments, by identity, that ends with the engine's call."""

    def once(source: Any) -> Any:  # noqa: ANN401 -- the SDK's messages and proxies
        kept = getattr(_CALL, "kept", None)
        if kept is None:
            return function(source)
        key = (function, id(source))
        if key not in kept:
            kept[key] = (function(source), source)  # the source is held: another one never gets its id
        return kept[key][0]

    return once


@contextmanager
def one_call(skip: frozenset[str]) -> Iterator[None]:
    """Remember for the length of the block what was decoded, and which policies to *skip*."""
    _CALL.skip, _CALL.kept = skip, {}
    try:
        yield
    finally:
        del _CALL.skip, _CALL.kept


def ask_less(readers: Mapping[str, Reads]) -> None:
    """Patch the SDK's module; to be called once, before the pack is served.

    Args:
        readers: for each policy's name, what it reads; one that is not named is always asked.
    """
    sdk: Any = import_module("pulumi_policy.policy")
    if not all(hasattr(sdk, name) for name in _PARTS):
        return
    if not all(hasattr(sdk._PolicyAnalyzerServicer, name) for name in _METHODS):  # noqa: SLF001 -- private on purpose
        return
    _decode_once(sdk)
    sdk._PolicyAnalyzerServicer = _servicer(sdk, readers)  # noqa: SLF001


def _decode_once(sdk: Any) -> None:  # noqa: ANN401 -- the SDK's module
    """Let the module remember what it decoded until the call ends."""
    deserialize = sdk.deserialize_properties
    plain_only = once_a_call(deserialize)
    sdk.json_format = SimpleNamespace(MessageToDict=once_a_call(sdk.json_format.MessageToDict))
    # A remediation's properties keep their secrets and are written to: each gets its own.
    sdk.deserialize_properties = lambda props, secrets=False: (
        deserialize(props, secrets) if secrets else plain_only(props)
    )
    sdk.unknown_checking_proxy = once_a_call(sdk.unknown_checking_proxy)


def _servicer(sdk: Any, readers: Mapping[str, Reads]) -> Any:  # noqa: ANN401 -- the SDK's module and class
    """Return the SDK's servicer, which skips the policies that read no type of a call."""
    servicer: Any = sdk._PolicyAnalyzerServicer  # noqa: SLF001

    @cache
    def unread(type_token: str) -> frozenset[str]:
        return frozenset(name for name, reads in readers.items() if not reads(type_token))

    class Servicer(servicer):  # type: ignore[misc] # the SDK's class has no types
        def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802, ANN401 -- the SDK's names
            with one_call(unread(request.type)):
                return super().Analyze(request, context)

        def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802, ANN401
            with one_call(unread(request.type)):
                return super().Remediate(request, context)

        def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802, ANN401
            with one_call(frozenset()):
                return super().AnalyzeStack(request, context)

        def _get_enforcement_level(self, policy: Any) -> Any:  # noqa: ANN401
            if policy.name in getattr(_CALL, "skip", ()):
                return sdk.EnforcementLevel.DISABLED
            return super()._get_enforcement_level(policy)

        def _get_resource_options(self, request: Any) -> Any:  # noqa: ANN401
            return once_a_call(super()._get_resource_options)(request)

        def _get_provider_resource(self, request: Any) -> Any:  # noqa: ANN401
            return once_a_call(super()._get_provider_resource)(request)

    return Servicer

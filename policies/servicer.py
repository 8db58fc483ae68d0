"""Makes the SDK ask only the policies that read a resource's type, and decode a resource once for all of them.

`_PolicyAnalyzerServicer` asks every policy about every resource and decodes resource and provider anew for each: with
200 policies that is nine tenths of a pack's time. Here each type has a servicer with fewer policies, and what is
decoded is kept, by identity, until the call ends. Where a release of the SDK works differently, nothing is patched and
packs are slower, not wrong.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

Reads = Callable[[str], bool]
"""Whether a policy has something to say about resources of a type token."""

_CALL: Final = threading.local()
"""The engine's call that this thread answers, with the `kept` results; the server has several threads."""

_PARTS: Final = ("json_format", "deserialize_properties", "unknown_checking_proxy", "_PolicyAnalyzerServicer")
_POLICIES: Final = "_PolicyAnalyzerServicer__policies"
_METHODS: Final = (
    "Analyze",
    "AnalyzeStack",
    "Remediate",
    "Configure",
    "_get_resource_options",
    "_get_provider_resource",
)


def once_a_call(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return *function* with a memory of its arguments, by identity, that ends with the engine's call."""

    def once(source: Any) -> Any:
        kept = getattr(_CALL, "kept", None)
        if kept is None:
            return function(source)
        key = (function, id(source))
        if key not in kept:
            kept[key] = (function(source), source)  # the source is held: another one never gets its id
        return kept[key][0]

    return once


@contextmanager
def one_call() -> Iterator[None]:
    """Remember for the length of the block what was decoded."""
    _CALL.kept = {}
    try:
        yield
    finally:
        del _CALL.kept


def ask_less(readers: Mapping[str, Reads]) -> None:
    """Patch the SDK's module; to be called once, before the pack is served.

    Args:
        readers: for each policy's name, what it reads; one that is not named is always asked.
    """
    sdk: Any = import_module("pulumi_policy.policy")
    if not all(hasattr(sdk, name) for name in _PARTS):
        return
    if not all(hasattr(sdk._PolicyAnalyzerServicer, name) for name in _METHODS):
        return
    _decode_once(sdk)
    sdk._PolicyAnalyzerServicer = _servicer(sdk, readers)


def _decode_once(sdk: Any) -> None:
    """Let the module remember what it decoded until the call ends."""
    deserialize = sdk.deserialize_properties
    plain_only = once_a_call(deserialize)
    sdk.json_format = SimpleNamespace(MessageToDict=once_a_call(sdk.json_format.MessageToDict))
    # A remediation's properties keep their secrets and are written to: each gets its own.
    sdk.deserialize_properties = lambda props, secrets=False: (
        deserialize(props, secrets) if secrets else plain_only(props)
    )
    sdk.unknown_checking_proxy = once_a_call(sdk.unknown_checking_proxy)


def _servicer(sdk: Any, readers: Mapping[str, Reads]) -> Any:
    """Return the SDK's servicer, which asks about a resource only the policies that read its type."""
    servicer: Any = sdk._PolicyAnalyzerServicer

    class Servicer(servicer):  # type: ignore[misc] # the SDK's class has no types
        def _about(self, type_token: str) -> Any:
            """Return this servicer with fewer policies."""
            policies = self.__dict__.get(_POLICIES)
            if policies is None:
                return super()
            kept: dict[str, Any] = self.__dict__.setdefault("_by_type", {})
            if type_token not in kept:
                fewer = copy(self)
                fewer.__dict__[_POLICIES] = [each for each in policies if readers.get(each.name, _always)(type_token)]
                kept[type_token] = super(Servicer, fewer)
            return kept[type_token]

        def Analyze(self, request: Any, context: Any) -> Any:
            with one_call():
                return self._about(request.type).Analyze(request, context)

        def Remediate(self, request: Any, context: Any) -> Any:
            with one_call():
                return self._about(request.type).Remediate(request, context)

        def AnalyzeStack(self, request: Any, context: Any) -> Any:
            with one_call():
                return super().AnalyzeStack(request, context)

        def Configure(self, request: Any, context: Any) -> Any:
            self.__dict__.pop("_by_type", None)  # they have the configuration of before
            return super().Configure(request, context)

        def _get_resource_options(self, request: Any) -> Any:
            return once_a_call(super()._get_resource_options)(request)

        def _get_provider_resource(self, request: Any) -> Any:
            return once_a_call(super()._get_provider_resource)(request)

    return Servicer


def _always(_: str) -> bool:
    return True

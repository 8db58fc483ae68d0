"""Makes the SDK ask only the policies that read a type, decode a resource once, and refuse misspelt configuration.

`_PolicyAnalyzerServicer` asks every policy about every resource and decodes resource and provider anew for each: with
200 policies that is nine tenths of a pack's time. Here each type has a servicer with fewer policies, and what is
decoded is kept, by identity, until the call ends. It also takes settings that no policy reads, and says nothing.
Where a release of the SDK works differently, nothing is patched: packs are slower and miss what is misspelt, not wrong.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from grpc import StatusCode

from policies.configured import misspelt

Reads = Callable[[str], bool]
"""Whether a policy has something to say about resources of a type token."""

_CALL: Final = threading.local()
"""The engine's call that this thread answers, with the `kept` results; the server has several threads."""

_PARTS: Final = ("json_format", "deserialize_properties", "unknown_checking_proxy")
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


def extend_sdk(readers: Mapping[str, Reads]) -> None:
    """Patch the SDK's module; to be called once, before the pack is served.

    Args:
        readers: for each policy's name, what it reads; one that is not named is always asked.
    """
    sdk: Any = import_module("pulumi_policy.policy")
    if _is_known(sdk):
        _decode_once(sdk)
        sdk._PolicyAnalyzerServicer = _servicer(sdk, readers)


def _is_known(sdk: Any) -> bool:
    """Whether this release of the SDK has all that is used here."""
    servicer: Any = getattr(sdk, "_PolicyAnalyzerServicer", None)
    return (
        all(hasattr(sdk, name) for name in _PARTS)
        and all(hasattr(servicer, name) for name in _METHODS)
        and _POLICIES in servicer.__init__.__code__.co_names
    )


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
    """Return the SDK's servicer, which asks less and takes no misspelt configuration."""
    servicer: Any = sdk._PolicyAnalyzerServicer

    class Servicer(servicer):  # type: ignore[misc] # the SDK's class has no types
        def _about(self, type_token: str) -> Any:
            """Return this servicer with fewer policies."""
            kept: dict[str, Any] = self.__dict__.setdefault("_by_type", {})
            if type_token not in kept:
                fewer = copy(self)
                fewer.__dict__[_POLICIES] = [
                    each for each in self.__dict__[_POLICIES] if readers.get(each.name, _always)(type_token)
                ]
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
            chosen = {key: MessageToDict(value.properties) for key, value in request.policyConfig.items()}
            if wrong := list(misspelt(chosen, {policy.name for policy in self.__dict__[_POLICIES]})):
                context.abort(StatusCode.INVALID_ARGUMENT, "\n".join(wrong))
            self.__dict__.pop("_by_type", None)  # they have the configuration of before
            return super().Configure(request, context)

        def _get_resource_options(self, request: Any) -> Any:
            return once_a_call(super()._get_resource_options)(request)

        def _get_provider_resource(self, request: Any) -> Any:
            return once_a_call(super()._get_provider_resource)(request)

    return Servicer


def _always(_: str) -> bool:
    return True

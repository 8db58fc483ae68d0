"""--policy-pack-config, checked before the first resource: the engine hands misspelt names on, and none reads them."""

from collections.abc import Collection, Iterator, Mapping
from importlib import import_module
from typing import Any

from google.protobuf.json_format import MessageToDict
from grpc import StatusCode

from policies.read import InputError, read_settings


def refuse_misspelt(own: Collection[str]) -> None:
    """Patch the SDK's module, so that a pack refuses settings it does not know; to be called before it is served.

    Args:
        own: names of the pack's policies; those that are no rule have no settings.
    """
    sdk: Any = import_module("pulumi_policy.policy")
    servicer: Any = getattr(sdk, "_PolicyAnalyzerServicer", None)
    if not hasattr(servicer, "Configure"):  # another release of the SDK: misspelt names are ignored, as it does
        return

    class Checked(servicer):  # type: ignore[misc] # the SDK's class has no types
        def Configure(self, request: Any, context: Any) -> Any:
            chosen = {key: MessageToDict(value.properties) for key, value in request.policyConfig.items()}
            if wrong := list(misspelt(chosen, own)):
                context.abort(StatusCode.INVALID_ARGUMENT, "\n".join(wrong))
            return super().Configure(request, context)

    sdk._PolicyAnalyzerServicer = Checked


def misspelt(chosen: Mapping[str, Mapping[str, Any]], own: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with each rule of *chosen*; a file may serve several packs, so all their rules are known."""
    for key in sorted(chosen):
        if chosen[key] or key not in own:
            try:
                read_settings({key: chosen[key]}, "--policy-pack-config")
            except InputError as error:
                yield str(error)

"""Builds a stack in process and writes down every resource: the offline plan that tests and checks look at.

`MockMonitor` and the request's fields are the Pulumi SDK's test surface, not its documented API: pyproject.toml pins
the SDK, and nothing outside this file touches them. Half of it has no types; the ignores here say no more than that.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, settings, test
from pulumi.runtime.stack import Stack

from checks import invented

_NO_ACCOUNT = "000000000000"
_STACK = "pulumi:pulumi:Stack"
_UNRESOLVED = "Calling __str__ on an Output[T] is not supported"


class RecordingError(Exception):
    """The program asked for something the real engine would refuse, or our rules forbid."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One resource as the program asked for it; property names are the engine's (camelCase)."""

    urn: str
    """Identity: stack, project, types of the parents, type, name."""

    type: str
    """Type token, e.g. aws:ec2/vpc:Vpc or mlz:index:Network."""

    name: str
    """Logical name."""

    parent: str
    """URN of the parent; empty for a resource of the stack itself."""

    provider: str
    """Logical name of the explicit provider; empty: the default provider, or a component."""

    inputs: Mapping[str, Any]
    """What the program asked for."""

    outputs: Mapping[str, Any]
    """What AWS would have answered; of a component: the outputs it registered."""

    dependencies: tuple[str, ...]
    """URNs it waits for."""

    protect: bool
    """Refuses its deletion."""

    retain_on_delete: bool
    """Stays in AWS when it leaves the stack."""

    delete_before_replace: bool
    """Goes before its replacement is made, as one name for both demands."""

    replace_on_changes: tuple[str, ...]
    """Inputs whose change replaces it, whatever the provider would do."""

    ignore_changes: tuple[str, ...]
    """Inputs whose change is no change."""

    import_id: str
    """Id of what exists already and is adopted; empty: it is made."""

    custom: bool
    """Made by a provider; False: a component."""


@dataclass
class Recording:
    """All that one build asked for."""

    resources: list[Recorded] = field(default_factory=list)
    """In order of registration."""

    exports: dict[str, Any] = field(default_factory=dict)
    """Stack outputs."""

    def made(self) -> list[Recorded]:
        """Resources of AWS: no components, no providers."""
        return [r for r in self.resources if r.custom and not r.type.startswith("pulumi:")]

    def of(self, type_: str) -> list[Recorded]:
        """Resources of one type token."""
        return [r for r in self.resources if r.type == type_]

    def one(self, type_: str, name: str | None = None) -> Recorded:
        """The only resource of a type (and name); anything else is an error."""
        found = [r for r in self.of(type_) if name in (None, r.name)]
        if len(found) != 1:
            raise RecordingError(f"{len(found)} resources of {type_} {name or ''}: {[r.name for r in found]}")
        return found[0]

    def tree(self) -> str:
        """Every resource under its parent, sorted: small enough to read in a review."""
        lines = [f"{self._path(r)}  @{r.provider}" if r.provider else self._path(r) for r in self.resources]
        return "".join(f"{line}\n" for line in sorted(lines))

    def _path(self, resource: Recorded) -> str:
        parents = {r.urn: r for r in self.resources}
        parts = [f"{resource.name} {resource.type}"]
        while resource.parent:
            resource = parents[resource.parent]
            parts.append(f"{resource.name} {resource.type.rsplit(':', 1)[-1]}")
        return " / ".join(reversed(parts))


class _Answers(mocks.Mocks):
    """Answers as AWS would; knows each provider's account and region."""

    def __init__(self) -> None:
        self.providers: dict[str, Mapping[str, Any]] = {}

    def call(self, args: mocks.MockCallArgs) -> Any:  # noqa: ANN401 - the SDK's signature
        raise RecordingError(f"{args.token}: no lookups; put the fact in the plan")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ.startswith("pulumi:providers:"):
            self.providers[args.name] = args.inputs
        if not args.custom or args.typ.startswith("pulumi:"):
            return f"{args.name}-id", dict(args.inputs)
        home = self.providers.get(_provider_name(args.provider or ""), {})
        # The engine hands provider settings on as JSON texts.
        accounts = json.loads(home.get("allowedAccountIds", "[]")) or [_NO_ACCOUNT]
        region = args.inputs.get("region") or home.get("region", "us-east-1")
        return invented.outputs(args.typ, args.name, args.inputs, account=accounts[0], region=region)


class _Monitor(mocks.MockMonitor):
    """Takes the place of the engine and writes down what the mocks don't hand on: parent, options, outputs."""

    def __init__(self) -> None:
        super().__init__(_Answers())
        self.recorded: dict[str, Recorded] = {}
        self._claimed: set[str] = set()
        self._claiming = threading.Lock()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The engine's: types of all parents but the stack's; the SDK's own knows the nearest parent alone."""
        chain = parent.split("::")[2] if parent else _STACK
        own = type_ if chain == _STACK else f"{chain}${type_}"
        return "::".join((f"urn:pulumi:{pulumi.get_stack()}", pulumi.get_project(), own, name))

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802, ANN401 - the SDK's names
        if request.type == _STACK:
            return super().RegisterResource(request)  # type: ignore[no-untyped-call] # the SDK's
        urn = self.make_urn(request.parent, request.type, request.name)
        # The SDK registers in several threads: the name is taken before anything else happens, and by one of them.
        with self._claiming:
            if urn in self._claimed:
                raise RecordingError(f"{request.type} {request.name}: two resources of one name under one parent")
            self._claimed.add(urn)
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call] # the SDK's
        registered = self.resources[urn]
        self.recorded[urn] = Recorded(
            urn=urn,
            type=request.type,
            name=request.name,
            parent="" if f"::{_STACK}::" in request.parent else request.parent,
            provider=_provider_name(request.provider) if request.custom else "",
            inputs=_plain(request.object),
            outputs={**registered.state, "id": registered.id} if request.custom else {},
            dependencies=tuple(sorted(request.dependencies)),
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            delete_before_replace=request.deleteBeforeReplace,
            replace_on_changes=tuple(request.replaceOnChanges),
            ignore_changes=tuple(request.ignoreChanges),
            import_id=request.importId,
            custom=request.custom,
        )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802, ANN401 - the SDK's names
        if request.urn in self.recorded:
            self.recorded[request.urn] = replace(self.recorded[request.urn], outputs=_plain(request.outputs))
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call] # the SDK's


def _provider_name(reference: str) -> str:
    """Logical name out of the engine's provider reference urn::id."""
    return reference.split("::")[-2] if reference else ""


def _plain(properties: Any) -> dict[str, Any]:  # noqa: ANN401 - a protobuf Struct
    """Properties as Python values; a secret is shown, the recording leaves no process."""
    plain: dict[str, Any] = rpc.deserialize_properties_unwrap_secrets(properties)[0]
    return plain


@contextmanager
def _no_traces() -> Iterator[None]:
    """Keep the SDK from walking the program's stack for each resource: a fifth of a recording, which holds no lines."""
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = 1  # 0 would leave the SDK without the one frame that it looks at
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


def _with_a_loop() -> None:
    """Give the thread an event loop, which the SDK takes for granted: asyncio.run, called by anybody, takes it away."""
    try:
        asyncio.get_event_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())


def record(build: Callable[[], None], *, stack: str = "test") -> Recording:
    """Run *build* as the program of *stack* and return what it asked for.

    Raises:
        RecordingError: a lookup, a name used twice, or the text of an Output where a value should stand.
    """
    _with_a_loop()
    monitor = _Monitor()
    # The SDK keeps the stack of the process's last build; a new one comes with set_mocks.
    settings.set_root_resource(None)  # type: ignore[arg-type] # the SDK's own default is None
    pulumi.runtime.set_mocks(monitor.mocks, project="mlz", stack=stack, preview=False, monitor=monitor)
    exports: dict[str, Any] = {}

    @test  # type: ignore[untyped-decorator] # the SDK's
    def run() -> pulumi.Output[None]:
        build()
        root = settings.get_root_resource()
        outputs = root.outputs if isinstance(root, Stack) else {}
        return pulumi.Output.all(**outputs).apply(exports.update)

    with _no_traces():
        run()
    for resource in monitor.recorded.values():
        if _UNRESOLVED in json.dumps([resource.name, resource.inputs], default=str):
            raise RecordingError(f"{resource.type} {resource.name}: an Output inside an f-string; use Output.concat")
    return Recording(list(monitor.recorded.values()), exports)

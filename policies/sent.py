"""What the engine sends → plain data for the rules."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi
from pulumi_policy import PolicyResource, ResourceValidationArgs, StackValidationArgs
from pulumi_policy.secret import Secret

from policies.decode import plain
from policies.rules import Resource
from policies.servicer import once_a_call

_INPUTS: Final[dict[str, Mapping[str, Any]]] = {}
"""URN → what the program asked for, as the engine sent it when it asked about the resource alone."""


def remember_inputs(args: ResourceValidationArgs) -> None:
    """Keep what was asked for, for the rules on the whole stack."""
    _INPUTS[args.urn] = _plain_once(args.props)


def resource_of(args: ResourceValidationArgs) -> Resource:
    """Return the engine's resource as plain data."""
    return Resource(
        type=args.resource_type,
        name=args.name,
        props=_plain_once(args.props),
        provider=_plain_once(args.provider.props) if args.provider else {},
        protect=args.opts.protect if args.opts else None,
    )


def stack_resources(args: StackValidationArgs) -> tuple[Resource, ...]:
    """Return the finished stack as plain data.

    The engine sends outputs, which include the inputs; but at preview an input that is absent and that AWS will answer
    too is unknown there. The rules judge what was asked for.
    """
    return tuple(_stack_resource(each) for each in args.resources)


def _stack_resource(resource: PolicyResource) -> Resource:
    outputs = _plain_once(resource.props)
    return Resource(
        type=resource.resource_type,
        name=resource.name,
        props=_INPUTS.get(resource.urn, outputs),
        outputs=outputs,
        depends_on=[f"{each.name}|{each.resource_type}" for each in resource.dependencies],
        provider=_plain_once(resource.provider.props) if resource.provider else {},
        protect=resource.opts.protect if resource.opts else None,
    )


def unwrapped(value: Any) -> Any:
    """Return plain data; the SDK's proxies raise on unknown values unless asked for their target."""
    if isinstance(value, Secret):  # only what a remediation is sent has them
        value = value.value
    if isinstance(value, Mapping) and not isinstance(value, dict):
        value = value["__target"]
    elif isinstance(value, Sequence) and not isinstance(value, str | list):
        value = cast("Any", value)["__target"]
    if isinstance(value, dict):
        return {key: unwrapped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unwrapped(inner) for inner in value]
    if isinstance(value, pulumi.FileAsset | pulumi.FileArchive):
        return {"path": value.path}
    if isinstance(value, pulumi.StringAsset):
        return {"text": value.text}
    return plain(value)


_plain_once: Final = once_a_call(unwrapped)

"""Universal targets: which call of which AWS service the text of a schedule's target means.

Source: EventBridge Scheduler User Guide, "Using universal targets", read 2026-11-30: the ARN names service and
operation, the input is the operation's request. Its members begin with a capital letter, whatever the API's begin with:
the page's StateMachineArn is stateMachineArn in the API. That the API's own spelling passes too no page says; it does
here.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import botocore.session
from botocore import xform_name
from botocore.loaders import Loader

_ARN: Final = re.compile(r"^arn:aws:scheduler:::aws-sdk:([a-z0-9]+):([A-Za-z0-9]+)$")


class TargetError(Exception):
    """No call that could be made."""


def call_of(arn: str) -> tuple[str, str]:
    """Return service and method of a universal target, both as boto3 calls them.

    Raises:
        TargetError: it is none, or names what the service does not have.
    """
    said = _ARN.match(arn)
    if said is None:
        raise TargetError(f"{arn} is no universal target, and the emulated AWS fires no others")
    service = _services().get(said[1])
    if service is None:
        raise TargetError(f"{arn}: there is no service {said[1]}")
    model = botocore.session.get_session().get_service_model(service)
    wanted = said[2][0].upper() + said[2][1:]
    if wanted not in model.operation_names:
        raise TargetError(f"{arn}: {service} has no operation {wanted}")
    return service, str(xform_name(wanted))


def request_of(arn: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a target's input with members spelt as the API has them.

    Raises:
        TargetError: as call_of.
    """
    service, method = call_of(arn)
    model = botocore.session.get_session().get_service_model(service)
    operation = next(name for name in model.operation_names if xform_name(name) == method)
    spelt: dict[str, Any] = _spelt(model.operation_model(operation).input_shape, given)
    return spelt


def _spelt(shape: Any, given: Any) -> Any:  # noqa: ANN401 - a botocore shape, and JSON
    kind = getattr(shape, "type_name", "")
    if kind == "list" and isinstance(given, list):
        return [_spelt(shape.member, each) for each in given]
    if not isinstance(given, Mapping):
        return given
    if kind == "map":
        return {key: _spelt(shape.value, each) for key, each in given.items()}
    members = shape.members if kind == "structure" else {}
    named = {f"{name[0].upper()}{name[1:]}": name for name in members}
    found = {key if key in members else named.get(key, key): each for key, each in given.items()}
    return {key: _spelt(members.get(key), each) for key, each in found.items()}


@cache
def _services() -> dict[str, str]:
    """Service in a target → as botocore calls it: a target has no hyphens."""
    return {name.replace("-", ""): name for name in Loader().list_available_services("service-2")}

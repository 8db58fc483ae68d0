"""Universal targets: which call of which AWS service the text of a schedule's target means.

Source: EventBridge Scheduler User Guide, "Using universal targets", read 2026-11-30: the ARN names service and
operation, the input is the operation's request.
"""

import re
from functools import cache
from typing import Final

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


@cache
def _services() -> dict[str, str]:
    """Service in a target → as botocore calls it: a target has no hyphens."""
    return {name.replace("-", ""): name for name in Loader().list_available_services("service-2")}

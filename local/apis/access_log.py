"""The access log of a stage: a line a call, written as the account lets API Gateway write.

Without a role that may, nothing is written and nobody is told, as on AWS. Source: API Gateway Developer Guide, "Set up
CloudWatch logging for REST APIs in API Gateway", read 2026-11-30.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from moto.apigateway.models import apigateway_backends
from moto.logs.models import logs_backends

from local.apis.deployed import Api
from local.authority.role_rights import not_trusted, refused
from local.handlers.api_gateway import HOST
from local.handlers.operation import Call

_VARIABLE: Final = re.compile(r"\$context\.([A-Za-z.]+)")
_STREAM: Final = "calls"


def write(call: Call, api: Api, stage: Any, said: Mapping[str, object]) -> None:  # noqa: ANN401 - moto's class
    """Write the line of a call.

    Args:
        call: the call.
        api: which API it was for.
        stage: moto's stage.
        said: values of $context by name; what is missing is a hyphen.
    """
    call = replace(call, account=api.account)  # it logs for the API's owner, whoever called
    settings = stage.access_log_settings or {}
    role = apigateway_backends[api.account][api.region].account.cloudwatch_role_arn
    arn, form = settings.get("destinationArn", ""), settings.get("format", "")
    if not (role and arn and form) or not_trusted(call, role, HOST):
        return
    group = arn.split(":log-group:")[-1]
    if refused(call, role, "logs:PutLogEvents", f"{arn}:log-stream:{_STREAM}"):
        return
    backend = logs_backends[api.account][api.region]
    if group not in backend.groups:
        return
    if _STREAM not in backend.groups[group].streams:
        backend.create_log_stream(group, _STREAM)
    line = _VARIABLE.sub(lambda found: str(said.get(found[1], "-")), form)
    backend.put_log_events(group, _STREAM, [{"timestamp": int(time.time() * 1000), "message": line}])

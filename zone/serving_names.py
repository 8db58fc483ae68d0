"""Pure: names of what a team serves its models with."""

from typing import Final

VARIANT: Final = "answering"
"""Name of an endpoint's only variant: what metrics and scaling know it by."""


def endpoint(team: str, name: str) -> str:
    """Endpoint name [≤ 63 characters, SageMaker API CreateEndpoint]."""
    return f"{team}-{name}"


def endpoint_arn(region: str, account_id: str, team: str, name: str) -> str:
    """ARN of endpoint()."""
    return f"arn:aws:sagemaker:{region}:{account_id}:endpoint/{endpoint(team, name)}"


def questions_prefix(name: str) -> str:
    """Prefix in the work bucket below which an asynchronous endpoint reads what it is asked."""
    return f"questions/{name}"


def answers_prefix(name: str) -> str:
    """Prefix in the work bucket below which it leaves answers, and errors below `failed/` of it."""
    return f"answers/{name}"


API_METHOD: Final = "POST/invocations"
"""The one method of an endpoint's HTTP API, and its path."""

API_LOGS: Final = "api-logs"
"""Stem of the role with which API Gateway writes logs: one of an account."""


def api_role(name: str) -> str:
    """Stem of the role with which API Gateway asks one endpoint: mlz-endpoint-api-churn; `*` stands for all of them."""
    return f"endpoint-api-{name}"


def api_arn(region: str, account_id: str, name: str) -> str:
    """What the callers of an endpoint's HTTP API are let do, whatever id AWS gives the API: its stage is the endpoint.

    Source: API Gateway Developer Guide, "Control access for invoking an API", resource format, read 2026-11-30.
    """
    return f"arn:aws:execute-api:{region}:{account_id}:*/{name}/{API_METHOD}"


CAPTURE_PREFIX: Final = "captured"
"""Prefix of all endpoints' captured calls in the data bucket."""


def capture_prefix(name: str) -> str:
    """Prefix of one endpoint's captured calls in the data bucket; SageMaker adds endpoint, variant and hour to it."""
    return f"{CAPTURE_PREFIX}/{name}"

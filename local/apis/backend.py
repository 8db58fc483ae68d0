"""What API Gateway does for who asks an API: it takes the API's role, asks the service, and hands the answer on."""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.authority.sessions import NotTrustedError
from local.containers.role import connected
from local.handlers.api_gateway import HOST

_URI: Final = re.compile(r"arn:aws:apigateway:(?P<region>[a-z0-9-]+):runtime\.sagemaker:path/(?P<path>.+)$")
_SESSION: Final = "BackplaneAssumeRoleSession"
"""Name of API Gateway's sessions, as CloudTrail shows it; from memory, no page says it."""

_DEFAULT_SECONDS: Final = 29.0


class ConfigurationError(Exception):
    """The API itself is at fault; who asks is told nothing of it."""


class TimeoutReachedError(Exception):
    """The service did not answer in time."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(integration: Any, headers: Mapping[str, str], body: bytes) -> Reply:  # noqa: ANN401 - moto's class
    """Ask what is behind a method, from AWS's own network and with the integration's role.

    Args:
        integration: moto's integration: only SageMaker Runtime is behind APIs here.
        headers: of the request, by name in small letters.
        body: of the request.

    Raises:
        ConfigurationError: API Gateway may not take the role, or knows no way to the service.
        TimeoutReachedError: the answer took longer than the integration allows.
    """
    meant = _URI.match(integration.uri or "")
    if integration.integration_type != "AWS" or not meant or not integration.credentials:
        raise ConfigurationError(f"the emulated API Gateway has no integration of type {integration.integration_type}")
    try:
        connection = connected(integration.credentials, service=HOST, name=_SESSION, told=False)
    except NotTrustedError as error:
        raise ConfigurationError(f"API Gateway does not have permission to assume the provided role: {error}") from None
    sent = {
        place.removeprefix("integration.request.header."): headers[source]
        for place, of in (integration.request_parameters or {}).items()
        if (source := str(of).removeprefix("method.request.header.").lower()) in headers
    }
    given = connection.credentials
    request = AWSRequest(integration.http_method or "POST", f"{connection.endpoint}/{meant['path']}", sent, body)
    signer = SigV4Auth(Credentials(given.access_key, given.secret_key, given.token), "sagemaker", meant["region"])
    signer.add_auth(request)
    seconds = float(integration.timeout_in_millis or _DEFAULT_SECONDS * 1000) / 1000
    place = urlsplit(connection.endpoint)
    link = http.client.HTTPConnection(place.hostname or "", place.port, timeout=seconds)
    try:
        link.request(request.method, f"/{meant['path']}", body, dict(request.headers.items()))
        came = link.getresponse()
        return Reply(status=came.status, headers={k.lower(): v for k, v in came.getheaders()}, body=came.read())
    except TimeoutError:
        raise TimeoutReachedError from None
    finally:
        link.close()


def handed_on(integration: Any, reply: Reply) -> Reply:  # noqa: ANN401 - moto's class
    """Return the answer that the API gives for the service's.

    For all but Lambda the pattern of a response is matched against the status; the one without a pattern takes what no
    other does. Source: API Gateway API Reference, IntegrationResponse (botocore's model), read 2026-11-30.

    Raises:
        ConfigurationError: no response is for this status.
    """
    responses = [*(integration.integration_responses or {}).values()]
    chosen = next(
        (
            each
            for each in responses
            if each.selection_pattern and re.fullmatch(each.selection_pattern, str(reply.status))
        ),
        None,
    ) or next((each for each in responses if not each.selection_pattern), None)
    if chosen is None:
        raise ConfigurationError(f"No match for output mapping and no default endpoint response configured. {reply}")
    headers = {"Content-Type": "application/json"}
    for place, of in (chosen.response_parameters or {}).items():
        source = str(of).removeprefix("integration.response.header.").lower()
        if source in reply.headers:
            headers[place.removeprefix("method.response.header.")] = reply.headers[source]
    return Reply(status=int(chosen.status_code), headers=headers, body=reply.body)


def failed(status: HTTPStatus | int, text: str, kind: str, key: str = "message") -> Reply:
    """An answer of API Gateway's own."""
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": kind}
    return Reply(status=int(status), headers=headers, body=json.dumps({key: text}).encode())

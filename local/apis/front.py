"""Requests to the addresses of HTTP APIs, {api}.execute-api.{region}.amazonaws.com, which are none of moto's.

A client sends them to the emulated AWS with that name as Host, and names its network as for any other call. In order:
the signature, the policies of the VPC endpoint, of the caller and of the API, the limit, the headers that must be
there, the service behind it. Sources, read 2026-11-30: API Gateway Developer Guide, "Invoke a private API", "Use VPC
endpoint policies for private APIs in API Gateway", "How API Gateway resource policies affect authorization workflow",
"Gateway response types for API Gateway" (statuses; an unknown path answers as an unsigned call). The words of the
answers are public reports', from memory; which comes first of limit and headers no page says.
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from local.apis import access_log
from local.apis.backend import ConfigurationError, Reply, TimeoutReachedError, ask, failed, handed_on
from local.apis.deployed import Api, Deployed, find
from local.apis.throttle import lets_through
from local.authority.gate import Gate
from local.authority.network import UnreachableError, network_of
from local.authority.signatures import wrong_signature
from local.authority.signer import signer
from local.handlers.accounts import account_of
from local.handlers.dispatch import LOCK, NETWORK, SCOPE, Application, Environ, StartResponse
from local.handlers.here import PLACES
from local.handlers.operation import Call

SERVICE: Final = "execute-api"
_HOST: Final = re.compile(
    r"(?P<api>[a-z0-9]+)(-vpce-[0-9a-f]+)?\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(:\d+)?$"
)
_MOST_BYTES: Final = 10 << 20
_HEADER: Final = "method.request.header."
_UNSIGNED: Final = ("Missing Authentication Token", "MissingAuthenticationTokenException")
_LOGGED: Final = {"identity.vpceId": "aws:SourceVpce", "identity.sourceIp": "aws:VpcSourceIp"}
"""What the log says of the network, by condition key."""

_KINDS: Final = {
    "IncompleteSignature": "IncompleteSignatureException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}


class HttpApis:
    """A WSGI application in front of the others, for the hosts of HTTP APIs."""

    def __init__(self, app: Application, gate: Gate) -> None:
        self.app = app
        self.gate = gate

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        host = _HOST.match(environ.get("HTTP_HOST", ""))
        if not host:
            return self.app(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        reply = self._answer(environ, body, find(host["api"], host["region"]))
        headers = {**reply.headers, "Content-Length": str(len(reply.body))}
        start(f"{reply.status} {_phrase(reply.status)}", [*headers.items()])
        return [reply.body]

    def _answer(self, environ: Environ, body: bytes, api: Api | None) -> Reply:
        stage_name, _, rest = str(environ.get("PATH_INFO", "")).lstrip("/").partition("/")
        found = api.stage(stage_name) if api else None
        key = (SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")) or ("", ""))[1]
        inside = environ.get(NETWORK) or PLACES.get(key)
        if api is None or found is None or (api.private and not inside):
            return failed(HTTPStatus.FORBIDDEN, "Forbidden", "ForbiddenException")
        stage, deployed = found
        path = f"/{rest}"
        place = f"{api.record.id}/{stage.name}/{environ['REQUEST_METHOD']}{path}"
        arn = f"arn:aws:execute-api:{api.region}:{api.account}:{place}"
        asked = _Asked(
            environ=environ,
            body=body,
            api=api,
            stage=stage,
            deployed=deployed,
            path=path,
            call=Call(SERVICE, "Invoke", account_of(key), api.region, {"Arn": arn}, key),
        )
        began = time.monotonic()
        reply, told = self._asked(asked)
        said = {
            **asked.said(),
            **told,
            "status": reply.status,
            "responseLength": len(reply.body),
            "responseLatency": int((time.monotonic() - began) * 1000),
        }
        with LOCK:
            access_log.write(asked.call, api, stage, said)
        return reply

    def _asked(self, asked: "_Asked") -> tuple[Reply, dict[str, object]]:
        """Return the answer, and what the log says of how it came."""
        refusal = self._refusal(asked)
        if refusal:
            (text,) = json.loads(refusal.body).values()
            return refusal, {"error.message": text}
        integration = asked.method.method_integration
        try:
            came = ask(integration, asked.headers, asked.body)
            return handed_on(integration, came), {"integration.status": came.status}
        except TimeoutReachedError:
            text = "Endpoint request timed out"
            return failed(HTTPStatus.GATEWAY_TIMEOUT, text, "InternalServerErrorException"), {"error.message": text}
        except ConfigurationError as error:
            reply = failed(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error", "InternalServerErrorException")
            return reply, {"error.message": str(error)}

    def _refusal(self, asked: "_Asked") -> Reply | None:
        """Return why it is not asked; None: it is."""
        if asked.method is None:
            return failed(HTTPStatus.FORBIDDEN, *_UNSIGNED)
        if asked.method.authorization_type == "AWS_IAM" and (unknown := self._unknown(asked)):
            return unknown
        with LOCK:
            if not lets_through(asked.api.record.id, asked.stage):
                return failed(HTTPStatus.TOO_MANY_REQUESTS, "Too Many Requests", "TooManyRequestsException")
        if len(asked.body) > _MOST_BYTES:
            text = f"HTTP content length exceeded {_MOST_BYTES} bytes."
            return failed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text, "RequestTooLargeException")
        if missing := asked.missing():
            text = f"Missing required request parameters: [{', '.join(missing)}]"
            return failed(HTTPStatus.BAD_REQUEST, text, "BadRequestException")
        return None

    def _unknown(self, asked: "_Asked") -> Reply | None:
        """Return why the caller is not let in; None: the caller is."""
        if not asked.call.key:
            return failed(HTTPStatus.FORBIDDEN, *_UNSIGNED)
        with LOCK:
            wrong = wrong_signature(asked.environ, asked.body, service=SERVICE)
            if wrong:
                return failed(HTTPStatus.FORBIDDEN, wrong[1], _KINDS[wrong[0]])
            vpc = asked.environ.get(NETWORK, "")
            refused = self.gate.refusal(asked.call, access_key=asked.call.key, vpc_id=vpc)
        if refused is None:
            return None
        return failed(HTTPStatus.FORBIDDEN, refused.message, "AccessDeniedException", key="Message")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One request to a stage that is there."""

    environ: Environ
    body: bytes
    api: Api
    stage: Any
    deployed: Deployed
    path: str
    call: Call

    @property
    def verb(self) -> str:
        """Its HTTP method."""
        return str(self.environ["REQUEST_METHOD"])

    @property
    def method(self) -> Any:  # noqa: ANN401 - moto's class
        """What answers it; None: there is no such path, or not with this method."""
        return self.deployed.methods.get((self.verb, self.path))

    @property
    def headers(self) -> dict[str, str]:
        """Its headers by name in small letters."""
        kind = self.environ.get("CONTENT_TYPE")
        return {
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in self.environ.items()
            if name.startswith("HTTP_")
        } | ({"content-type": str(kind)} if kind else {})

    def missing(self) -> list[str]:
        """Headers that must be there and are not."""
        if self.method.request_validator_id not in self.deployed.validated:
            return []
        wanted = {name.removeprefix(_HEADER): must for name, must in (self.method.request_parameters or {}).items()}
        return [name for name, must in wanted.items() if _true(must) and name.lower() not in self.headers]

    def said(self) -> dict[str, object]:
        """What the access log says of it."""
        who = signer(self.call.key) if self.call.key else None
        try:
            network = network_of(self.call, self.environ.get(NETWORK, "")).context
        except UnreachableError:
            network = {}
        return {
            "requestId": "mlz",
            "extendedRequestId": "mlz",
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
            "httpMethod": self.verb,
            "resourcePath": self.path,
            **({"identity.userArn": who.arn} if who else {}),
            **{name: network[key] for name, key in _LOGGED.items() if key in network},
        }


def _true(value: object) -> bool:
    return str(value).lower() == "true"


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Other"

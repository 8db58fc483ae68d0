"""Between the HTTP server and moto: our handlers first, moto for the rest, and no answer that isn't AWS's.

moto answers an operation it doesn't know with an HTML page and status 500, which the SDKs retry for minutes.
Here every failure is an AWS error of status 400 that names the operation, so the engine fails at once and
says why.
"""

import io
import json
import re
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple

from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import BackendRequest
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from local.authority.gate import Gate, Refused
from local.authority.network import HEADER, PLAIN
from local.authority.service_linked import make_roles
from local.authority.signatures import wrong_signature
from local.handlers.accounts import account_of
from local.handlers.operation import COMPLETIONS, HANDLERS, REQUIREMENTS, Call
from local.handlers.replay import Replay

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Answer = tuple[int, Headers, bytes]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

JUDGED = frozenset(
    (
        *(
            "apigateway",
            "athena",
            "budgets",
            "cloudtrail",
            "cloudwatch",
            "dynamodb",
            "ec2",
            "ecr",
            "efs",
            "events",
            "firehose",
            "glue",
            "iam",
        ),
        *("kms", "lambda", "logs", "organizations", "ram", "s3", "s3control", "sagemaker", "sagemaker-runtime"),
        *("acm", "application-autoscaling", "codeartifact", "codebuild", "ecs", "elbv2", "network-firewall", "rds"),
        *("route53", "route53resolver", "scheduler", "servicediscovery"),
        *("resourcegroupstaggingapi", "secretsmanager", "service-quotas", "sns", "sqs", "ssm", "stepfunctions", "sts"),
    )
)
"""Services whose calls are decided, besides those of our handlers; as botocore calls them."""

NETWORK, WITHOUT_TLS = (f"HTTP_{name.upper().replace('-', '_')}" for name in (HEADER, PLAIN))
"""Where the server puts the headers."""

SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_ASKS_WHO = re.compile(rb"(?:^|&)Action=GetCallerIdentity(?:&|$)")
"""Unsigned, moto would make a caller up."""

LOCK = threading.RLock()
"""moto's stores are plain dicts and Python runs on one core: one call at a time loses nothing."""


@contextmanager
def waiting() -> Iterator[None]:
    """Let other calls be answered while a handler waits for a process, which may make calls itself."""
    LOCK.release()
    try:
        yield
    finally:
        LOCK.acquire()


class Request(NamedTuple):
    """A request that one of our handlers or completions is for."""

    call: Call
    protocol: str
    model: OperationModel


class Dispatch:
    """The WSGI application of the emulated AWS."""

    def __init__(self, moto: Application, gate: Gate | None = None) -> None:
        self.moto = moto
        self.gate = gate
        self.answered: Replay[Answer] = Replay()

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with LOCK:
            try:
                status, headers, content = self.answered.of(environ) or self._answer(environ, body)
            except Exception as error:  # noqa: BLE001 - whatever moto or a handler raises becomes an AWS error
                place = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{place.filename.split('site-packages/')[-1]}:{place.lineno}"
                what = f"{described(environ, body)}: {type(error).__name__}: {error} ({where})"
                status, headers, content = error_answer(
                    environ, 400, "UnsupportedOperation", f"the emulated AWS can't do {what}"
                )
            if status < HTTPStatus.BAD_REQUEST:  # a refused call is tried again in earnest
                self.answered.keep(environ, (status, headers, content))
        headers.setdefault("Content-Length", str(len(content)))
        start(f"{status} mlz", [*headers.items()])
        return [content]

    def _answer(self, environ: Environ, body: bytes) -> Answer:
        """Ask our handlers, then moto."""
        request = _request(environ, body)
        if request is None and _ASKS_WHO.search(body) and not _signature(environ)[0]:
            return error_answer(environ, 403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        if request is not None and self.gate and (refusal := self._refusal(environ, request, body)):
            return refusal
        if request is not None:
            handler = HANDLERS.get((request.call.service, request.call.operation))
            try:
                for requirement in REQUIREMENTS.get((request.call.service, request.call.operation), ()):
                    requirement(request.call)
                result = handler(request.call) if handler else None
            except ServiceException as refusal:
                return _serialized(request, refusal)
            if result is not None:
                make_roles(request.call)
                return _serialized(request, result)
        answer = self._moto_answer(environ, body)
        if request is not None and answer[0] < HTTPStatus.MULTIPLE_CHOICES:
            completion = COMPLETIONS.get((request.call.service, request.call.operation))
            if completion:
                completion(request.call)
            make_roles(request.call)
        return answer

    def _refusal(self, environ: Environ, request: Request, body: bytes) -> Answer | None:
        """Return AWS's refusal: not a right of the caller's, or not the caller at all; None: go on."""
        key, vpc, plain = _signature(environ)[0], environ.get(NETWORK, ""), WITHOUT_TLS in environ
        if self.gate and (refused := self.gate.refusal(request.call, access_key=key, vpc_id=vpc, plain=plain)):
            return refusal_answer(environ, request, refused)
        if request.call.operation == "GetCallerIdentity" and (wrong := wrong_signature(environ, body)):
            return error_answer(environ, 403, *wrong)
        return None

    def _moto_answer(self, environ: Environ, body: bytes) -> Answer:
        """Let moto answer; a page instead of an AWS error means that it doesn't know the operation."""
        said: list[Any] = []
        content = b"".join(
            self.moto(fresh(environ, body), lambda status, headers, _error=None: said.extend((status, headers)))
        )
        status = int(said[0].split()[0])
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and b"<!doctype html" in content[:200].lower():
            raise NotImplementedError("moto has no such operation")
        return status, Headers(said[1]), content


def _request(environ: Environ, body: bytes) -> Request | None:
    """Parse a request where one of our handlers or completions is for it."""
    key, region, signed_as = _signature(environ)
    services = services_by_signing_name().get(signed_as, [])
    if not key and b"Action=AssumeRoleWithWebIdentity" in body:  # the one call of ours that nobody signs
        services = ["sts"]
    if "HTTP_X_AMZ_ACCOUNT_ID" in environ:  # S3 Control signs as S3, and its paths look like objects
        services = [service for service in services if service == "s3control"]
    for service in services:
        request = BackendRequest(fresh(environ, body))
        try:
            model, in_path = get_service_router(service).match(request)
        except (HTTPException, NotImplementedError):
            continue
        name = str(model.name)
        protocol = determine_request_protocol(get_service_model(service), request.content_type)
        parsed = PROTOCOL_PARSERS[protocol](model).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": in_path,
            }
        )
        given = {member: value for member, value in dict(parsed or {}).items() if value is not None}
        return Request(Call(service, name, account_of(key), region, given, key, model.output_shape), protocol, model)
    return None


def fresh(environ: Environ, body: bytes) -> Environ:
    """The request as it came, its body unread."""
    return {**environ, "wsgi.input": io.BytesIO(body)}


def _serialized(request: Request, result: object) -> Answer:
    """An answer on the wire."""
    answer = get_serializer_class(request.call.service, request.protocol)(request.model).serialize(result)
    body = answer["body"]
    headers = {str(name): str(value) for name, value in answer["headers"].items()}
    if isinstance(result, Mapping) and (kind := _own_type(request.model, result)):
        headers["Content-Type"] = kind
    return int(answer["status_code"]), Headers(headers), body.encode() if isinstance(body, str) else body


def _own_type(model: OperationModel, result: Mapping[str, Any]) -> str:
    """The type of a body that is handed on as it came, which moto calls JSON."""
    members = model.output_shape.members if model.output_shape else {}
    named = (name for name, shape in members.items() if shape.serialization.get("name") == "Content-Type")
    return next((str(result[name]) for name in named if result.get(name)), "")


def refusal_answer(environ: Environ, request: Request, refused: Refused) -> Answer:
    """A refusal in the service's own form. Sources: the services' API references, "Common errors", read 2026-11-29."""
    service, json_protocol = request.call.service, request.protocol.startswith("json")
    code, message = refused.code, refused.message
    if refused.spelt:
        return error_answer(environ, 400, code, message)
    if service == "ec2":
        code = "UnauthorizedOperation"
        message = f"You are not authorized to perform this operation. {message}"
    elif service == "sagemaker-featurestore-runtime":
        code = "AccessForbidden"
    elif code == "AccessDenied" and (json_protocol or request.protocol == "rest-json"):
        code = "AccessDeniedException"
    return error_answer(environ, 400 if json_protocol else 403, code, message)


def _signature(environ: Environ) -> tuple[str, str, str]:
    """Access key, region and signing name of a request."""
    found = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (found[1], found[2], found[3].lower()) if found else ("", "us-east-1", "")


@cache
def services_by_signing_name() -> dict[str, list[str]]:
    """Signing name → services with handlers of ours."""
    services: dict[str, list[str]] = {}
    for service in sorted({service for service, _ in (*HANDLERS, *COMPLETIONS, *REQUIREMENTS)} | JUDGED):
        model = get_service_model(service)
        services.setdefault(str(model.signing_name).lower(), []).append(service)
    return services


def described(environ: Environ, body: bytes) -> str:
    """A request in words: `sagemaker CreateThing`, or method and path."""
    service = _signature(environ)[2] or "an unsigned call"
    target = environ.get("HTTP_X_AMZ_TARGET", "").split(".")[-1]
    action = re.search(rb"(?:^|&)Action=(\w+)", body)
    path = f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
    return f"{service} {target or (action[1].decode() if action else path)}"


def error_answer(environ: Environ, status: int, code: str, text: str) -> Answer:
    """An AWS error in the protocol of the request."""
    content_type = environ.get("CONTENT_TYPE") or ""
    if "xml" in content_type or content_type.startswith("application/x-www-form-urlencoded") or _is_xml(environ):
        safe = text.replace("&", "&amp;").replace("<", "&lt;")
        fault = f"<Error><Code>{code}</Code><Message>{safe}</Message></Error>"
        if _signature(environ)[2] == "ec2":
            fault = f"<Response><Errors>{fault}</Errors><RequestID>mlz</RequestID></Response>"
        elif _signature(environ)[2] != "s3":
            fault = f"<ErrorResponse>{fault}<RequestId>mlz</RequestId></ErrorResponse>"
        return status, Headers({"Content-Type": "text/xml"}), fault.encode()
    body = json.dumps({"__type": code, "message": text}).encode()
    return status, Headers({"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}), body


def _is_xml(environ: Environ) -> bool:
    """Whether a request without a telling content type belongs to a rest-xml service."""
    return _signature(environ)[2] in {"s3", "route53", "cloudfront"} and "HTTP_X_AMZ_TARGET" not in environ

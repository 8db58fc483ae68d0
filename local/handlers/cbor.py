"""CloudWatch speaks CBOR in newer SDKs; moto knows only its older query protocol. This translates.

Both directions follow botocore's service model, so nothing here knows an operation.
"""

import io
import re
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlencode

import botocore.session
from botocore import parsers, serialize

from local.handlers.dispatch import Application, Environ, StartResponse

PATH = re.compile(r"/service/GraniteServiceVersion20100801/operation/(\w+)$")
CLIENT_ERROR = 400


class Cbor:
    """A WSGI application that translates CloudWatch's CBOR for the one below."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        found = PATH.match(environ.get("PATH_INFO", ""))
        if not found:
            return self.app(environ, start)
        operation = _model().operation_model(found[1])
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, answer = self._query(environ, operation, _decoded(raw))
        body, headers = _encoded(answer, operation, failed=status >= CLIENT_ERROR)
        start(f"{status} mlz", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _query(self, environ: Environ, operation: Any, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - botocore ships no types
        """Make the same call in the query protocol; return status and parsed answer."""
        request = serialize.create_serializer("query", include_validation=False).serialize_to_request(given, operation)
        form = urlencode({key: _text(value) for key, value in request["body"].items()}).encode()
        changed = {
            **{name: value for name, value in environ.items() if name != "HTTP_SMITHY_PROTOCOL"},
            "PATH_INFO": "/",
            "RAW_URI": "/",
            "REQUEST_URI": "/",
            "CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8",
            "CONTENT_LENGTH": str(len(form)),
            "wsgi.input": io.BytesIO(form),
        }
        said: list[str] = []
        body = b"".join(self.app(changed, lambda status, _headers, _error=None: said.append(status)))
        status = int(said[0].split()[0])
        parsed = parsers.create_parser("query").parse(
            {"status_code": status, "headers": {}, "body": body}, operation.output_shape
        )
        return status, parsed


@cache
def _model() -> Any:  # noqa: ANN401 - botocore ships no types
    return botocore.session.get_session().get_service_model("cloudwatch")


def _text(value: object) -> object:
    """The query protocol writes booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else value


def _decoded(raw: bytes) -> dict[str, Any]:
    """CBOR → parameters."""
    parser = parsers.RpcV2CBORParser()
    given = parser.parse_data_item(parser.get_peekable_stream_from_bytes(raw)) if raw else {}
    return dict(given)


def _encoded(answer: dict[str, Any], operation: Any, *, failed: bool) -> tuple[bytes, list[tuple[str, str]]]:  # noqa: ANN401 - botocore ships no types
    """An answer → CBOR and headers."""
    headers = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]
    body = bytearray()
    serializer = serialize.RpcV2CBORSerializer()
    if failed:
        code = answer["Error"]["Code"]
        headers.append(("x-amzn-query-error", f"{code};Sender"))
        text = {"__type": code, "message": answer["Error"].get("Message", "")}
        body += bytes([0xA0 + len(text)])  # a map of so many pairs
        for part in (part for pair in text.items() for part in pair):
            serializer._serialize_type_string(body, part, None, None)  # noqa: SLF001 - botocore has no public encoder
    elif operation.output_shape is None:
        body += b"\xa0"
    else:
        known = {name: answer[name] for name in operation.output_shape.members if name in answer}
        serializer._serialize_data_item(body, known, operation.output_shape)  # noqa: SLF001 - see above
    return bytes(body), headers

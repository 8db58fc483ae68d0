"""Sends a request on to the MLflow of a server, without who signed it."""

import http.client
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from local.handlers.dispatch import Environ, StartResponse
from local.tracking.servers import SERVERS, TrackingError

_KEPT: Final = ("HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_RANGE", "HTTP_USER_AGENT", "CONTENT_TYPE")
"""What of a request's headers MLflow is told, besides its own X-Mlflow-…: no cookie, no signature."""

_OWN: Final = frozenset({"connection", "date", "keep-alive", "server", "set-cookie", "transfer-encoding"})
"""Headers of an answer that are between MLflow and us."""

_SECONDS: Final = 120
"""MLflow's client waits as long for an answer (MLFLOW_HTTP_REQUEST_TIMEOUT)."""

_PIECE: Final = 1 << 16


def sent_on(
    environ: Environ,
    start: StartResponse,
    path: str,
    *,
    arn: str,
    record: Mapping[str, Any],
    headers: Iterable[tuple[str, str]] = (),
) -> Iterator[bytes]:
    """Answer as the MLflow of *arn* does.

    Args:
        environ: the request.
        start: WSGI's.
        path: what MLflow is asked for, as WSGI has it: decoded.
        arn: the tracking server's or the app's.
        record: as it was made.
        headers: further ones of the answer.
    """
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    query = environ.get("QUERY_STRING", "")
    target = quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")
    started = False
    try:
        with SERVERS.of(arn, record) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
            try:
                connection.request(environ["REQUEST_METHOD"], target, body=body or None, headers=_headers(environ))
                answer = connection.getresponse()
                kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OWN]
                start(f"{answer.status} {answer.reason or 'MLflow'}", [*kept, *headers])
                started = True
                while piece := answer.read(_PIECE):
                    yield piece
            finally:
                connection.close()
    except (OSError, http.client.HTTPException) as error:
        if started:  # the connection breaks, as it would
            raise
        yield from refused(start, 502, "INTERNAL_ERROR", f"the MLflow of {arn} did not answer: {error}")
    except TrackingError as error:
        # MLflow's client tries a 5xx again for minutes, and this one stays.
        yield from refused(start, 400, "INVALID_STATE", str(error))


def refused(start: StartResponse, status: int, code: str, message: str) -> list[bytes]:
    """Answer with an error in MLflow's own form, whose message its client shows."""
    body = json.dumps({"error_code": code, "message": message}).encode()
    start(f"{status} mlz", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _headers(environ: Environ) -> dict[str, str]:
    own = [name for name in environ if name.startswith("HTTP_X_MLFLOW_") and not name.startswith("HTTP_X_MLFLOW_SM_")]
    return {
        name.removeprefix("HTTP_").replace("_", "-"): str(environ[name]) for name in (*_KEPT, *own) if environ.get(name)
    }

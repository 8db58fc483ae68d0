"""MLflow's pages for a person's browser on this machine, by the link that CreatePresigned…Url gives.

    http://127.0.0.1:PORT/mlz-mlflow/auth?authToken=…     once, then
    http://127.0.0.1:PORT/mlz-mlflow/SESSION/             until the session ends

The session stands in the address and in no cookie: another site's page knows no such address. Whoever opens a link
asks for AccessUI as who made it; AWS does not document what else its pages ask for.
Source: SageMaker API reference, CreatePresignedMlflowTrackingServerUrl (once; the defaults of both times), read
2026-11-30.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

from local.authority.gate import Gate
from local.handlers.dispatch import LOCK, Environ, StartResponse
from local.handlers.here import HERE
from local.handlers.operation import Call
from local.tracking.proxy import refused, sent_on

PREFIX: Final = "/mlz-mlflow/"
_LINK_SECONDS, _SESSION_SECONDS = 300, 43200


@dataclass(frozen=True)
class _Pass:
    """A link that nobody has opened, or a session."""

    call: Call
    """What its user asks for by opening pages."""

    arn: str
    ends: float
    """When it ends [s of the clock]."""

    seconds: float
    """How long the session lasts [s]."""


_LINKS: dict[str, _Pass] = {}
_SESSIONS: dict[str, _Pass] = {}


def link(call: Call, arn: str) -> str:
    """Return the address of a server's pages, for the caller of CreatePresigned…Url."""
    if ":mlflow-app/" in arn:
        asks = Call("sagemaker", "CallMlflowAppApi", call.account, call.region, {"Arn": arn}, call.key)
    else:
        asks = Call("sagemaker-mlflow", "AccessUI", call.account, call.region, {}, call.key)
    token = secrets.token_urlsafe(32)
    ends = time.time() + call.params.get("ExpiresInSeconds", _LINK_SECONDS)
    seconds = call.params.get("SessionExpirationDurationInSeconds", _SESSION_SECONDS)
    _LINKS[token] = _Pass(asks, arn, ends, seconds)
    return f"{HERE.address}{PREFIX}auth?authToken={token}"


class Pages:
    """Answers a browser."""

    def __init__(self, gate: Gate, found: Callable[[str], Mapping[str, Any] | None]) -> None:
        self.gate = gate
        self.found = found

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer one request below PREFIX."""
        first, slash, rest = environ["PATH_INFO"].removeprefix(PREFIX).partition("/")
        if first == "auth":
            return self._opened(environ, start)
        session = _SESSIONS.get(first)
        if session is None or session.ends < time.time() or not slash:
            return refused(start, 403, "PERMISSION_DENIED", "this session has ended: ask for a new link")
        record = self.found(session.arn)
        if record is None:
            return refused(start, 404, "RESOURCE_DOES_NOT_EXIST", f"there is no {session.arn}, or it is stopped")
        # The address is the session: no other site may learn it.
        quiet = [("Referrer-Policy", "no-referrer")]
        return sent_on(environ, start, f"/{rest}", arn=session.arn, record=record, headers=quiet)

    def _opened(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        token = parse_qs(environ.get("QUERY_STRING", "")).get("authToken", [""])[0]
        given = _LINKS.pop(token, None)
        if given is None or given.ends < time.time():
            return refused(
                start, 403, "PERMISSION_DENIED", "this link was used, or its time is over: ask for a new one"
            )
        with LOCK:
            refusal = self.gate.refusal(given.call, access_key=given.call.key)
        if refusal:
            return refused(start, 403, "PERMISSION_DENIED", refusal.message)
        name = secrets.token_urlsafe(32)
        _SESSIONS[name] = _Pass(given.call, given.arn, time.time() + given.seconds, given.seconds)
        start("302 Found", [("Location", f"{PREFIX}{name}/"), ("Content-Length", "0")])
        return []

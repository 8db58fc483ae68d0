"""The gate: every request passes it before MLflow sees it."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mlz_mlflow import allowed, caller, pointers
from mlz_mlflow.bodies import LONGEST_FILE, LONGEST_JSON, Body, Message, Receive, Send, again, answer, refuse
from mlz_mlflow.headers import WORKSPACE, Headers
from mlz_mlflow.identity import Caller, of_role
from mlz_mlflow.people import Visitors
from mlz_mlflow.refused import Refused
from mlz_mlflow.settings import Settings
from mlz_mlflow.sts import Sts
from mlz_mlflow.turns import Turns

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_WORKSPACES = re.compile(r"/(?:ajax-)?api/3\.0/mlflow/workspaces(?:/([^/]+))?")
_FILES = re.compile(r"/(?:ajax-)?api/2\.0/mlflow(?:-artifacts/artifacts/.*|/upload-artifact)")
_CHECKS_AT_ONCE = 8
_CHECKS_WAITING = 64
"""Signatures that wait to be checked; who comes then is told to come back, so that strangers do not fill the memory."""

_log = logging.getLogger("mlz_mlflow")


class Gate:
    """Lets in whom it knows, as the team they are, to what a team may call."""

    def __init__(self, app: App, settings: Settings, version: str) -> None:
        allowed.reviewed(version)
        self._app = app
        self._settings = settings
        self._version = version
        self._sts = Sts(settings.audience, settings.regions)
        self._visitors = Visitors(settings.people) if settings.people else None
        self._turns = Turns()
        self._checks = ThreadPoolExecutor(_CHECKS_AT_ONCE, "mlz-check")
        self._checking = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._serve(scope, receive, watched)
        except Refused as refused:
            if started:
                raise
            _log.info("%s %s %s: %s", refused.status, scope["method"], scope["path"], refused.reason)
            await refuse(send, refused)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers.read(scope["headers"])
        path, method = scope["path"], scope["method"]
        if path == "/health" and method in {"GET", "HEAD"}:
            # MLflow would look up a workspace first, and a database that is away would have every task replaced.
            return await answer(send, 200, {"status": "OK"})
        who = await self._who(headers)
        body = Body(receive, LONGEST_FILE if _FILES.fullmatch(path) and method in {"PUT", "POST"} else LONGEST_JSON)
        if who.admin:
            allowed.check(path)
            return await self._as(
                caller.ADMIN, {**scope, "headers": headers.passed(headers.get(WORKSPACE))}, body.receive, send
            )
        team = _team(who, headers.get(WORKSPACE))
        right = allowed.need(self._version, method, path)
        if right == "write" and team not in who.writes:
            raise Refused(403, "your role may read here, not write")
        if who.browser and method not in {"GET", "HEAD"} and not headers.own_page():
            raise Refused(403, "another page sends this in your name")
        if found := _WORKSPACES.fullmatch(path):
            return await answer(send, *_workspaces(who, found[1]))
        async with self._turns.of(team):
            give: Receive = body.receive
            length = None
            if pointers.checked(method, path):
                if headers.get("content-encoding") not in {"", "identity"}:
                    raise Refused(415, "send this body as it is, not compressed")
                if headers.length() > LONGEST_JSON:
                    raise Refused(413, "the body is too large")
                plain = pointers.plain(path, await body.whole())
                give, length = again(plain, body.receive), len(plain)
            name = caller.user(team, writes=team in who.writes)
            return await self._as(name, {**scope, "headers": headers.passed(team, length)}, give, send)

    async def _as(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        mark = caller.USER.set(name)
        try:
            await self._app(scope, receive, send)
        finally:
            caller.USER.reset(mark)

    async def _who(self, headers: Headers) -> Caller:
        token, visitor = headers.token(), headers.from_balancer()
        if bool(token) == bool(visitor):
            raise Refused(401, "say who you are, in one way: a token, or a browser's sign-in")
        if self._checking >= _CHECKS_WAITING:
            raise Refused(503, "too many callers at once: try again in a moment")
        self._checking += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._checks, self._role if token else self._visitor, token or visitor
            )
        finally:
            self._checking -= 1

    def _role(self, token: str) -> Caller:
        return of_role(self._sts.arn(token), self._settings)

    def _visitor(self, said: str) -> Caller:
        if self._visitors is None:
            raise Refused(401, "this server lets no browsers in")
        return self._visitors.caller(said)


def _team(who: Caller, asked: str) -> str:
    """Return the team a request is for: the one it names, where the caller belongs to it, or the caller's first."""
    if asked and asked not in who.teams:
        raise Refused(403, f"you have no workspace of that name: yours is {', '.join(who.teams)}")
    return asked or who.teams[0]


def _workspaces(who: Caller, asked: str | None) -> tuple[int, dict[str, Any]]:
    """Answer for MLflow, which would tell a person of two teams about one."""
    if asked is None:
        return 200, {"workspaces": [{"name": team} for team in who.teams]}
    if asked not in who.teams:
        return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "you have no workspace of that name"}
    return 200, {"workspace": {"name": asked}}

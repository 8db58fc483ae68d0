"""The gate in this process, in front of an application that says what reached it."""

import asyncio
import json
from dataclasses import dataclass, field

from mlz_mlflow.caller import USER
from mlz_mlflow.gate import Gate
from mlz_mlflow.settings import Settings

VERSION = "3.17.2"
ACCOUNTS = {"alpha": "111111111111", "bravo": "222222222222"}
GIVEN = {
    "audience": "mlflow.test",
    "regions": ["eu-central-1"],
    "teams": ACCOUNTS,
    "roles": ["mlz-training"],
    "reader_roles": ["mlz-reviewer"],
    "admins": ["999999999999:mlz-admin"],
}
SEARCH = "/api/2.0/mlflow/runs/search"
FILE = "/api/2.0/mlflow-artifacts/artifacts/workspaces/alpha/1/r/artifacts/a.txt"
VERSIONS = "/api/2.0/mlflow/model-versions/create"
CREATE = "/api/2.0/mlflow/runs/create"


@dataclass
class Reached:
    """What the application got."""

    user: str
    headers: dict
    body: bytes
    path: str


@dataclass
class Inside:
    """A gate, and a way to ask it."""

    gate: Gate
    reached: list = field(default_factory=list)
    pause: asyncio.Event | None = None

    @classmethod
    def of(cls, **more):
        inside = cls(gate=None)
        inside.gate = Gate(inside.application, Settings.read(json.dumps({**GIVEN, **more})), VERSION)
        return inside

    async def application(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.reached.append(Reached(USER.get(), headers, body, scope["path"]))
        if self.pause:
            await self.pause.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"reached"})

    def ask(self, *given, **named):
        """Ask once; return status and text."""
        return asyncio.run(self.asked(*given, **named))

    async def asked(self, path=SEARCH, headers=(), body=b"{}", *, method="POST", pieces=None, kind="http"):
        """Ask; *pieces* are awaitables that give the body piece by piece."""
        said, waiting = [], list(pieces or [body])
        pairs = headers.items() if isinstance(headers, dict) else headers

        async def receive():
            if not waiting:
                return {"type": "http.disconnect"}
            piece = waiting.pop(0)
            piece = await piece if asyncio.iscoroutine(piece) else piece
            return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

        async def send(message):
            said.append(message)

        raw = [(name.encode(), value.encode("latin-1")) for name, value in pairs]
        await self.gate({"type": kind, "method": method, "path": path, "headers": raw}, receive, send)
        for piece in waiting:
            if asyncio.iscoroutine(piece):
                piece.close()
        if kind != "http":
            return said
        text = b"".join(message.get("body", b"") for message in said[1:]).decode()
        return said[0]["status"], text


def bearing(token, **more):
    """Headers with a token."""
    return {"authorization": f"Bearer {token}", **more}

"""The body of a request on its way to MLflow: not too large, not too slow."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mlz_mlflow.refused import Refused

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LONGEST_JSON = 32 << 20
"""Any body but a file [bytes]. MLflow's own limit for a batch is 1 MB; traces are longer."""

LONGEST_FILE = 20 << 30
"""A file that goes through the server [bytes]; it passes through /tmp, so the task's disk must hold it."""

SILENCE_SECONDS = 30
"""How long a caller may send nothing in the middle of a body."""


class Body:
    """Reads a body piece by piece, and refuses one that is too large or too slow."""

    def __init__(self, receive: Receive, longest: int) -> None:
        self._receive = receive
        self._left = longest
        self._ended = False

    async def receive(self) -> Message:
        """Return the next piece."""
        if self._ended:
            return await self._receive()  # the caller hangs up, which may take as long as the answer
        try:
            message = await asyncio.wait_for(self._receive(), SILENCE_SECONDS)
        except TimeoutError:
            raise Refused(408, "the body does not come") from None
        self._left -= len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._left < 0:
            raise Refused(413, "the body is too large")
        return message

    async def whole(self) -> bytes:
        """Return all of it."""
        pieces = []
        while not self._ended:
            message = await self.receive()
            if message["type"] != "http.request":
                raise Refused(400, "the caller is gone")
            pieces.append(message.get("body", b""))
        return b"".join(pieces)


def again(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that gives *body* once more, then what else comes."""
    pieces = [body]

    async def give() -> Message:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(), "more_body": False}
        return await receive()

    return give


async def answer(send: Send, status: int, content: dict[str, Any], *, close: bool = False) -> None:
    """Answer in MLflow's own form; *close* the connection, whose next bytes may be a body nobody read."""
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(b"cache-control", b"no-store"), *([(b"connection", b"close")] if close else [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


CODES = {400: "INVALID_PARAMETER_VALUE", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED"}
"""MLflow's words for what the gate refuses; the client shows them."""


async def refuse(send: Send, refused: Refused) -> None:
    """Tell the caller why it goes no further."""
    code = CODES.get(refused.status, "REQUEST_LIMIT_EXCEEDED" if refused.status == 429 else "TEMPORARILY_UNAVAILABLE")
    await answer(send, refused.status, {"error_code": code, "message": refused.reason}, close=True)

"""A container that serves, as SageMaker asks it: /ping and /invocations on its port.

Source: SageMaker Developer Guide, "Custom Inference Code with Batch Transform", from memory.
"""

import http.client
import socket
from http import HTTPStatus

_PING_SECONDS = 2.0


def free_port() -> int:
    """Return a port of this machine that nobody uses at the moment."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def pings(port: int) -> bool:
    """Whether the container on *port* says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PING_SECONDS)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def invoke(port: int, body: bytes, headers: dict[str, str], seconds: float) -> tuple[int, bytes]:
    """Post *body* to the container on *port*; status 0 and the reason where no answer comes within *seconds*."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("POST", "/invocations", body, {name: value for name, value in headers.items() if value})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error).encode()
    finally:
        connection.close()

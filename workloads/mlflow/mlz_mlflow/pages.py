"""MLflow's pages for a person in Studio: `python -m mlz_mlflow.pages` serves them on this machine's loopback.

    https://<studio>/jupyterlab/default/proxy/8300/        # JupyterLab's own proxy leads there

A browser has no AWS credentials, so it could not say who it is: each request goes on with the token of the role that
works here, the person's. Nobody but this machine reaches the port. Other sites' pages are kept from using it by what
browsers say of a request's origin (Sec-Fetch-Site); JupyterLab's sign-in stands before it besides.
"""

import http.client
import os
import ssl
import sys
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PORT = 8300
TIMEOUT_SECONDS = 60
CHUNK = 65536

_FORWARDED = {"accept", "accept-language", "content-type", "if-modified-since", "if-none-match", "range"}
"""What goes on of a request. No cookie, no origin, no authorization: JupyterLab's are not the server's business."""

_KEPT_BACK = {
    "connection",
    "content-length",
    "keep-alive",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
}
"""What does not come back of an answer."""

_READING = {"GET", "HEAD"}


class Pages(ThreadingHTTPServer):
    """The server on the loopback."""

    daemon_threads = True

    def __init__(
        self,
        uri: str,
        tokens: Callable[[], dict[str, str]],
        port: int = PORT,
        context: ssl.SSLContext | None = None,
    ) -> None:
        address = urlsplit(uri)
        if address.scheme != "https" or not address.hostname:
            raise ValueError(f"MLFLOW_TRACKING_URI is no https address: {uri}")
        self.host, self.port = address.hostname, address.port or 443
        self.tokens = tokens
        self.context = context or ssl.create_default_context()
        super().__init__(("127.0.0.1", port), _Request)

    def connection(self) -> http.client.HTTPSConnection:
        """Open a connection to MLflow, its certificate checked."""
        return http.client.HTTPSConnection(self.host, self.port, timeout=TIMEOUT_SECONDS, context=self.context)


class _Request(BaseHTTPRequestHandler):
    """One request of the browser's."""

    server: Pages

    def _answer(self) -> None:
        if refusal := self._foreign():
            self.send_error(403, refusal)
            return
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit() or "Transfer-Encoding" in self.headers:
            self.send_error(411, "say how long the body is")
            return
        body = self.rfile.read(int(length))
        sent = {name: value for name, value in self.headers.items() if name.lower() in _FORWARDED}
        connection = self.server.connection()
        try:
            headers = {**sent, **self.server.tokens()}
            connection.request(self.command, self.path, body=body or None, headers=headers)
            self._send(connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            self.send_error(502, "MLflow does not answer", f"{self.server.host}: {error}")
        finally:
            connection.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the library's names

    def _foreign(self) -> str | None:
        """Say why a request is not one of MLflow's own pages; None: it is, or a person opens one."""
        if not self.path.startswith("/"):
            return "only paths of MLflow's"
        site, mode = self.headers.get("Sec-Fetch-Site", "none"), self.headers.get("Sec-Fetch-Mode", "")
        if site == "same-origin" or (self.command in _READING and (site == "none" or mode == "navigate")):
            return None
        return "only MLflow's own pages may ask"

    def _send(self, answer: http.client.HTTPResponse) -> None:
        """Hand the answer on as it comes; its end is the connection's."""
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _KEPT_BACK:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        for part in _parts(answer):
            self.wfile.write(part)

    def log_message(self, *_: Any) -> None:
        """Write nothing: paths name runs."""


def _parts(answer: http.client.HTTPResponse) -> Iterable[bytes]:
    while part := answer.read(CHUNK):
        yield part


def main() -> int:
    """Serve until the person ends it; 2 where something must be set first."""
    from mlz_mlflow.client import AUDIENCE_VARIABLE, TokenProvider

    uri = os.environ.get("MLFLOW_TRACKING_URI", "")
    if not uri or not os.environ.get(AUDIENCE_VARIABLE):
        print(f"set MLFLOW_TRACKING_URI and {AUDIENCE_VARIABLE}; Studio has both (docs/reach.md)", file=sys.stderr)
        return 2
    try:
        pages = Pages(uri, TokenProvider().request_headers)
    except (OSError, ValueError) as error:
        print(f"mlz_mlflow.pages: {error}", file=sys.stderr)
        return 2
    print(f"MLflow's pages: https://<this Studio>/jupyterlab/default/proxy/{PORT}/ (Ctrl-C ends it)")
    try:
        pages.serve_forever()
    except KeyboardInterrupt:
        pages.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

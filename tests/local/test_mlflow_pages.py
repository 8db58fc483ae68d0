"""MLflow's pages in Studio: the loopback sends a browser's requests on as the person, and no other site's."""

import http.client
import json
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.credentials import Credentials
from mlz_mlflow import pages, token

HOST = "localhost"
OWN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}


class Mlflow(BaseHTTPRequestHandler):
    """Says what it was asked, as the real one would see it behind its balancer."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        said = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "session=1")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    do_GET = do_POST = answer  # noqa: N815 - the library's names

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -keyout key.pem -out cert.pem -subj /CN=localhost"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=DNS:localhost"], cwd=folder, check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def mlflow(certificate):
    """The server's address, by TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mlflow)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://{HOST}:{server.server_address[1]}"
    ended(server)


def serving(uri, context):
    credentials = Credentials("ASIAIOSFODNN7EXAMPLE", "secret", "session")
    tokens = lambda: {"Authorization": f"Bearer {token.make(HOST, 'eu-west-1', credentials)}"}  # noqa: E731
    server = pages.Pages(uri, tokens, 0, context)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def browser(mlflow, certificate):
    """Ask as a browser does: status, headers and what MLflow saw."""
    server = serving(mlflow, ssl.create_default_context(cafile=str(certificate / "cert.pem")))
    yield lambda *given, **named: asked(server, *given, **named)
    ended(server)


def ended(server):
    server.shutdown()
    server.server_close()


def asked(server, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection(*server.server_address, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_a_page_is_asked_for_with_the_token_of_the_role_that_works_there(browser):
    headers = {
        **OWN,
        "Cookie": "jupyter=1",
        "Authorization": "token jupyter",
        "Origin": "https://studio",
        "Accept": "text/html",
    }

    status, _, answer = browser("GET", "/ajax-api/2.0/mlflow/experiments/search?max_results=1", headers)

    saw = json.loads(answer)
    assert (200, "/ajax-api/2.0/mlflow/experiments/search?max_results=1") == (status, saw["path"])
    own = token.read(saw["headers"]["Authorization"].removeprefix("Bearer "), ["eu-west-1"], time.time())
    assert "ASIAIOSFODNN7EXAMPLE" in own.authorization
    assert {"Cookie", "Origin"}.isdisjoint(saw["headers"])
    assert "text/html" == saw["headers"]["Accept"]


def test_what_a_page_sends_arrives_whole(browser):
    text = json.dumps({"name": "é" * 70_000})

    status, headers, answer = browser("POST", "/ajax-api/2.0/mlflow/experiments/create", OWN, text.encode())

    assert (200, text) == (status, json.loads(answer)["body"])
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
        ("POST", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
        ("POST", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}),
        ("POST", {}),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    ],
)
def test_another_sites_page_gets_and_changes_nothing(browser, method, headers):
    assert 403 == browser(method, "/ajax-api/2.0/mlflow/runs/delete", headers, b"{}" if method == "POST" else None)[0]


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}]
)
def test_a_person_opens_a_page_by_its_address_or_by_a_link(browser, headers):
    assert 200 == browser("GET", "/", headers)[0]


def test_a_request_for_another_host_and_one_of_no_length_are_refused(browser):
    assert 403 == browser("GET", "http://169.254.169.254/latest/meta-data/", OWN)[0]
    assert 411 == browser("POST", "/", {**OWN, "Transfer-Encoding": "chunked"}, b"0\r\n\r\n")[0]


def test_a_server_without_a_proper_certificate_is_told_nothing(mlflow):
    server = serving(mlflow, None)

    status, _, answer = asked(server, "GET", "/", OWN)

    ended(server)
    assert (502, True) == (status, b"certificate verify failed" in answer)


def test_only_tls_will_do():
    with pytest.raises(ValueError, match="no https address"):
        serving("http://mlflow.dev.example.com", None)

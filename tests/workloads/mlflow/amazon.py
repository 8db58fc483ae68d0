"""What the gate asks of AWS over HTTPS, answered here with real signatures and real certificates.

The emulated AWS does not look at signatures, so STS stands here: it computes each one anew from what arrived, as AWS
does, and knows the secrets. The server reaches it through a proxy (HTTPS_PROXY) that ends the tunnel with a certificate
for the host asked for, signed by an authority of its own: nothing in the gate knows of tests.
"""

import datetime as dt
import ipaddress
import secrets
import socketserver
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

REGION = "eu-central-1"
LATE_SECONDS = 300


class Authority:
    """A certificate authority and what it signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "ca.pem"
        self._lock = threading.Lock()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"test {secrets.token_hex(4)}")])
        built = self._built(self._name, self._key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self._issuer = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        built = built.add_extension(self._issuer, critical=False).add_extension(_CA_USE, critical=True)
        self.file.write_bytes(built.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def certificate(self, host: str) -> Path:
        """Return a file with key and certificate for *host*."""
        with self._lock:
            return self._certificate(host)

    def _certificate(self, host: str) -> Path:
        file = self.folder / f"{host}.pem"
        if not file.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host[:64])])
            is_address = host.replace(".", "").isdigit()
            alternative = x509.IPAddress(ipaddress.ip_address(host)) if is_address else x509.DNSName(host)
            built = (
                self._built(name, key.public_key())
                .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
                .add_extension(
                    x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._issuer), critical=False
                )
            )
            private = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            file.write_bytes(private + built.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return file

    def _built(self, subject, key):
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )


_CA_USE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@dataclass
class Amazon:
    """Hosts of AWS behind a proxy: STS of every region, and the load balancers' public keys."""

    authority: Authority
    secret_of: dict = field(default_factory=dict)
    """Secret, session token and ARN by access key."""

    public_keys: dict = field(default_factory=dict)
    """PEM by key id: what the region's load balancers sign with."""

    calls: list = field(default_factory=list)
    """Host and path of each request."""

    redirect: str = ""
    """Where STS sends its callers, if it is to misbehave."""

    down: bool = False
    """Whether nothing answers."""

    def start(self) -> str:
        """Start; return the proxy's address."""
        amazon = self

        class Handler(_Proxy):
            world = amazon

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self._server = server
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def session(self, account: str, role: str, name: str = "job") -> ReadOnlyCredentials:
        """Return credentials of a role, as AssumeRole would."""
        access = f"ASIA{secrets.token_hex(8).upper()}"
        arn = f"arn:aws:sts::{account}:assumed-role/{role}/{name}"
        self.secret_of[access] = (secrets.token_hex(20), secrets.token_hex(120), arn)
        return ReadOnlyCredentials(access, *self.secret_of[access][:2])

    def caller(self, host: str, headers: dict[str, str], body: str) -> tuple[int, str]:
        """Answer GetCallerIdentity as STS does: whose signature is it, if anybody's."""
        said = {name.lower(): value for name, value in headers.items()}
        try:
            scope, signed, _ = (part.partition("=")[2] for part in said["authorization"].split(" ", 1)[1].split(", "))
            access, day, region, _, _ = scope.split("/")
            secret, session, arn = self.secret_of[access]
        except (KeyError, ValueError):
            return 403, "<Error><Code>InvalidClientTokenId</Code></Error>"
        age = time.time() - _seconds(said["x-amz-date"])
        if not -LATE_SECONDS < age < LATE_SECONDS or said.get("x-amz-security-token") != session:
            return 403, "<Error><Code>ExpiredToken</Code></Error>"
        request = AWSRequest("POST", f"https://{host}/", data=body)
        for name in signed.split(";"):
            if name not in said:
                return 403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"
            if name != "host":
                request.headers[name] = said[name]
        request.context["timestamp"] = said["x-amz-date"]
        signer = SigV4Auth(ReadOnlyCredentials(access, secret, session), "sts", region)
        wanted = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        if not said["authorization"].endswith(f"Signature={wanted}") or said["x-amz-date"][:8] != day:
            return 403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"
        if host != f"sts.{region}.amazonaws.com":
            return 403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"
        return 200, f"<GetCallerIdentityResponse><Arn>{arn}</Arn></GetCallerIdentityResponse>"


def _seconds(date: str) -> float:
    moment = dt.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return moment.timestamp()


class _Proxy(BaseHTTPRequestHandler):
    """Answers CONNECT, then is the host that was asked for."""

    world: Amazon

    def do_CONNECT(self):
        if self.world.down:
            self.close_connection = True
            return
        host = self.path.partition(":")[0]
        self.send_response(200)
        self.end_headers()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.world.authority.certificate(host))
        self.close_connection = True
        try:
            with context.wrap_socket(self.connection, server_side=True) as secured:
                _Host.speak(secured, self.world, host)
        except (OSError, ssl.SSLError):
            return  # the caller does not trust us, as it should where it has another authority

    def log_message(self, *_):
        pass


class _Host(BaseHTTPRequestHandler):
    """A host of AWS at the end of a tunnel."""

    @classmethod
    def speak(cls, connection, world, host):
        cls_of = type("Host", (cls,), {"world": world, "host": host})
        cls_of(connection, connection.getpeername(), None)

    def do_GET(self):
        self.world.calls.append((self.host, self.path))
        key = self.world.public_keys.get(self.path.strip("/"))
        known = key is not None and self.host == f"public-keys.auth.elb.{REGION}.amazonaws.com"
        self._answer(200 if known else 404, key if known else "no such key")

    def do_POST(self):
        self.world.calls.append((self.host, self.path))
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        if self.world.redirect:
            self.send_response(307)
            self.send_header("Location", self.world.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._answer(*self.world.caller(self.host, dict(self.headers.items()), body))

    def _answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass

"""CodeArtifact's repositories as pip meets them: a host per domain, a token for each request, packages from upstream.

Only the Python format. The public index is the one of MLZ_PUBLIC_PYPI (the address of a "simple" index, PEP 503); where
nothing is said there is none, as in a world without the internet. Who comes through a VPC says so by the user name for
the proxy, which this is for a client (http://vpc-1:@127.0.0.1:PORT): pip takes no header of ours.

Sources, read 2026-11-30: CodeArtifact User Guide, "Configure and use pip with CodeArtifact", "Package group origin
controls" (what a block stops, and that what was kept before stays).
"""

import base64
import binascii
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from html import escape
from html.parser import HTMLParser
from typing import Final, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from local.authority.gate import Gate
from local.handlers.cloud_control import GROUPS
from local.handlers.code_artifact import REPOSITORIES, TOKENS, Token
from local.handlers.dispatch import Application, Environ, StartResponse
from local.handlers.operation import Call
from local.handlers.records import Record, stamp

UPSTREAM: Final = "MLZ_PUBLIC_PYPI"
"""Environment variable of the emulated AWS: the public index."""

_HOST: Final = re.compile(
    r"(?P<domain>[a-z][a-z0-9-]*)-(?P<owner>\d{12})\.d\.codeartifact\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(:\d+)?$"
)
_PATH: Final = re.compile(r"/pypi/(?P<repository>[^/]+)/simple/(?P<package>[^/]+)/(?P<file>[^/]+)?$")
_SECONDS: Final = 20

Place = tuple[str, str, str, str]
"""Owner, region, domain and name of a repository."""

FILES: dict[Place, dict[str, dict[str, bytes]]] = {}
"""Repository → package → file → content: what was asked for once, and is kept."""


class Answer(NamedTuple):
    """What pip gets."""

    status: str
    body: bytes
    kind: str = "text/html"


class PackageIndex:
    """A WSGI application in front of the others, for the hosts of package repositories."""

    def __init__(self, app: Application, gate: Gate) -> None:
        self.app = app
        self.gate = gate

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        host = _HOST.match(environ.get("HTTP_HOST", ""))
        if not host:
            return self.app(environ, start)
        answer = self._answer(environ, host["domain"], host["owner"], host["region"])
        headers = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body)))]
        if answer.status.startswith("401"):
            headers.append(("WWW-Authenticate", 'Basic realm="CodeArtifact"'))
        start(answer.status, headers)
        return [answer.body]

    def _answer(self, environ: Environ, domain: str, owner: str, region: str) -> Answer:
        token = TOKENS.get(_password(environ.get("HTTP_AUTHORIZATION", "")))
        asked = _PATH.match(environ.get("PATH_INFO", ""))
        if token is None or token.ends < stamp() or (token.owner, token.domain) != (owner, domain):
            return Answer("401 Unauthorized", b"no valid token")
        if asked is None:
            return Answer("404 Not Found", b"no such path")
        place = (owner, region, domain, asked["repository"])
        if refused := self._refused(token, place, _vpc(environ)):
            return Answer("403 Forbidden", refused.encode())
        if place not in REPOSITORIES:
            return Answer("404 Not Found", b"no such repository")
        package = re.sub(r"[-_.]+", "-", asked["package"]).lower()
        return _content(place, package, unquote(asked["file"])) if asked["file"] else _page(place, package)

    def _refused(self, token: Token, place: Place, vpc: str) -> str:
        """Why whoever asked for the token may not read; empty: they may."""
        owner, region, domain, repository = place
        params = {"domain": domain, "domainOwner": owner, "repository": repository}
        call = Call("codeartifact-repositories", "ReadFromRepository", owner, region, params, token.key)
        refused = self.gate.refusal(call, access_key=token.key, vpc_id=vpc)
        return refused.message if refused else ""


def _page(place: Place, package: str) -> Answer:
    """The files of a package, as links (PEP 503)."""
    names = sorted(_names(place, package))
    links = "".join(f'<a href="{escape(name)}">{escape(name)}</a><br>' for name in names)
    return Answer("200 OK" if names else "404 Not Found", f"<!doctype html><body>{links}</body>".encode())


def _content(place: Place, package: str, name: str) -> Answer:
    """One file."""
    content = _file(place, package, name)
    if content is None:
        return Answer("404 Not Found", b"no such file")
    return Answer("200 OK", content, "application/octet-stream")


def _names(place: Place, package: str) -> set[str]:
    """The files a repository offers: kept ones, those of its upstreams, those of its public repository."""
    names = set(FILES.get(place, {}).get(package, ()))
    for upstream in _upstreams(place, package):
        names |= _names(upstream, package)
    if index := _public(place, package):
        names |= set(_links(index))
    return names


def _file(place: Place, package: str, name: str) -> bytes | None:
    """A file, kept from now on in every repository it came through."""
    kept = FILES.setdefault(place, {}).setdefault(package, {})
    if name not in kept:
        content = next(
            (found for each in _upstreams(place, package) if (found := _file(each, package, name)) is not None), None
        )
        index = _public(place, package)
        if content is None and index and name in (links := _links(index)):
            content = _fetched(links[name])
        if content is None:
            return None
        kept[name] = content
    return kept[name]


def _upstreams(place: Place, package: str) -> Iterator[Place]:
    if not _blocked(place, package, "InternalUpstream"):
        for each in REPOSITORIES[place]["upstreams"]:
            yield (*place[:3], each["repositoryName"])


def _public(place: Place, package: str) -> str:
    """The address of *package* in the public index, where the repository has a connection to it; else empty."""
    connected = any(each["externalConnectionName"] == "public:pypi" for each in _connections(place))
    index = os.environ.get(UPSTREAM, "")
    if not index or not connected or _blocked(place, package, "ExternalUpstream"):
        return ""
    return f"{index.rstrip('/')}/{package}/"


def _connections(place: Place) -> list[Record]:
    connections: list[Record] = REPOSITORIES[place]["externalConnections"]
    return connections


def _blocked(place: Place, package: str, origin: str) -> bool:
    """Whether a package group of exactly this package blocks *origin*."""
    owner, region, domain, _ = place
    return any(
        arn.startswith(f"arn:aws:codeartifact:{region}:{owner}:package-group/{domain}/")
        and group["Pattern"] == f"/pypi//{package}$"
        and group.get("OriginConfiguration", {}).get("Restrictions", {}).get(origin, {}).get("RestrictionMode")
        == "BLOCK"
        for arn, group in GROUPS.items()
    )


class _Anchors(HTMLParser):
    """Collects the links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _links(index: str) -> dict[str, str]:
    """Address by file of a package's page; none: there is no such package."""
    page = _fetched(index)
    if page is None:
        return {}
    parser = _Anchors()
    parser.feed(page.decode())
    addresses = [urljoin(index, link) for link in parser.found]
    return {unquote(urlsplit(address).path.rpartition("/")[2]): address for address in addresses}


def _fetched(address: str) -> bytes | None:
    """What the public index has there."""
    # No proxy: it would be this very process.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=_SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.URLError:
        return None


def _password(header: str) -> str:
    """The password of a Basic authorisation; empty: there is none."""
    try:
        return base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _vpc(environ: Environ) -> str:
    """The VPC a client says it comes through."""
    try:
        return (
            base64.b64decode(environ.get("HTTP_PROXY_AUTHORIZATION", "").removeprefix("Basic ")).decode().split(":")[0]
        )
    except (binascii.Error, UnicodeDecodeError):
        return ""

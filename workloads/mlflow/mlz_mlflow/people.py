"""People with a browser: the load balancer signs them in and tells the server who they are.

AWS's page "Authenticate users using an Application Load Balancer" (an older state of its source, in
awsdocs/elb-application-load-balancers-user-guide) and AWS's blog "Security best practices when using ALB
authentication" (2024-11-25), both read 2026-11-30: `x-amzn-oidc-data` is a header, a payload and an ES256 signature in
padded base64 URL encoding, which standard JWT libraries refuse; the header says `signer`, `iss`, `client` and `exp`,
and a key id whose public key lies at the region's host. The signer must be compared: the region's keys sign for
every customer's load balancers.
"""

import base64
import json
import re
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from mlz_mlflow.identity import Caller
from mlz_mlflow.refused import Refused
from mlz_mlflow.settings import People

HEADER = "x-amzn-oidc-data"
TIMEOUT_SECONDS = 5
_LONGEST = 16384
"""Claims and access token of more than 11K are an error at the load balancer already (AWS's page)."""

_KEYS = 64
_KEY_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_BALANCER = re.compile(r"arn:aws(?:-[a-z]+)*:elasticloadbalancing:([a-z0-9-]+):\d{12}:loadbalancer/app/[^:]+", re.ASCII)


class Visitors:
    """Says who a person is."""

    def __init__(self, people: People, fetch: Callable[[str], bytes] | None = None) -> None:
        self._people = people
        found = _BALANCER.fullmatch(people.load_balancer)
        if not found:
            raise ValueError(f"{people.load_balancer} is no Application Load Balancer's ARN")
        self._keys = _Keys(f"https://public-keys.auth.elb.{found[1]}.amazonaws.com/", fetch or _fetch)

    def caller(self, text: str) -> Caller:
        """Return who *text* speaks of; Refused where our load balancer did not sign it, or somebody is in no team."""
        claims = self._claims(text)
        listed = claims.get(self._people.claim) or ()
        groups = {listed} if isinstance(listed, str) else {one for one in listed if isinstance(one, str)}
        writes = frozenset(team for group, team in self._people.groups.items() if group in groups)
        reads = frozenset(team for group, team in self._people.reader_groups.items() if group in groups)
        if not writes | reads:
            raise Refused(403, "you are in no group that has a team here")
        return Caller(who=str(claims["sub"]), teams=tuple(sorted(writes | reads)), writes=writes, browser=True)

    def _claims(self, text: str) -> dict[str, Any]:
        broken = Refused(401, "the load balancer's word cannot be read")
        parts = text.split(".")
        if len(text) > _LONGEST or len(parts) != 3:
            raise broken
        try:
            header, payload = (json.loads(base64.urlsafe_b64decode(part)) for part in parts[:2])
            signature = base64.urlsafe_b64decode(parts[2])
            key_id, expires = header["kid"], float(header["exp"])
            said = header["alg"], header["signer"], header["iss"], header["client"]
            subject = payload["sub"]
        except (KeyError, TypeError, ValueError, RecursionError):
            raise broken from None
        people = self._people
        if said != ("ES256", people.load_balancer, people.issuer, people.client):
            raise Refused(401, "another load balancer, issuer or client said so")
        if not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id) or not isinstance(subject, str):
            raise broken
        if min(expires, float(payload.get("exp", expires))) <= time.time():
            raise Refused(401, "the sign-in has expired")
        _verify(self._keys.key(key_id), signature, f"{parts[0]}.{parts[1]}".encode())
        claims: dict[str, Any] = payload
        return claims


def _verify(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> None:
    wrong = Refused(401, "the load balancer did not sign this")
    if len(signature) != 64:
        raise wrong
    numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(encode_dss_signature(*numbers), signed, ECDSA(SHA256()))
    except InvalidSignature:
        raise wrong from None


class _Keys:
    """The region's public keys, each fetched once."""

    def __init__(self, place: str, fetch: Callable[[str], bytes]) -> None:
        self._place = place
        self._fetch = fetch
        self._known: OrderedDict[str, EllipticCurvePublicKey] = OrderedDict()
        self._lock = threading.Lock()

    def key(self, key_id: str) -> EllipticCurvePublicKey:
        with self._lock:
            known = self._known.get(key_id)
        if known:
            return known
        try:
            key = load_pem_public_key(self._fetch(self._place + key_id))
        except urllib.error.HTTPError:
            raise Refused(401, "the load balancers of this region have no such key") from None
        except (OSError, ValueError):
            raise Refused(503, "the load balancer's key cannot be fetched") from None
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            raise Refused(401, "this is no key of a load balancer")
        with self._lock:
            self._known[key_id] = key
            while len(self._known) > _KEYS:
                self._known.popitem(last=False)
        return key


def _fetch(address: str) -> bytes:
    """Fetch a public key over HTTPS, with the host's certificate checked."""
    context = ssl.create_default_context()
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS, context=context) as answer:  # noqa: S310 - https, ours
        text: bytes = answer.read(8192)
    return text

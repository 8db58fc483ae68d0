"""Whether who asks STS for an identity holds the secret key: the signature is worked out again, as AWS does.

Only for GetCallerIdentity, and for HTTP APIs, whose clients sign by themselves and not by an SDK. Others trust STS's
answer: a service that was handed the signed request sends it on, and STS's word says who signed (MLflow's team gate). A
signature nobody checks would prove nothing there. Elsewhere the access key alone says who calls, for what a rehearsal's
clients sign nobody forges.

Sources: IAM User Guide, "Create a signed AWS API request" and "Troubleshoot Signature Version 4 signing", read
2026-11-30. The form and the 15 minutes are STS's: aws/aws-cli issue 6676, read 2026-11-30; the guide says five minutes
"in most cases".
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from moto.sts.models import sts_backends

from local.authority.signer import MANAGEMENT_KEY

_MANAGEMENT: Final = ("emulated", "")
"""Secret key of MANAGEMENT_KEY (local/cloud.py), and no token: it is no session's."""

CODE: Final = "SignatureDoesNotMatch"

_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, *"
    r"SignedHeaders=(?P<headers>[^,]+), *Signature=(?P<signature>[0-9a-f]{64})$"
)
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_SKEW: Final = timedelta(minutes=15)

Environ = Mapping[str, Any]


def wrong_signature(
    environ: Environ, body: bytes, *, service: str = "sts", now: datetime | None = None
) -> tuple[str, str] | None:
    """Return AWS's code and message for a request that was not signed by who owns its access key; None: it was.

    Args:
        environ: the WSGI request.
        body: what it carries.
        service: for whom it must be signed.
        now: the time [UTC]; default: this moment.
    """
    said = _AUTHORIZATION.match(environ.get("HTTP_AUTHORIZATION", ""))
    if said is None:
        return "IncompleteSignature", "Authorization header requires existence of a Credential and a Signature."
    secret, token = _credentials(said["key"])
    if token != environ.get("HTTP_X_AMZ_SECURITY_TOKEN", ""):
        return "InvalidClientTokenId", "The security token included in the request is invalid"
    headers = {name: _header(environ, name) for name in said["headers"].split(";")}
    wrong = (
        _unsigned(environ, headers)
        or _misplaced(said["service"], service)
        or _untimely(headers.get("x-amz-date", ""), said["date"], now or datetime.now(UTC))
        or _forged(environ, body, headers, secret, said)
    )
    return (CODE, wrong) if wrong else None


def _unsigned(environ: Environ, headers: Mapping[str, str]) -> str | None:
    """Name a header that must be signed and is not."""
    carried = {
        name.removeprefix("HTTP_").replace("_", "-").lower() for name in environ if name.startswith("HTTP_X_AMZ")
    }
    unsigned = ({"host"} | carried) - headers.keys()
    return f"'{min(unsigned)}' must be a 'SignedHeader' in the AWS Authorization." if unsigned else None


def _misplaced(service: str, meant: str) -> str | None:
    return None if service == meant else f"Credential should be scoped to correct service: '{meant}'."


def _forged(environ: Environ, body: bytes, headers: Mapping[str, str], secret: str, said: re.Match[str]) -> str | None:
    """Work the signature out and compare."""
    asked = "\n".join(
        (
            environ["REQUEST_METHOD"],
            quote(environ.get("PATH_INFO", "/") or "/", safe="/-_.~"),
            _query(environ.get("QUERY_STRING", "")),
            *(f"{name}:{value}" for name, value in sorted(headers.items())),
            "",
            said["headers"],
            hashlib.sha256(body).hexdigest(),
        )
    )
    scope = "/".join((said["date"], said["region"], said["service"], "aws4_request"))
    hashed = hashlib.sha256(asked.encode()).hexdigest()
    right = _signature(secret, scope, "\n".join(("AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashed)))
    if hmac.compare_digest(right, said["signature"]):
        return None
    return (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    )


def _credentials(access_key: str) -> tuple[str, str]:
    """Secret key and session token of an access key that was handed out; a made-up key has a secret nobody knows."""
    if access_key == MANAGEMENT_KEY:
        return _MANAGEMENT
    for partitions in list(sts_backends.values()):
        for session in partitions["aws"].assumed_roles:
            if session.access_key_id == access_key:
                return str(session.secret_access_key), str(session.session_token)
    return secrets.token_hex(), ""


def _header(environ: Environ, name: str) -> str:
    """One header as it is signed: without spaces at its ends, and with single ones within."""
    key = name.upper().replace("-", "_")
    value = environ.get(key if name in {"content-type", "content-length"} else f"HTTP_{key}", "")
    return " ".join(str(value).split())


def _untimely(stamp: str, date: str, now: datetime) -> str | None:
    """Say what is wrong with the time of a signature; None: it is of now."""
    try:
        datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return "Date must be in ISO-8601 'basic format'."
    if not stamp.startswith(date):
        return "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP"
    here, first, last = (each.strftime(_STAMP) for each in (now, now - _SKEW, now + _SKEW))
    if stamp < first:
        return f"Signature expired: {stamp} is now earlier than {first} ({here} - 15 min.)"
    if stamp > last:
        return f"Signature not yet current: {stamp} is still later than {last} ({here} + 15 min.)"
    return None


def _query(text: str) -> str:
    """The query in AWS's order and spelling."""
    pairs = [(quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parse_qsl(text, True)]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _signature(secret: str, scope: str, text: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()

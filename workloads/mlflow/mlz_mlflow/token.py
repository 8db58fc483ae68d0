"""A token: the signed headers of an STS GetCallerIdentity call that the server sends, not the caller.

The caller signs with its role's credentials and calls nobody. The server builds the whole request itself, address and
body; of the token it takes three header values. So a token can become nothing but GetCallerIdentity, sent to STS, for
the audience that is signed into it.

AWS lets a request in within five minutes of its time stamp "in most cases" (IAM User Guide, as quoted in re:Post
question QUdUp8J3LVS_OdlzmjXq09RA, read 2026-11-30): a token that lived longer would work or not depending on what the
server remembers.
"""

import base64
import calendar
import json
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from mlz_mlflow.refused import Refused

LIFE_SECONDS = 300
"""How long after its time stamp a token works."""

RENEW_SECONDS = 120
"""After how long a client signs anew; the rest is for slow requests and wrong clocks."""

AHEAD_SECONDS = 60
"""How far a caller's clock may be ahead."""

AUDIENCE_HEADER = "x-mlz-audience"
BODY = "Action=GetCallerIdentity&Version=2011-06-15"
CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"

_SIGNED = ("content-type", "host", "x-amz-date", "x-amz-security-token", AUDIENCE_HEADER)
_LONGEST = 8192
_TEXT = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SESSION = re.compile(r"[A-Za-z0-9+/=]+", re.ASCII)
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([A-Z0-9]{16,128})/(\d{8})/([a-z0-9-]{1,32})/sts/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}",
    re.ASCII,
)


@dataclass(frozen=True)
class Token:
    """What a caller sent, in a shape that STS can judge."""

    authorization: str
    date: str
    session: str
    region: str
    expires: float
    """When it stops working [seconds since 1970]."""

    def request(self, audience: str) -> tuple[str, dict[str, str]]:
        """Return host and headers of the call to STS, for *audience* and no other."""
        host = f"sts.{self.region}.amazonaws.com"
        return host, {
            "Host": host,
            "Authorization": self.authorization,
            "X-Amz-Date": self.date,
            "X-Amz-Security-Token": self.session,
            AUDIENCE_HEADER: audience,
            "Content-Type": CONTENT_TYPE,
        }


def make(audience: str, region: str, credentials: Any) -> str:
    """Sign a token for *audience* with *credentials* (frozen, of botocore)."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    request = AWSRequest(
        "POST",
        f"https://sts.{region}.amazonaws.com/",
        data=BODY,
        headers={AUDIENCE_HEADER: audience, "Content-Type": CONTENT_TYPE},
    )
    SigV4Auth(credentials, "sts", region).add_auth(request)
    sent = ("authorization", "x-amz-date", "x-amz-security-token")
    signed = {name.lower(): value for name, value in request.headers.items() if name.lower() in sent}
    return base64.urlsafe_b64encode(json.dumps(signed).encode()).decode().rstrip("=")


def read(text: str, regions: Collection[str], now: float) -> Token:
    """Read a token; Refused where it cannot be one for this server."""
    broken = Refused(401, "the token cannot be read")
    if len(text) > _LONGEST or not _TEXT.fullmatch(text):
        raise broken
    try:
        sent = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        authorization, date, session = (sent[name] for name in ("authorization", "x-amz-date", "x-amz-security-token"))
        found = _AUTHORIZATION.fullmatch(authorization)
        born = calendar.timegm(time.strptime(date, "%Y%m%dT%H%M%SZ"))
        if not found or not _SESSION.fullmatch(session) or not date.startswith(found[2]):
            raise broken
    except (KeyError, TypeError, ValueError, RecursionError):
        raise broken from None
    if found[3] not in regions:
        raise Refused(401, "the token is signed for another region")
    if tuple(sorted(found[4].split(";"))) != tuple(sorted(_SIGNED)):
        raise Refused(401, "the token is not signed for this server")
    if not now - LIFE_SECONDS < born <= now + AHEAD_SECONDS:
        raise Refused(401, "the token has expired")
    return Token(authorization, date, session, found[3], born + LIFE_SECONDS)

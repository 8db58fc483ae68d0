"""Asking STS whose signature a token bears.

HTTPS to the region's own host only, with its certificate checked, no redirect followed. A proxy named by HTTPS_PROXY is
used as for every other program: it sees an encrypted tunnel.
"""

import hashlib
import http.client
import re
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Collection

from mlz_mlflow.refused import Refused
from mlz_mlflow.token import BODY, read

TIMEOUT_SECONDS = 5
REMEMBERED = 4096
"""Tokens whose owner is remembered."""

REFUSED_SECONDS = 10
"""How long a refusal by STS is remembered, so that one caller's wrong token does not become many calls."""

_LONGEST_ANSWER = 65536
_ARN = re.compile(r"<Arn>([^<]{20,2048})</Arn>")


class Sts:
    """Says whose a token is, and remembers it for as long as the token works."""

    def __init__(self, audience: str, regions: Collection[str]) -> None:
        self._audience = audience
        self._regions = frozenset(regions)
        self._known: OrderedDict[bytes, tuple[float, str | None]] = OrderedDict()
        self._lock = threading.Lock()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=ssl.create_default_context()), _NoRedirect
        )

    def arn(self, text: str) -> str:
        """Return the ARN of who signed *text*; Refused where STS does not say so."""
        key = hashlib.sha256(text.encode()).digest()
        now = time.time()
        with self._lock:
            until, arn = self._known.get(key, (0.0, None))
        if until <= now:
            token = read(text, self._regions, now)
            arn = self._ask(*token.request(self._audience))
            until = token.expires if arn else now + REFUSED_SECONDS
            with self._lock:
                self._known[key] = until, arn
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        if arn is None:
            raise Refused(401, "STS does not accept the token's signature")
        return arn

    def _ask(self, host: str, headers: dict[str, str]) -> str | None:
        request = urllib.request.Request(f"https://{host}/", BODY.encode(), headers, method="POST")
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                found = _ARN.search(answer.read(_LONGEST_ANSWER).decode())
        except urllib.error.HTTPError as error:
            if error.code in {400, 401, 403}:
                return None
            raise Refused(503, "STS does not answer") from None
        except (OSError, ValueError, http.client.HTTPException):
            raise Refused(503, "STS cannot be reached") from None
        if not found:
            raise Refused(503, "STS does not say who signed")
        return found[1]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the signed headers go to STS or nowhere."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""

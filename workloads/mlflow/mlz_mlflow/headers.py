"""The headers of a request: those that say who asks, and those that MLflow may see."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mlz_mlflow.people import HEADER as FROM_BALANCER
from mlz_mlflow.refused import Refused

WORKSPACE = "x-mlflow-workspace"

_PASSED = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "origin",
        "range",
        "referer",
        "sec-fetch-dest",
        "sec-fetch-mode",
        "sec-fetch-site",
        "transfer-encoding",
        "user-agent",
        "x-forwarded-for",
        "x-mlflow-experiment-id",
    }
)
"""What MLflow gets of a request. No cookie: it has sessions of its own. x-forwarded-for stays, for MLflow's assistant
takes a caller without it for one on the same machine."""

_NAME = re.compile(r"[a-z0-9-]+", re.ASCII)
"""No underscore: WSGI reads `x_mlflow_workspace` and `x-mlflow-workspace` as one header."""


@dataclass(frozen=True)
class Headers:
    """A request's headers, each once."""

    said: dict[str, str]

    @classmethod
    def read(cls, pairs: Iterable[tuple[bytes, bytes]]) -> "Headers":
        """Read them; Refused where two readers might read them differently."""
        said: dict[str, str] = {}
        for raw_name, raw_value in pairs:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
            known = name in _PASSED or name in {WORKSPACE, "authorization", FROM_BALANCER}
            if not _NAME.fullmatch(name):
                raise Refused(400, "a header's name is not plain")
            if name in said and known:
                raise Refused(400, f"header {name} is there twice")
            said[name] = value
        if "transfer-encoding" in said and ("content-length" in said or said["transfer-encoding"].lower() != "chunked"):
            raise Refused(400, "the body's length is not plain")
        return cls(said)

    def get(self, name: str) -> str:
        """Return a header's value, empty where it is not there."""
        return self.said.get(name, "")

    def token(self) -> str:
        """Return the bearer token, empty where there is none."""
        kind, _, text = self.get("authorization").partition(" ")
        if kind and kind.lower() != "bearer":
            raise Refused(401, "the server takes bearer tokens, no passwords")
        return text.strip()

    def from_balancer(self) -> str:
        """Return what the load balancer says of a person."""
        return self.get(FROM_BALANCER)

    def length(self) -> int:
        """Return the announced length of the body, 0 where none is announced."""
        said = self.get("content-length") or "0"
        if not (said.isascii() and said.isdigit()):
            raise Refused(400, "the body's length is not plain")
        return int(said)

    def own_page(self) -> bool:
        """Whether a browser says that one of the server's own pages sends this."""
        origin, site = self.get("origin"), self.get("sec-fetch-site")
        return origin == f"https://{self.get('host')}" and site in {"", "same-origin"}

    def passed(self, workspace: str, length: int | None = None) -> list[tuple[bytes, bytes]]:
        """Return what MLflow gets, for *workspace* (empty: none) and with another body's *length*."""
        kept = {name: value for name, value in self.said.items() if name in _PASSED}
        if length is not None:
            kept.pop("transfer-encoding", None)
            kept |= {"content-length": str(length), "content-type": "application/json"}
        if workspace:
            kept[WORKSPACE] = workspace
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept.items()]

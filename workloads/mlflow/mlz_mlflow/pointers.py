"""Bodies that point the server at storage.

The server reads and writes S3 with its own role. Whoever may say where an own object lies could have it fetch somebody
else's (MLflow 3.17.2: a model version's source, a trace's tag mlflow.artifactLocation). So a team says names, never
places. `storage.py` is the second lock, for the pointers nobody has thought of.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from mlz_mlflow.refused import Refused

_CHECKED = re.compile(
    r"/(?:ajax-)?api/[23]\.0/mlflow/(?:experiments/create|runs/create|runs/set-tag|runs/log-batch|runs/log-model|model-versions/create"
    r"|registered-models/create|logged-models(?:/.*)?|traces(?:/.*)?)"
)

_PARTS = re.compile(r"/(?:ajax-)?api/2\.0/mlflow-artifacts/mpu/.*")
"""Uploads in parts name the file in the body too."""

_PLACES = re.compile(r"mlflow\.(?:artifact_?location|trace\.(?:archive|spans).*)", re.IGNORECASE)
"""Tags that MLflow reads as an address (mlflow 3.17.2, utils/mlflow_tags.py, tracing/constant.py)."""

_OWN = {"mlflow-artifacts", "models", "runs"}
"""Schemes that name an artifact of this server, which MLflow checks against the caller's workspace."""

_PROMPT = "mlflow.prompt.is_prompt"
_DEEPEST = 64


def checked(method: str, path: str) -> bool:
    """Whether the body of such a request must be read before MLflow gets it."""
    return method in {"POST", "PUT", "PATCH"} and bool(_CHECKED.fullmatch(path) or _PARTS.fullmatch(path))


def plain(path: str, raw: bytes) -> bytes:
    """Return the body as MLflow gets it; Refused where it names a place.

    It is written anew from what was understood: MLflow must not find in it what this did not (a second encoding, a key
    given twice).
    """
    try:
        body = json.loads(raw.decode("utf-8") if raw else "{}")
    except (ValueError, RecursionError):
        raise Refused(400, "the body is no JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise Refused(400, "the body is no JSON object")
    _no_places(body, 0)
    if _PARTS.fullmatch(path) and not _is_below(body.get("path", "")):
        raise Refused(400, "the file's path is not plain")
    if path.endswith("/experiments/create") and (body.get("artifact_location") or body.get("artifactLocation")):
        raise Refused(403, "where artifacts lie is the platform's: leave artifact_location out")
    if path.endswith("/model-versions/create"):
        _check_source(body)
    return json.dumps(body).encode()


def _check_source(body: dict[str, Any]) -> None:
    source = body.get("source")
    if not isinstance(source, str):
        raise Refused(400, "a model version needs a source")
    tags = body.get("tags") or ()
    prompt = any(isinstance(tag, dict) and tag.get("key") == _PROMPT for tag in tags)
    try:
        parts = urlsplit(source)
    except ValueError:
        raise Refused(400, "the source is no address") from None
    if prompt and not parts.scheme:
        return  # a prompt has no files, its source is a word
    if parts.scheme not in _OWN or parts.query or parts.fragment or "%" in source or ".." in source or "\\" in source:
        raise Refused(
            403, "a model's source must be an artifact of this server: runs:/, models:/ or mlflow-artifacts:/"
        )
    if parts.netloc and parts.scheme != "mlflow-artifacts":
        raise Refused(403, "a model's source must name no other server")


def _is_below(path: Any) -> bool:
    return (
        isinstance(path, str)
        and not path.startswith("/")
        and not {"..", "."} & set(path.split("/"))
        and "%" not in path
    )


def _no_places(value: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise Refused(400, "the body is nested too deeply")
    if isinstance(value, dict):
        for key, inner in value.items():
            if _PLACES.fullmatch(key) or (key == "key" and isinstance(inner, str) and _PLACES.fullmatch(inner.strip())):
                raise Refused(403, "tags that say where artifacts lie are the server's")
            _no_places(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _no_places(inner, depth + 1)

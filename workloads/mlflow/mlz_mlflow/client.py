"""The caller's side: MLflow's client sends a token with each request to the team's server."""

import os
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import mlflow
from mlflow.tracking.request_header.abstract_request_header_provider import RequestHeaderProvider

from mlz_mlflow.token import RENEW_SECONDS, make

AUDIENCE_VARIABLE = "MLZ_MLFLOW_AUDIENCE"
"""Host name of the server that tokens are for. Where MLflow is pointed to another one, nothing is sent."""


class TokenProvider(RequestHeaderProvider):  # type: ignore[misc] # mlflow is not installed where types are checked
    """Signs a token with the credentials that boto3 would find, anew when it is two minutes old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made = ("", 0.0, "")

    def in_context(self) -> bool:
        """Whether this process speaks to such a server."""
        audience = os.environ.get(AUDIENCE_VARIABLE)
        return bool(audience) and urlsplit(mlflow.get_tracking_uri()).hostname == audience

    def request_headers(self) -> dict[str, str]:
        """Return the header with the token."""
        audience = os.environ[AUDIENCE_VARIABLE]
        with self._lock:
            made_for, since, token = self._made
            if made_for != audience or not 0 <= time.monotonic() - since < RENEW_SECONDS:
                since, token = time.monotonic(), make(audience, *_signer())
                self._made = audience, since, token
        return {"Authorization": f"Bearer {token}"}


def _signer() -> tuple[str, Any]:
    """Return region and credentials as boto3 finds them."""
    from botocore.session import get_session

    session = get_session()
    region = session.get_config_variable("region")
    credentials = session.get_credentials()
    if not region or credentials is None:
        raise RuntimeError("MLflow's token needs AWS credentials and a region (AWS_REGION), and finds none")
    return region, credentials.get_frozen_credentials()

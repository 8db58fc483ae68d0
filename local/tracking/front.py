"""Requests to tracking servers and MLflow Apps, which are none of moto's: decided, then sent on to the real MLflow.

A client names the server in a header and signs for sagemaker-mlflow; an app's signs for sagemaker. AWS has a host for
each kind ({region}.experiments.sagemaker.aws); here the client is told ours by SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT. How
AWS words a refusal of this interface is not documented: the sentence is IAM's, the form MLflow's.
Sources: sagemaker-mlflow 0.5.0 (headers, signing names), Service Authorization Reference, "Amazon SageMaker AI"
(CallMlflowAppApi), read 2026-11-30.
"""

from collections.abc import Iterable
from typing import Any, Final

from local.authority.gate import Gate
from local.handlers.accounts import account_of
from local.handlers.dispatch import LOCK, NETWORK, SCOPE, Application, Environ, StartResponse
from local.handlers.operation import Call
from local.handlers.records import STORES
from local.tracking.actions import action_of
from local.tracking.pages import PREFIX, Pages
from local.tracking.proxy import refused, sent_on

_SERVER, _APP = "HTTP_X_MLFLOW_SM_TRACKING_SERVER_ARN", "HTTP_X_SM_MLFLOW_APP_ARN"
_SIGNED_AS: Final = {_SERVER: "sagemaker-mlflow", _APP: "sagemaker"}
_NOUNS: Final = {"mlflow-tracking-server": "MlflowTrackingServer", "mlflow-app": "MlflowApp"}


class Tracking:
    """A WSGI application in front of the others, for what a client of MLflow or a person's browser asks."""

    def __init__(self, app: Application, gate: Gate) -> None:
        self.app = app
        self.gate = gate
        self.pages = Pages(gate, found)

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO", "").startswith(PREFIX):
            return self.pages(environ, start)
        header = next((name for name in _SIGNED_AS if name in environ), None)
        return self._answer(environ, start, header) if header else self.app(environ, start)

    def _answer(self, environ: Environ, start: StartResponse, header: str) -> Iterable[bytes]:
        arn, method, path = environ[header], environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        signed = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if not signed or signed[3] != _SIGNED_AS[header]:
            return refused(start, 403, "UNAUTHENTICATED", f"the request is not signed for {_SIGNED_AS[header]}")
        action = "CallMlflowAppApi" if header == _APP else action_of(method, path)
        if action is None:
            return refused(start, 404, "ENDPOINT_NOT_FOUND", f"a tracking server has no {method} {path}")
        call = Call(signed[3], action, account_of(signed[1]), signed[2], {"Arn": arn}, signed[1])
        with LOCK:
            refusal = self.gate.refusal(call, access_key=call.key, vpc_id=environ.get(NETWORK, ""))
            record = found(arn)
        if refusal:
            return refused(start, 403, "PERMISSION_DENIED", refusal.message)
        if record is None:
            return refused(start, 404, "RESOURCE_DOES_NOT_EXIST", f"there is no {arn}, or it is stopped")
        return sent_on(environ, start, path, arn=arn, record=record)


def found(arn: str) -> dict[str, Any] | None:
    """Return the record of a tracking server or an app; None: there is none, or it is stopped."""
    parts = arn.split(":")
    kind, _, name = parts[-1].partition("/")
    if len(parts) != 6 or kind not in _NOUNS:  # noqa: PLR2004 - the parts of an ARN
        return None
    store = STORES.get(("sagemaker", _NOUNS[kind], parts[4], parts[3]), {})
    record = store.get((name,)) or store.get((arn,))
    return record if record and record.get("IsActive") != "Inactive" else None

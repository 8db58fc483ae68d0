"""MLflow's registry of a managed tracking server, by its REST interface: the version beside SageMaker's, and aliases.

Only what needs no MLflow on this machine. A team without a managed server keeps its versions in SageMaker alone.
Sources, read 2026-11-30: MLflow 3.17 REST API; sagemaker-mlflow 0.5.0, AWS's own plugin (host, header, signing name).
"""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from operations.model.errors import RefusedError
from operations.model.place import Clients

CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
TOLD: Final = "mlflow.json"
"""Of an evaluation's output: run_id and model_uri (models:/m-…) of the model that was judged."""
_THERE: Final = "RESOURCE_ALREADY_EXISTS"
_SECONDS: Final = 300
"""How long an answer may take [s]: a server that nobody asked for long starts first."""


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """A managed tracking server and who asks it."""

    server_arn: str
    region: str
    role_arn: str
    """Role in the platform's account that reaches the server."""

    clients: Clients
    """Whose credentials take that role."""

    address: str = ""
    """Where requests go; empty: AWS's host of the region."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers of each request."""

    def register(self, name: str, told: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Return the number of the version made of a logged model: one that is there already, or a new one.

        Args:
            name: the registered model; made if it is not there.
            told: TOLD's content.
            tags: of the version.

        Raises:
            RefusedError: the server refuses, or does not answer.
        """
        self._call("POST", "registered-models/create", {"name": name}, fine=_THERE)
        query = {"filter": f"name='{name}' and run_id='{told['run_id']}'"}
        known = self._call("GET", "model-versions/search", query).get("model_versions", [])
        if known:
            return str(known[0]["version"])
        model = told["model_uri"].rpartition("/")[2]
        logged = self._call("GET", f"logged-models/{model}")["model"]["info"]
        asked = {"name": name, "source": logged["artifact_uri"], "run_id": told["run_id"], "model_id": model}
        asked["tags"] = [{"key": key, "value": value} for key, value in tags.items()]
        return str(self._call("POST", "model-versions/create", asked)["model_version"]["version"])

    def alias(self, name: str, alias: str, version: str) -> None:
        """Let *alias* stand for a version.

        Raises:
            RefusedError: the server refuses, or does not answer.
        """
        self._call("POST", "registered-models/alias", {"name": name, "alias": alias, "version": version})

    def aliased(self, name: str, alias: str) -> str:
        """Return the number of the version that *alias* stands for.

        Raises:
            RefusedError: there is none, the server refuses, or does not answer.
        """
        said = self._call("GET", "registered-models/alias", {"name": name, "alias": alias})
        return str(said["model_version"]["version"])

    def pages(self) -> str:
        """Return a link that opens the server's pages, for minutes.

        Raises:
            RefusedError: the role may not open them, or there is no such server.
        """
        keys = {
            "aws_access_key_id": self._credentials.access_key,
            "aws_secret_access_key": self._credentials.secret_key,
            "aws_session_token": self._credentials.token,
        }
        address = {"endpoint_url": self.address} if self.address else {}
        sagemaker = boto3.client("sagemaker", region_name=self.region, **keys, **address)
        name = self.server_arn.rpartition("/")[2]
        try:
            made = sagemaker.create_presigned_mlflow_tracking_server_url(TrackingServerName=name)
        except (BotoCoreError, ClientError) as error:
            raise RefusedError(f"MLflow's pages can't be opened: {error}") from error
        return str(made["AuthorizedUrl"])

    def _call(self, method: str, path: str, said: Mapping[str, Any] | None = None, *, fine: str = "") -> dict[str, Any]:
        """Send one request; *fine*: an error that is none."""
        url = f"{self.address or f'https://{self.region}.experiments.sagemaker.aws'}/api/2.0/mlflow/{path}"
        body = json.dumps(said).encode() if said and method == "POST" else None
        if said and method == "GET":
            url = f"{url}?{urlencode(said)}"
        kind = {"Content-Type": "application/json"} if body else {}
        asked = AWSRequest(method, url, {"x-mlflow-sm-tracking-server-arn": self.server_arn, **kind}, body)
        SigV4Auth(self._credentials, "sagemaker-mlflow", self.region).add_auth(asked)
        headers = {**dict(asked.headers.items()), **self.headers}
        request = Request(url, body, headers, method=method)  # noqa: S310 - https, or this machine
        try:
            # What runs on this machine is asked past any proxy.
            with build_opener(*([ProxyHandler({})] if self.address else [])).open(request, timeout=_SECONDS) as answer:
                told: dict[str, Any] = json.loads(answer.read() or b"{}")
                return told
        except HTTPError as error:
            text = error.read().decode(errors="replace")
            if fine and fine in text:
                return {}
            raise RefusedError(f"MLflow refused {path}: {_message(text)}; the same command tries again") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise RefusedError(f"MLflow does not answer ({error}); the same command tries again") from error

    @cached_property
    def _credentials(self) -> Credentials:
        taken = self.clients("sts").assume_role(RoleArn=self.role_arn, RoleSessionName="mlz-model")["Credentials"]
        return Credentials(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"])


def _message(text: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text[:300]

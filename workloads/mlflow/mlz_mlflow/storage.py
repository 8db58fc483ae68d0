"""The second lock on storage: whatever MLflow asks of S3 for a team, it asks below that team's folder.

`pointers.py` refuses the places a team could write into its own objects. This holds where somebody finds another way,
or where a row of the database already names one: the client that MLflow gets for a workspace refuses every other key,
and artifacts that lie neither in S3 nor on this server have no reader at all.
"""

import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.client import Config
from mlflow.environment_variables import MLFLOW_S3_ENDPOINT_URL
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED
from mlflow.server import ARTIFACTS_DESTINATION_ENV_VAR
from mlflow.store.artifact.artifact_repository_registry import _artifact_repository_registry as registry
from mlflow.store.artifact.s3_artifact_repo import S3ArtifactRepository
from mlflow.utils.workspace_context import get_request_workspace
from mlflow.utils.workspace_utils import DEFAULT_WORKSPACE_NAME

SCHEMES = {"s3", "mlflow-artifacts", "runs", "models"}
"""Where artifacts may lie. MLflow knows 18 more, the server's own disk and any host among them."""

_CLIENTS = 64
_LOCK = threading.Lock()


class ForeignPlaceError(MlflowException):  # type: ignore[misc] # as below
    """MLflow was about to touch what is not the caller's."""

    def __init__(self) -> None:
        super().__init__("this place is not your team's", error_code=PERMISSION_DENIED)


class TeamS3ArtifactRepository(S3ArtifactRepository):  # type: ignore[misc] # mlflow is not installed where types are checked
    """MLflow's reader and writer of S3, for one team at a time."""

    def _get_s3_client(self) -> Any:
        workspace = get_request_workspace()
        if not workspace:
            raise ForeignPlaceError
        with _LOCK:  # making clients of one session at once is not safe (boto3's guide)
            return _client(workspace)

    def _create_thread_pool(self) -> ThreadPoolExecutor:
        return _Carrying(self.max_workers, f"Mlflow{type(self).__name__}")


class _Carrying(ThreadPoolExecutor):
    """Threads that know the workspace of who gave them work."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        return super().submit(copy_context().run, fn, *args, **kwargs)


@lru_cache(_CLIENTS)
def _client(workspace: str) -> Any:
    client = boto3.client("s3", config=Config(signature_version="s3v4"), endpoint_url=MLFLOW_S3_ENDPOINT_URL.get())
    if workspace != DEFAULT_WORKSPACE_NAME:  # which only the platform's own role can name
        place = urlsplit(os.environ[ARTIFACTS_DESTINATION_ENV_VAR])
        prefix = f"{place.path.strip('/')}/workspaces/{workspace}/".lstrip("/")
        client.meta.events.register("provide-client-params.s3", partial(_own, place.netloc, prefix))
    return client


def _own(bucket: str, prefix: str, params: Mapping[str, Any], **_: object) -> None:
    """Refuse a call for anything but keys below *prefix* of *bucket*."""
    keys = [params[name] for name in ("Key", "Prefix") if name in params]
    keys += [one["Key"] for one in params.get("Delete", {}).get("Objects", ())]
    own = keys and all(f"{key}/".startswith(prefix) and ".." not in key.split("/") for key in keys)
    if params.get("Bucket") != bucket or not own or "CopySource" in params:
        raise ForeignPlaceError


def lock() -> None:
    """Take away every reader of artifacts but these."""
    for scheme in set(registry.get_registered_artifact_repositories()) - SCHEMES:
        del registry.get_registered_artifact_repositories()[scheme]
    registry.register("s3", TeamS3ArtifactRepository)

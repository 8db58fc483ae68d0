"""`serve`: checks that everything is there, then becomes the web server.

The process becomes uvicorn itself, so that ECS's SIGTERM reaches who can end requests in order.
"""

import json
import os
import secrets
import sys
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path

from mlz_mlflow import allowed, database
from mlz_mlflow.settings import VARIABLE, Settings, SettingsError

PORT = 5000
KEEP_ALIVE_SECONDS = 130
"""Longer than a load balancer's idle timeout (ours: 120 s), or it would send a request down a line just closed."""

CONNECTIONS = 512
"""Of one process; who comes then gets 503."""

GRACE_SECONDS = 25
"""For requests under way when the task ends; ECS kills after 30."""

PRESIGNED_SECONDS = 300
"""How long a link to one artifact works, which MLflow's client fetches large files by."""

_SOURCES = r"^(mlflow-artifacts:|models:|runs:)|^(dummy-source|prompt-template)$"
"""MLflow's own check of a model version's source: a lock behind pointers.py."""


def serve() -> None:
    """Check, make what is missing, become the server."""
    settings = Settings.read(os.environ.get(VARIABLE, "{}"))
    import mlflow

    allowed.reviewed(mlflow.__version__)
    os.environ.update(environment(os.environ, settings, Path(tempfile.mkdtemp(prefix="mlz-"))))
    with database.alone():
        _check_schemas()
        from mlz_mlflow.provision import provision

        provision(settings.teams)
    sys.stdout.flush()
    os.execv(sys.executable, command(os.environ))  # noqa: S606 - itself


def environment(given: Mapping[str, str], settings: Settings, folder: Path) -> dict[str, str]:
    """Return what MLflow's processes read."""
    hosts = [name.strip() for name in given.get("MLZ_HOST_NAMES", settings.audience).split(",") if name.strip()]
    ini = folder / "auth.ini"
    ini.write_text(
        "[mlflow]\n"
        "default_permission = NO_PERMISSIONS\n"
        "grant_default_workspace_access = false\n"
        "authorization_function = mlz_mlflow.caller:authenticate\n"
        f"database_uri = {_text(database.auth(given), given)}\n"
    )
    key = given.get("MLZ_KMS_KEY_ARN")
    encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
    if not given.get("MLZ_ARTIFACTS", "").startswith("s3://"):
        raise SettingsError("MLZ_ARTIFACTS must say where artifacts lie: s3://bucket")
    return {
        "_MLFLOW_SERVER_FILE_STORE": _text(database.tracking(given), given),
        "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
        "_MLFLOW_SERVER_ARTIFACT_DESTINATION": given["MLZ_ARTIFACTS"].rstrip("/"),
        "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
        "_MLFLOW_SERVER_BOOT_ID": uuid.uuid4().hex,
        "_MLFLOW_SGI_NAME": "uvicorn",
        "_MLFLOW_AUTH_ADMIN_BOOTSTRAPPED": "true",
        "MLFLOW_AUTH_CONFIG_PATH": str(ini),
        # Nobody logs in by password, and the form that needs the key is not for teams: both live as long as the task.
        "MLFLOW_AUTH_ADMIN_USERNAME": "mlz-platform",
        "MLFLOW_AUTH_ADMIN_PASSWORD": secrets.token_urlsafe(48),
        "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_urlsafe(48),
        "MLFLOW_ENABLE_WORKSPACES": "true",
        "MLFLOW_RBAC_SEED_DEFAULT_ROLES": "false",
        "MLFLOW_SERVER_ALLOWED_HOSTS": ",".join(with_port for name in hosts for with_port in (name, f"{name}:*")),
        "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS": ",".join(f"https://{name}" for name in hosts),
        "MLFLOW_S3_UPLOAD_EXTRA_ARGS": json.dumps(encrypted),
        "MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS": str(PRESIGNED_SECONDS),
        "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX": _SOURCES,
        # What runs code in the server, holds keys of others or calls out stays off.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_SERVER_ENABLE_CUSTOM_SCORERS": "false",
        "MLFLOW_ENABLE_AI_GATEWAY": "false",
        "MLFLOW_ENABLE_REMOTE_ASSISTANT": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }


def command(given: Mapping[str, str]) -> list[str]:
    """Return the web server's command."""
    options = {
        "host": given.get("MLZ_HOST", "0.0.0.0"),  # noqa: S104 - in a task only the load balancer reaches it
        "port": given.get("MLZ_PORT", PORT),
        "workers": given.get("MLZ_WORKERS", 2),
        "http": "h11",
        "ws": "none",
        "timeout-keep-alive": KEEP_ALIVE_SECONDS,
        "timeout-graceful-shutdown": GRACE_SECONDS,
        "limit-concurrency": CONNECTIONS,
        "h11-max-incomplete-event-size": 64 << 10,
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    flags += ["--no-server-header", "--no-proxy-headers"]
    return [sys.executable, "-m", "uvicorn", *flags, "--factory", "mlz_mlflow.app:create_app"]


def _text(name: str, given: Mapping[str, str]) -> str:
    return str(database.address(name, given).render_as_string(hide_password=False))


def _check_schemas() -> None:
    """Raise where `migrate` has not run: no process may change the schema as it starts."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from mlflow.server.auth.db import utils as users
    from mlflow.store.db import utils as runs
    from sqlalchemy import create_engine
    from sqlalchemy.exc import OperationalError

    wanted = {
        database.tracking(): (runs._get_latest_schema_revision(), "alembic_version"),  # noqa: SLF001 - none is public
        database.auth(): (
            ScriptDirectory.from_config(users._get_alembic_config("")).get_current_head(),  # noqa: SLF001 - as above
            "alembic_version_auth",
        ),
    }
    for name, (revision, table) in wanted.items():
        engine = create_engine(database.address(name))
        try:
            with engine.connect() as connection:
                context = MigrationContext.configure(connection, opts={"version_table": table})
                found = context.get_current_revision()
        except OperationalError as error:
            raise database.DatabaseError(
                f"database {name} cannot be opened: {error.orig}; has `migrate` run?"
            ) from None
        finally:
            engine.dispose()
        if found != revision:
            raise database.DatabaseError(f"database {name} is at {found or 'nothing'}, needs {revision}: run `migrate`")

"""Whom MLflow takes the caller for.

The gate says it in a variable of the running request, which its tasks and threads inherit: nothing a caller sends can
look like it, and where it is lost nobody is logged in.
"""

from contextvars import ContextVar
from typing import Any

ADMIN = "mlz-platform"
"""MLflow's user for the platform itself."""

USER: ContextVar[str] = ContextVar("mlz_mlflow_user", default="")


def user(team: str, *, writes: bool) -> str:
    """Return the name of MLflow's user for a team's writers or readers."""
    return f"{'team' if writes else 'readers'}-{team}"


def authenticate() -> Any:
    """Tell MLflow who is asking (its `authorization_function`)."""
    from flask import Response
    from werkzeug.datastructures import Authorization

    name = USER.get()
    return Authorization("basic", {"username": name, "password": ""}) if name else Response("nobody is logged in", 401)

"""What MLflow must know of the teams: a workspace a team, and a user for those who write and those who read there.

The second lock behind the gate: MLflow itself refuses what the user has no right to. Nobody logs in as these users, so
their passwords are random and forgotten. A team that is gone from the settings keeps its data and has no way in.
"""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from mlz_mlflow.caller import user

RIGHTS = {
    "team": (
        ("workspace", "USE"),
        ("experiment", "MANAGE"),
        ("registered_model", "MANAGE"),
        ("prompt", "MANAGE"),
        ("scorer", "MANAGE"),
    ),
    "readers": (
        ("experiment", "READ"),
        ("registered_model", "READ"),
        ("prompt", "READ"),
        ("scorer", "READ"),
    ),
}
"""MLflow's rights by role. Not MANAGE of the workspace: that makes users and sees everybody's names."""


def provision(teams: Iterable[str]) -> None:
    """Make what is missing. The caller holds the database's lock."""
    from mlflow.entities import Workspace
    from mlflow.server.auth import bootstrap_admin_user, store
    from mlflow.server.workspace_helpers import _get_workspace_store

    bootstrap_admin_user()
    workspaces = _get_workspace_store()
    there = {workspace.name for workspace in workspaces.list_workspaces()}
    users = {one.username for one in store.list_users()}
    for team in teams:
        if team not in there:
            workspaces.create_workspace(Workspace(name=team))
        for role, rights in RIGHTS.items():
            name = user(team, writes=role == "team")
            if name in users:
                continue
            _fresh(store.create_role, name=role, workspace=team, description="made by the platform")
            made = store.get_role_by_name(team, role)
            for kind, right in rights:
                _fresh(store.add_role_permission, made.id, kind, "*", right)
            owner = store.create_user(name, secrets.token_urlsafe(48))
            store.assign_role_to_user(owner.id, made.id)


def _fresh(make: Callable[..., Any], *given: Any, **named: Any) -> None:
    """Make one thing, or find it there: a task may have ended halfway."""
    from mlflow.exceptions import MlflowException

    try:
        make(*given, **named)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise

"""`migrate`: brings both databases to what this version of MLflow needs. Run it before the new tasks start.

Safe when several run at once, on an empty server and on an older schema. MLflow's own commands are not: two of them on
one database fail with "Table already exists" or "Duplicate column", and the first migration of users gives two foreign
keys one name, which MySQL refuses (mlflow issue 9642).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, ForeignKeyConstraint, Table, create_engine, event, text

from mlz_mlflow import database, server_user

CHARACTER_SET = "utf8mb4"


def migrate() -> str:
    """Migrate; return the revision of the tracking schema."""
    import mlflow.store.db.utils as tracking
    from mlflow.server.auth.db.utils import migrate as migrate_auth
    from mlflow.store.tracking.dbmodels import models  # noqa: F401 - it registers the tables

    with database.alone() as server:
        for name in (database.tracking(), database.auth()):
            _make(server, name)
        runs = create_engine(database.address(database.tracking()))
        users = create_engine(database.address(database.auth()))
        try:
            tracking._safe_initialize_tables(runs)  # noqa: SLF001 - it has no public way - what its server does at the first start
            tracking._upgrade_db(runs)  # noqa: SLF001 - it has no public way - `mlflow db upgrade`
            with _one_name_a_key():
                migrate_auth(users, "head")
            revision: str = tracking._get_schema_version(runs)  # noqa: SLF001 - it has no public way
        finally:
            runs.dispose()
            users.dispose()
        if user := os.environ.get("MLZ_DB_SERVER_USER"):
            server_user.make(server, user, (database.tracking(), database.auth()))
    return revision


def _make(server: Engine, name: str) -> None:
    """Make a database where there is none; DatabaseError where it would lose letters."""
    quoted = server.dialect.identifier_preparer.quote(name)
    with server.connect() as connection:
        connection.execute(text(f"create database if not exists {quoted} character set {CHARACTER_SET}"))
        found = connection.execute(
            text("select default_character_set_name from information_schema.schemata where schema_name = :name"),
            {"name": name},
        ).scalar()
    if found != CHARACTER_SET:
        raise database.DatabaseError(
            f"database {name} has character set {found}, MLflow's migrations need {CHARACTER_SET}: "
            f"ALTER DATABASE {quoted} CHARACTER SET {CHARACTER_SET}, after a snapshot"
        )


@contextmanager
def _one_name_a_key() -> Iterator[None]:
    """Give the foreign keys that MLflow calls fk_user_id a name a table."""
    event.listen(Table, "before_create", _rename)
    try:
        yield
    finally:
        event.remove(Table, "before_create", _rename)


def _rename(table: Table, _connection: Any, **_: Any) -> None:
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and constraint.name == "fk_user_id":
            constraint.name = f"fk_user_id_{table.name}"[:64]

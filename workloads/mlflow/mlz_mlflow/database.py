"""The database: where it is, and how every connection to it is made.

Always with TLS, certificate and host name checked, whoever opens the connection: MLflow's own setting
(MLFLOW_MYSQL_SSL_CA) checks the certificate and not the name. The password is in no address, so in no log of one.
"""

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import botocore.session
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

LOCK = "mlz-mlflow"
LOCK_SECONDS = 900


class DatabaseError(Exception):
    """The database cannot be used as it is; the text says why."""


def address(name: str = "", env: Mapping[str, str] = os.environ) -> URL:
    """Return the address of database *name*, without a password."""
    if missing := [name for name in ("MLZ_DB_HOST", "MLZ_DB_USER") if not env.get(name)]:
        raise DatabaseError(f"{' and '.join(missing)} must say where the database is")
    return URL.create(
        "mysql+pymysql",
        username=env["MLZ_DB_USER"],
        host=env["MLZ_DB_HOST"],
        port=int(env.get("MLZ_DB_PORT", "3306")),
        database=name or None,
        query={"charset": "utf8mb4"},
    )


def tracking(env: Mapping[str, str] = os.environ) -> str:
    """Return the name of the database of runs and models."""
    return env.get("MLZ_DB_TRACKING", "mlflow")


def auth(env: Mapping[str, str] = os.environ) -> str:
    """Return the name of the database of users and rights."""
    return env.get("MLZ_DB_AUTH", "mlflow_auth")


def log_in() -> None:
    """Have every connection of this process log in and check the server, MLflow's own too."""
    if not event.contains(Engine, "do_connect", _connect):
        event.listen(Engine, "do_connect", _connect)


def _connect(_dialect: object, _record: object, _positional: object, given: dict[str, Any]) -> None:
    for name in ("ssl_ca", "ssl_cert", "ssl_key"):
        given.pop(name, None)
    given["ssl"] = _tls(os.environ.get("MLFLOW_MYSQL_SSL_CA", ""))
    given["password"] = os.environ.get("MLZ_DB_PASSWORD") or _token(given["host"], given["port"], given["user"])
    given.setdefault("connect_timeout", 10)


@lru_cache
def _tls(bundle: str) -> ssl.SSLContext:
    if not os.path.isfile(bundle):  # noqa: PTH113 - one question
        raise DatabaseError(
            f"MLFLOW_MYSQL_SSL_CA names no file ({bundle or 'unset'}): the image was built without RDS's certificates, "
            "build it with network or mount https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
        )
    return ssl.create_default_context(cafile=bundle)


def _token(host: str, port: int, user: str) -> str:
    """Return what RDS takes for a password for 15 minutes, signed with this task's role."""
    session = botocore.session.get_session()
    region = session.get_config_variable("region")
    token: str = session.create_client("rds", region).generate_db_auth_token(host, port, user, region)
    return token


@contextmanager
def alone() -> Iterator[Engine]:
    """Hold the lock that one task has at a time; the engine is connected to no database in particular.

    MLflow's own lock is a file in the temporary folder, which two tasks do not share.
    """
    log_in()
    engine = create_engine(address(), pool_pre_ping=True)
    try:
        engine.connect().close()
    except OperationalError as error:
        raise DatabaseError(f"the database cannot be opened: {error.orig}") from None
    try:
        with engine.connect() as connection:
            got = connection.execute(
                text("select get_lock(:lock, :wait)"), {"lock": LOCK, "wait": LOCK_SECONDS}
            ).scalar()
            if got != 1:
                raise DatabaseError(f"another task has held the lock {LOCK} for {LOCK_SECONDS} s")
            try:
                yield engine
            finally:
                connection.execute(text("select release_lock(:lock)"), {"lock": LOCK})
    finally:
        engine.dispose()

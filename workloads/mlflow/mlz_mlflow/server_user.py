"""The database user under which servers log in: by a token of the task's role, over TLS, and with no right on schemas.

Source: Amazon RDS User Guide, "Creating a database account using IAM authentication", read 2026-11-30: the plug-in and
its `as 'RDS'`.
"""

from sqlalchemy import Engine, text

RIGHTS = "select, insert, update, delete"


def make(server: Engine, user: str, databases: tuple[str, ...]) -> None:
    """Make *user* where there is none, and give it what serving needs; the same again changes nothing."""
    quote = server.dialect.identifier_preparer.quote_identifier
    name = f"{quote(user)}@'%'"
    with server.begin() as connection:
        known = connection.execute(text("select 1 from mysql.user where user = :user"), {"user": user}).scalar()
        if not known:
            connection.execute(text(f"create user {name} identified with AWSAuthenticationPlugin as 'RDS'"))
        connection.execute(text(f"alter user {name} require ssl"))
        for database in databases:
            connection.execute(text(f"grant {RIGHTS} on {quote(database)}.* to {name}"))

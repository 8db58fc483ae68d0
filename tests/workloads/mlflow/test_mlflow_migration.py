"""Two tasks that start at once, on an empty server and on an old schema; and a database that goes and comes back."""

import threading

import pytest

from tests.workloads.mlflow.rig import waited
from tests.workloads.mlflow.world import V2, World

pytestmark = pytest.mark.mariadb

OLD = """
import sys
from alembic import command
import mlflow.store.db.utils as runs
from sqlalchemy import create_engine, text
from mlz_mlflow import database
from mlflow.store.db.base_sql_model import Base
from mlflow.store.tracking.dbmodels.initial_models import Base as First
database.log_in()
name = database.tracking()
server = create_engine(database.address())
with server.begin() as connection:
    connection.execute(text(f"create database {name} character set utf8mb4"))
engine = create_engine(database.address(name))
First.metadata.create_all(engine)
config = runs._get_alembic_config("")
with engine.begin() as connection:
    config.attributes["connection"] = connection
    command.upgrade(config, "cbc13b556ace")
with engine.begin() as connection:
    connection.execute(text("insert into experiments (name, lifecycle_stage) values ('of the old days', 'active')"))
"""
"""A schema of mid-2025, before there were workspaces, as MLflow's own migrations made it, with an experiment in it."""


def at_once(work, times=2):
    """Do the same in several threads at once; return what each returned."""
    results = [None] * times

    def one(number):
        results[number] = work()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_migrations_and_two_tasks_at_once_on_an_empty_server(mlflow_rig):
    env = mlflow_rig.database.env("fresh")
    ran = at_once(lambda: mlflow_rig.run("migrate", check=False, **env))
    assert [0, 0] == [one.returncode for one in ran], ran[0].stderr[-1500:] + ran[1].stderr[-1500:]

    servers = at_once(lambda: mlflow_rig.serve(**env))
    for server in servers:
        server.ready()
        world = World(server.url, {"alpha": mlflow_rig.token("alpha")})
        assert world.call("alpha", "POST", f"{V2}/experiments/search", {"max_results": 5}).ok
        server.stop()


def test_an_old_schema_is_refused_by_serve_and_brought_forward_by_migrate_with_what_it_holds(mlflow_rig):
    env = mlflow_rig.database.env("oldone")
    mlflow_rig.python_runs(OLD, **env)
    early = mlflow_rig.run("serve", check=False, **env)
    assert 2 == early.returncode
    assert "database oldone is at cbc13b556ace" in early.stderr
    assert "run `migrate`" in early.stderr

    ran = at_once(lambda: mlflow_rig.run("migrate", check=False, **env))
    assert [0, 0] == [one.returncode for one in ran], ran[0].stderr[-1500:] + ran[1].stderr[-1500:]
    assert 0 == mlflow_rig.run("migrate", **env).returncode
    assert "of the old days\tdefault" in mlflow_rig.database.said("select name, workspace from oldone.experiments")


def test_a_database_that_loses_letters_is_refused(mlflow_rig):
    mlflow_rig.database.said("create database narrow character set latin1")
    ran = mlflow_rig.run("migrate", check=False, **mlflow_rig.database.env("narrow"))

    assert (2, True) == (ran.returncode, "has character set latin1" in ran.stderr)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"MLFLOW_MYSQL_SSL_CA": "/nowhere.pem"}, "names no file"),
        ({"MLZ_DB_HOST": "localhost"}, "certificate verify failed"),
        ({"MLZ_DB_PASSWORD": "wrong"}, "Access denied"),
        ({"MLZ_DB_PORT": "1"}, "Can't connect"),
        ({"MLZ_DB_USER": ""}, "MLZ_DB_USER must say where"),
    ],
    ids=str,
)
def test_a_database_that_is_not_ours_is_refused_in_one_line(mlflow_rig, change, said):
    ran = mlflow_rig.run("migrate", check=False, **change)

    assert 2 == ran.returncode, ran.stderr
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert mlflow_rig.database.PASSWORD not in ran.stderr


@pytest.mark.shows("G4")
def test_the_database_goes_and_comes_back(mlflow_rig, mlflow_server):
    world = World(mlflow_server.url, {"alpha": mlflow_rig.token("alpha")})
    search = lambda: world.call("alpha", "POST", f"{V2}/experiments/search", {"max_results": 5})  # noqa: E731
    assert search().ok

    mlflow_rig.database.stop()
    try:
        assert search().status >= 500
        assert 200 == world.call(None, "GET", "/health").status
    finally:
        mlflow_rig.database.start()
    assert waited(lambda: search().ok, 30)


@pytest.mark.shows("C3")
def test_servers_log_in_as_a_user_who_changes_no_schema(mlflow_rig):
    """RDS's plug-in is not in MariaDB: the user is there, with a password, and `migrate` gives it its rights."""
    mariadb = mlflow_rig.database
    mariadb.said(f"create user if not exists `server`@'%' identified by '{mariadb.PASSWORD}'")
    env = mariadb.env("served")
    for _ in range(2):
        mlflow_rig.run("migrate", **{**env, "MLZ_DB_SERVER_USER": "server"})
    held = mariadb.said("show grants for `server`@'%'")

    assert "SELECT, INSERT, UPDATE, DELETE ON `served`" in held
    assert not {"CREATE", "ALTER", "DROP", "GRANT OPTION"} & set(held.replace(",", " ").split())
    assert "REQUIRE SSL" in mariadb.said("show create user `server`@'%'")
    server = mlflow_rig.serve(**{**env, "MLZ_DB_USER": "server"}).ready()
    world = World(server.url, {"alpha": mlflow_rig.token("alpha")})
    assert world.call("alpha", "POST", f"{V2}/experiments/search", {"max_results": 5}).ok
    server.stop()

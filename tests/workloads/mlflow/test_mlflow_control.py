"""The attempts bite: the same ones against MLflow as it comes, without the gate, leak; and every route is reviewed."""

import json
import subprocess
import sys

import pytest
from mlz_mlflow import allowed

from tests.workloads.mlflow.attempts_platform import DELETIONS, REGISTRY
from tests.workloads.mlflow.attempts_storage import FILES, POINTERS
from tests.workloads.mlflow.attempts_tracking import TRACKING
from tests.workloads.mlflow.rig import Server, free_port
from tests.workloads.mlflow.within import VERSION
from tests.workloads.mlflow.world import World

pytestmark = pytest.mark.mariadb

ROUTES = """
import json
import re
from mlflow.server import app
from mlflow.server.auth import create_app
from mlflow.server.fastapi_app import create_fastapi_app
create_app()
found = set()
for rule in app.url_map.iter_rules():
    found |= {(method, str(rule)) for method in rule.methods - {"OPTIONS", "HEAD"}}
def walk(routes, prefix=""):
    for route in routes:
        if (inner := getattr(route, "original_router", None)) is not None:
            walk(inner.routes, route.include_context.prefix)
        elif methods := getattr(route, "methods", None):
            found.update((method, prefix + route.path) for method in methods - {"HEAD", "OPTIONS"})
walk(create_fastapi_app(app).routes)
print(json.dumps(sorted(found)))
"""


@pytest.fixture(scope="module")
def stock(mlflow_rig, tmp_path_factory):
    """MLflow as `pip install mlflow` and `mlflow server` make it."""
    folder, port = tmp_path_factory.mktemp("stock"), free_port()
    env = {name: value for name, value in mlflow_rig.env().items() if not name.startswith("MLZ_")}
    env |= {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_ENABLE_AI_GATEWAY": "false"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(mlflow_rig.python, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"),
                *("--backend-store-uri", f"sqlite:///{folder / 'runs.db'}"),
                *("--serve-artifacts", "--artifacts-destination", "s3://mlz-mlflow-artifacts/stock"),
            ],
            env=env,
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://localhost:{port}", process, folder / "log")
    try:
        yield server.ready()
    finally:
        server.stop()


def test_without_the_gate_the_same_attempts_leak(stock):
    world = World(stock.url, {}).furnish()
    attempts = [*TRACKING, *FILES, *POINTERS, *REGISTRY, *DELETIONS]
    leaked = [one.id for one in attempts if any(one.made(world, variant)[0] for variant in world.variants)]

    sys.stdout.write(f"{len(leaked)} of {len(attempts)} attempts leak without the gate\n")  # shown by -s
    assert len(leaked) > 80, leaked
    for group in (
        "experiment",
        "run",
        "artifact",
        "pointer",
        "registry",
        "prompt",
        "trace",
        "data set",
        "scorer",
        "delete",
    ):
        assert any(one.startswith(group) for one in leaked), group


def test_somebody_has_read_every_route_that_the_server_has(mlflow_rig, tmp_path):
    ini = tmp_path / "auth.ini"
    ini.write_text(f"[mlflow]\ndefault_permission = NO_PERMISSIONS\ndatabase_uri = sqlite:///{tmp_path / 'users.db'}\n")
    printed = mlflow_rig.python_runs(
        ROUTES,
        MLFLOW_AUTH_CONFIG_PATH=str(ini),
        MLFLOW_AUTH_ADMIN_USERNAME="of-this-test",
        MLFLOW_AUTH_ADMIN_PASSWORD="of-this-test-only",
        MLFLOW_FLASK_SERVER_SECRET_KEY="of-this-test",
        MLFLOW_ENABLE_WORKSPACES="true",
        _MLFLOW_SERVER_FILE_STORE=f"sqlite:///{tmp_path / 'runs.db'}",
    )
    routes = json.loads(printed.splitlines()[-1])
    example = [(method, _example(path)) for method, path in routes if path]
    unread = [one for one in example if not any(route.matches(*one) for route in allowed.reviewed(VERSION))]

    assert len(routes) > 300
    assert [] == unread


def _example(path):
    """A path that a route's template matches."""
    for opening, closing in ("<>", "{}"):
        while opening in path:
            before, _, rest = path.partition(opening)
            path = f"{before}x{rest.partition(closing)[2]}"
    return path

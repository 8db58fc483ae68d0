"""gunicorn's settings (`gunicorn --config python:serving.gunicorn_settings`)."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from serving.lines import LOGGING
from serving.settings import SettingError, Settings

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

try:
    _settings = Settings.of(os.environ)
except SettingError as error:
    print(f"serving: {error}", file=sys.stderr)
    sys.exit(2)

# Before prometheus_client is imported: with it the workers' figures are summed.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")
# One request, one core: replicas and workers are what scales; pools of threads would fight over the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["MLFLOW_CONFIGURE_LOGGING"] = "false"  # its lines are ours
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

wsgi_app = "serving.app:create_app()"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{_settings.port}"
workers = _settings.workers
worker_class = "gthread"
threads = _settings.threads
keepalive = 75
"""Longer than a load balancer's idle timeout (60 s): the balancer closes first, and no request is lost in between."""
graceful_timeout = _settings.grace_seconds
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the heartbeat must not wait for a disk
control_socket_disable = True
logconfig_dict = LOGGING


def child_exit(_server: "Arbiter", worker: "Worker") -> None:
    """Count a worker's figures on when it is gone."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server: "Arbiter") -> None:
    """Take the figures away with the service."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)

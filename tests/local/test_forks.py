"""Forks of a process that has imported already: Ctrl-C while it does so is not for it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SLOW = """
import time
from pathlib import Path

Path("importing").touch()
time.sleep(1.5)
"""
COMMAND = """
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from local.forks import fork, import_before_forking

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run behind `nohup … &`
import_before_forking(["slow"])
worker = ThreadPoolExecutor().submit(fork, print, "forked")  # as a stack's thread does
try:
    time.sleep(30)
except KeyboardInterrupt:
    process = worker.result()
    process.join()
    print("interrupted", process.exitcode, flush=True)
"""
ROOT = Path(__file__).parents[2]


def test_an_interrupt_reaches_the_command_and_not_the_server_that_imports(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "importing").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(command.pid, signal.SIGINT)
    said, _ = command.communicate(timeout=60)

    assert "forked\ninterrupted 0\n" == said

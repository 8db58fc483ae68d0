"""Containers as processes: what they start from, what they see, and that nothing of them is left."""

import hashlib
import os
import socket
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import pytest

from local.containers.images import ImageError, folder_in, folder_of, manifest_of, snapshot
from local.containers.process import Connection, Credentials, environment_of, isolation, python_of, start
from local.environments import EnvironmentMissingError, environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path):
    image = tmp_path / "image"
    (image / "bin").mkdir(parents=True)
    (image / "requirements.txt").write_text("")
    return image


def program(image, text, name="train"):
    file = image / "bin" / name
    file.write_text(f"#!/usr/bin/env python\n{textwrap.dedent(text)}")
    file.chmod(0o755)


def run(image, root, *command, isolated=False, connection=None, **given):
    place, lines = snapshot(image), []
    variables = environment_of(place, root, "eu-west-1", connection, given, python=python_of(place))
    return start(place, root, command, variables, lines.append, isolated=isolated), lines


def test_the_same_contents_are_one_snapshot_and_later_changes_do_not_reach_it(folder):
    program(folder, "print(1)")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("x")
    first = snapshot(folder)
    assert snapshot(folder) == first
    program(folder, "print(2)")
    assert snapshot(folder) != first
    assert "print(1)" in (first / "bin" / "train").read_text()
    assert not (first / "__pycache__").exists()
    assert folder_in(manifest_of(first)) == first


@pytest.mark.parametrize(
    "uri",
    [
        "busybox",
        "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.2",
        "763104351884.dkr.ecr.nowhere-1.amazonaws.com/pytorch-training",
    ],
    ids=["elsewhere", "of AWS", "no region"],
)
def test_an_image_that_nobody_has_pushed_has_no_folder(uri):
    assert folder_of(uri) is None


def test_a_folder_without_packages_is_no_image(tmp_path):
    with pytest.raises(ImageError, match=r"has no requirements\.txt"):
        snapshot(tmp_path)


def test_a_container_has_the_request_s_variables_its_root_and_nothing_of_this_machine(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MLZ_SECRET_OF_MINE", "1")
    program(folder, "import os, sys; print(*sorted(os.environ), sep='\\n'); print(sys.prefix, os.getcwd())")
    session = Connection(endpoint="http://x", credentials=Credentials(access_key="a", secret_key="b", token="c"))
    running, lines = run(folder, tmp_path / "ml", "train", connection=session, MLZ_RUN="r")
    assert running.wait(60) == 0
    assert {"MLZ_RUN", "SAGEMAKER_BASE_DIR", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"} <= {*lines}
    assert "MLZ_SECRET_OF_MINE" not in lines
    packages, folder_of_it = lines[-1].split()
    assert packages.startswith(str(tmp_path / "cache" / "mlz" / "environments"))
    assert folder_of_it.startswith(str(tmp_path / "cache" / "mlz" / "images"))


def test_an_isolated_container_has_no_credentials_and_reaches_nobody(folder, tmp_path):
    program(
        folder,
        """
        import os, socket, sys
        print([name for name in os.environ if name.startswith("AWS_") and ("KEY" in name or "ENDPOINT" in name)])
        try:
            print(socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5))
        except OSError:
            print("nobody there")
        """,
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        running, lines = run(folder, tmp_path / "ml", "train", port, isolated=True)
        assert running.wait(60) == 0
    assert lines[0] == "[]"
    assert not isolation() or lines[1] == "nobody there"


def test_the_exit_code_is_the_command_s_and_what_it_left_running_is_gone(folder, tmp_path):
    program(
        folder,
        """
        import subprocess, sys
        print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)
        sys.exit(3)
        """,
    )
    running, lines = run(folder, tmp_path / "ml", "train")
    assert running.wait(60) == 3
    assert gone(int(lines[0]))


def test_a_container_may_end_well_when_it_is_told_and_is_killed_when_it_does_not(folder, tmp_path):
    program(
        folder,
        """
        import signal, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in sys.argv else lambda *_: sys.exit(5))
        print("up")
        time.sleep(600)
        """,
    )
    for word, code in (("polite", 5), ("deaf", 128 + 9)):
        running, lines = run(folder, tmp_path / word, "train", word)
        wait_for(lambda: lines)  # noqa: B023 - called at once
        assert running.terminate(1 if word == "deaf" else 30) == code


def test_a_command_that_is_not_there_is_said(folder, tmp_path):
    running, lines = run(folder, tmp_path / "ml", "trian")
    assert (running.wait(60), lines) == (127, ["exec: trian: No such file or directory"])


def test_containers_end_with_who_started_them_however_that_ends(folder, tmp_path):
    program(folder, "import os, time; print(os.getpid(), flush=True); time.sleep(600)")
    script = f"""
import os, sys
from pathlib import Path
from tests.local.test_jobs_containers import run, wait_for
running, lines = run(Path({str(folder)!r}), Path({str(tmp_path / "ml")!r}), "train")
wait_for(lambda: lines)
print(lines[0], flush=True)
os._exit(9)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )
    assert done.returncode == 9, done.stderr
    assert gone(int(done.stdout))


def test_offline_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("MLZ_OFFLINE", "1")
    file = tmp_path / "requirements.txt"
    file.write_text("six==1.17.0 --hash=sha256:0\n")
    with pytest.raises(EnvironmentMissingError, match="MLZ_OFFLINE=1 forbids the network: run once without it"):
        environment(file)


def test_a_lock_that_lacks_what_a_package_needs_is_refused(tmp_path):
    wheel = tmp_path / "one-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr(
            "one-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: one\nVersion: 1.0\nRequires-Dist: other"
        )
        file.writestr("one-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("one-1.0.dist-info/RECORD", "")
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"one @ {wheel.as_uri()} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")

    for _ in range(2):  # what was made in part is not taken the second time
        with pytest.raises(EnvironmentMissingError, match=r"(?s)cannot be installed:.*other"):
            environment(lock)


def test_an_installation_is_told_in_the_readers_own_paths(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    folder = tmp_path / "work" / "model"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder.parent)
    (folder / "requirements.txt").write_text("six @ file:///nowhere/six\n")
    said = []
    monkeypatch.setattr("local.environments._commands", lambda *_: [["/bin/sh", "-c", "echo no index >&2; exit 1"]])
    with pytest.raises(
        EnvironmentMissingError, match=r"packages of model/requirements\.txt cannot be installed: no index"
    ):
        environment(folder / "requirements.txt", said.append)

    kept = "~/.cache/mlz/environments"
    assert [f"installing the packages of model/requirements.txt: once, then they are kept in {kept}"] == said


def gone(pid):
    """Whether a process has ended; what nobody has collected yet has."""

    def ended():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        return state == "Z"

    return wait_for(ended)


def wait_for(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
    return True

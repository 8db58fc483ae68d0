"""A run's spark-submit: program and environment brought in, Spark on this machine's cores, the result taken out.

The environment's Spark does it, local and on loopback, with the sizes of workers left out. An environment that was
packed on another machine need not work here: an archive with a requirements.txt at its top stands for one of those
packages, and is made once and kept, as images' are.
"""

import os
import re
import shlex
import shutil
import subprocess
import tarfile
import threading
import time
import traceback
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from local.containers.process import SLOTS, environment_of, start
from local.environments import EnvironmentMissingError, environment
from local.spark.places import Places
from local.spark.run import Run, RunFailedError

_CANCELLED: Final = "Job run was cancelled"
_JAVA: Final = 17
_LOOK_SECONDS: Final = 0.1
_GRACE_SECONDS: Final = 120
_ENVIRONMENT: Final = "spark.emr-serverless.driverEnv."
_LEFT_OUT: Final = (
    "spark.driver.",
    "spark.executor",
    "spark.emr-serverless.",
    "spark.ssl.",
    "spark.dynamicAllocation.",
)
"""What is about EMR's workers."""

_HERE: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
}


SHORT_LIVED: Final = {
    f"SPARK_{name}_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" for name in ("LAUNCHER", "SUBMIT")
}
"""A run of a minute ends before Java's second compiler has earned what it costs, a third of the run's work."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What spark-submit is told."""

    entry: str
    arguments: list[str]
    settings: dict[str, str]


def in_background(run: Run) -> None:
    """Do a run in a thread of its own."""
    threading.Thread(target=_run, args=(run,), daemon=True, name=str(run.record["jobRunId"])).start()


def _run(run: Run) -> None:
    try:
        run.change("SCHEDULED")
        why = _CANCELLED
        if _waited(run):
            try:
                why = _submit(run)
            finally:
                SLOTS.release()
        run.end("CANCELLED" if why else "SUCCESS", why)
    except RunFailedError as failure:
        run.end("FAILED", str(failure))
    except Exception as error:  # noqa: BLE001 - a run that never ends would say less
        traceback.print_exc()
        run.end("FAILED", f"the emulated AWS failed: {type(error).__name__}: {error}")


def _waited(run: Run) -> bool:
    """Wait for one of this machine's slots; whether it was got before the run was cancelled."""
    while not SLOTS.acquire(timeout=_LOOK_SECONDS):
        if run.cancelled.is_set():
            return False
    return True


def _submit(run: Run) -> str:
    """Run Spark to its end.

    Returns:
        Why it was cancelled; empty: it was not.

    Raises:
        RunFailedError: it failed.
    """
    if why := java_missing():
        raise RunFailedError(f"the emulated AWS cannot run it: {why}")
    asked = _asked(run)
    places = Places(run)
    work = run.root / "work"
    work.mkdir()
    python = _archives(run, places, asked.settings.pop("spark.archives", ""), work)
    entry = places.fetch(asked.entry)
    files = [str(places.fetch(each)) for each in asked.settings.pop("spark.submit.pyFiles", "").split(",") if each]
    command = _command(python, entry, files, asked, [places.argument(each) for each in asked.arguments])
    driver = {key.removeprefix(_ENVIRONMENT): each for key, each in asked.settings.items() if _ENVIRONMENT in key}
    given = {
        **driver,
        "PYSPARK_PYTHON": str(python),
        "PYSPARK_DRIVER_PYTHON": str(python),
        "SPARK_LOCAL_IP": "127.0.0.1",
        **SHORT_LIVED,
    }
    variables = environment_of(work, run.root, run.region, run.connection, given, python=python)
    run.change("RUNNING")
    last: list[str] = []

    def say(line: str) -> None:
        last[:] = [*last[-20:], line]
        if run.log:
            run.log.say(line)

    running = start(work, run.root, command, variables, say)
    minutes = int(run.record["executionTimeoutMinutes"])
    deadline = time.monotonic() + 60 * minutes if minutes else float("inf")
    while (code := running.wait(_LOOK_SECONDS)) is None:
        late = time.monotonic() > deadline
        if late or run.cancelled.is_set():
            run.change("CANCELLING")
            running.terminate(_GRACE_SECONDS)
            return f"Job run timed out after {minutes} minutes" if late else _CANCELLED
    # What Spark has written is there, whatever the program said in the end.
    places.write()
    if code:
        raise RunFailedError(
            f"Job failed, please check complete logs in configured logging destination. ExitCode: {code}. "
            f"Last few exceptions: {_said(last)}"
        )
    return ""


def _said(lines: list[str]) -> str:
    """The last line that the program itself wrote."""
    return next((line for line in reversed(lines) if line and " INFO " not in line and " WARN " not in line), "")


def _asked(run: Run) -> _Asked:
    submit = run.record["jobDriver"].get("sparkSubmit") or {}
    words = shlex.split(submit.get("sparkSubmitParameters") or "")
    settings: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word == "--py-files" and words:
            settings["spark.submit.pyFiles"] = words.pop(0)
        elif word == "--conf" and words and "=" in words[0]:
            key, _, value = words.pop(0).partition("=")
            settings[key] = value
        else:
            raise RunFailedError(f"the emulated AWS takes --conf and --py-files of spark-submit, not {word}")
    return _Asked(entry=submit["entryPoint"], arguments=[*submit.get("entryPointArguments", [])], settings=settings)


def _command(python: Path, entry: Path, files: list[str], asked: _Asked, arguments: list[str]) -> list[str]:
    settings = {key: each for key, each in asked.settings.items() if not key.startswith(_LEFT_OUT)} | _HERE
    options = [part for key, each in settings.items() for part in ("--conf", f"{key}={each}")]
    packages = ["--py-files", ",".join(files)] if files else []
    submit = python.parent / "spark-submit"
    if not submit.exists():
        raise RunFailedError(f"the environment has no spark-submit: {submit}")
    return [str(submit), "--master", "local[2]", *packages, *options, str(entry), *arguments]


def _archives(run: Run, places: Places, text: str, work: Path) -> Path:
    """Unpack archives where the run starts; the Python of that which is called environment.

    Raises:
        RunFailedError: an archive cannot be had, or none is an environment.
    """
    python: Path | None = None
    for each in filter(None, text.split(",")):
        address, _, name = each.partition("#")
        file = places.fetch(address)
        folder = work / (name or file.name)
        try:
            _unpack(file, folder)
        except (OSError, tarfile.TarError, shutil.ReadError) as error:
            raise RunFailedError(f"{address} is no archive: {error}") from error
        file.unlink()
        if (folder / "requirements.txt").is_file():
            try:
                python = environment(folder / "requirements.txt", run.log.say if run.log else lambda _: None)
            except EnvironmentMissingError as error:
                raise RunFailedError(str(error)) from error
        elif (folder / "bin" / "python").exists():
            python = folder / "bin" / "python"
    if python is None:
        raise RunFailedError("spark.archives has no environment: bin/python, or here a requirements.txt, at its top")
    return python


def _unpack(file: Path, folder: Path) -> None:
    if file.suffix == ".zip":
        shutil.unpack_archive(file, folder)
    else:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")


@cache
def java_missing() -> str:
    """Return why Spark cannot run on this machine; empty where it can."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None) or shutil.which("java")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr if found else ""
    version = re.search(r'version "(\d+)', said)
    enough = version and int(version[1]) >= _JAVA
    return "" if enough else "Spark needs Java 17 (apt-get install openjdk-17-jre-headless)"

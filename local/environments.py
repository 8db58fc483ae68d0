"""Virtual environments of workloads: the packages of an image, on this machine, apart from ours.

    python = environment(Path("workloads/churn/requirements.txt"))

Made on first use and kept in the user's cache, one for each lock file; offline it needs uv's or pip's cache.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local.errors import LocalError


class EnvironmentMissingError(LocalError):
    """The packages cannot be installed; the text is for the user."""


def environment(lock: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """Return the Python that has the packages of *lock*, and only those.

    Args:
        lock: a requirements file with hashes. The folder is named for its parent and its contents.
        say: told before a long installation.

    Raises:
        EnvironmentMissingError: they cannot be installed.
    """
    key = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = cache / "mlz" / "workloads" / f"{lock.resolve().parent.name}-{key}"
    place.parent.mkdir(parents=True, exist_ok=True)
    python, ready = place / "bin" / "python", place / ".ready"
    with (place.parent / f"{place.name}.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not ready.exists():
            say(f"installing the packages of {lock} into {place}; once, then they are kept")
            for command in _commands(lock, place, python):
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode:
                    raise EnvironmentMissingError(f"the packages of {lock} cannot be installed: {done.stderr[-300:]}")
            ready.touch()
    return python


def _commands(lock: Path, place: Path, python: Path) -> list[list[str | Path]]:
    fill: list[str | Path] = ["install", "-q", "--require-hashes", "-r", lock]
    uv = shutil.which("uv")
    if uv and not subprocess.run([uv, "--version"], capture_output=True, check=False).returncode:
        return [
            [uv, "venv", "-q", "--clear", "--python", sys.executable, place],
            [uv, "pip", fill[0], "--python", python, *fill[1:]],
        ]
    return [[sys.executable, "-m", "venv", "--clear", place], [python, "-m", "pip", *fill]]

"""Virtual environments of workloads: the packages of an image, on this machine, apart from ours.

    python = environment(Path("workloads/churn/requirements.txt"))

Made on first use and kept in the user's cache, one for each content of a lock file and each Python.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local.engine import cache_folder
from local.errors import LocalError


class EnvironmentMissingError(LocalError):
    """The packages cannot be installed; the text is for the user."""


def environment(requirements: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """Return the Python that has the packages of *requirements*, and only those.

    Others who ask for the same meanwhile, in whatever process, wait; an installation that was cut short is made anew.

    Args:
        requirements: a file with hashes; an empty one is an environment of Python alone.
        say: told before an installation, which takes a minute where packages are large.

    Raises:
        EnvironmentMissingError: they cannot be installed, or MLZ_OFFLINE=1 forbids it.
    """
    content = requirements.read_bytes()
    key = hashlib.sha256(content + sys.version.encode()).hexdigest()
    place = cache_folder(os.environ) / "environments" / key
    place.parent.mkdir(parents=True, exist_ok=True)
    python, ready = place / "bin" / "python", place / ".ready"
    with place.with_suffix(".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not ready.exists():
            named = any(line.strip() and not line.startswith("#") for line in content.decode().splitlines())
            if named and os.environ.get("MLZ_OFFLINE") == "1":
                raise EnvironmentMissingError(
                    f"the packages of {shown(requirements)} are not on this machine, and MLZ_OFFLINE=1 forbids the "
                    "network: run once without it; they are kept then."
                )
            if named:
                kept = f"once, then they are kept in {shown(place.parent)}"
                say(f"installing the packages of {shown(requirements)}: {kept}")
            for command in _commands(requirements if named else None, place, python):
                _run(command, requirements)
            ready.touch()
    return python


def bytecode(python: Path) -> dict[str, str]:
    """Return the variable that keeps what an environment's *python* compiles beside its packages, not beside code.

    A program imports a third of its packages' modules at most: to compile all is most of an installation's work.
    """
    return {"PYTHONPYCACHEPREFIX": str(python.parent.parent / "bytecode")}


def _run(command: list[str | Path], requirements: Path) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-600:]
        raise EnvironmentMissingError(
            f"the packages of {shown(requirements)} cannot be installed: {said}\n"
            "Mend that, the network mostly, or name an index that this machine reaches (UV_DEFAULT_INDEX, "
            "PIP_INDEX_URL); the same command tries again."
        )


def shown(path: Path) -> str:
    """Write a path as short as a reader knows it: from where they stand, or from their home."""
    whole = path.resolve()
    for above, stands in ((Path.cwd(), ""), (Path.home(), "~/")):
        if whole.is_relative_to(above):
            return f"{stands}{whole.relative_to(above)}"
    return str(whole)


def _commands(requirements: Path | None, place: Path, python: Path) -> list[list[str | Path]]:
    """What makes the environment: uv's commands where uv is, else venv's and pip's.

    A lock names every package: none is looked up, which for pyspark would be to fetch 400 MB once more. `check` finds
    what it does not name.
    """
    uv = shutil.which("uv")
    if uv and not subprocess.run([uv, "--version"], capture_output=True, check=False).returncode:
        make: list[str | Path] = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, place]
        pip: list[str | Path] = [uv, "pip"]
        flags: list[str | Path] = ["--python", python]
    else:
        make = [sys.executable, "-m", "venv", "--clear", *(() if requirements else ("--without-pip",)), place]
        pip, flags = [python, "-m", "pip"], ["--disable-pip-version-check", "--no-input"]
    if not requirements:
        return [make]
    compiled = [] if uv else ["--no-compile"]
    install = [*pip, "install", "--quiet", *flags, *compiled, "--no-deps", "--require-hashes", "-r", requirements]
    return [make, install, [*pip, "check", *flags]]

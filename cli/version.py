"""`./mlz --version`: what to name when something is asked or reported."""

import platform
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]


def own_version() -> str:
    """Return the release's number, which pyproject.toml says: mlz is run from its clone and never installed."""
    number: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return number


def versions() -> str:
    """Return mlz's version with its commit, Python's, and those of the Pulumi SDK and AWS provider it is pinned to."""
    commit = _commit()
    return (
        f"mlz {own_version()}{f' ({commit})' if commit else ''}, Python {platform.python_version()}, "
        f"pulumi {version('pulumi')}, pulumi-aws {version('pulumi-aws')}"
    )


def _commit() -> str:
    """Return the clone's commit, marked where files differ from it; empty where there is no git or no clone."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return ""
    return done.stdout.strip()

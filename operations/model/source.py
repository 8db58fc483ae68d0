"""Of which code a model is: the commit of its folder."""

import subprocess
from pathlib import Path


def commit(folder: Path, otherwise: str) -> str:
    """Return the commit of *folder*, `-changed` behind it where files differ from it; *otherwise* without Git."""
    head = _git(folder, "rev-parse", "HEAD")
    if not head:
        return otherwise
    return f"{head}-changed" if _git(folder, "status", "--porcelain", "--", ".") else head


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=False)
    except OSError:  # no Git on this machine
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""

"""What builds the stacks: mlz's own code and the versions it runs with, and what stands for all of it."""

import hashlib
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = ("zone", "components", "stacks", "__main__.py", "Pulumi.yaml", "lock/user.txt")
"""Files and folders; the versions of Pulumi's SDK and of the provider are in the last one."""
_READ: Final = frozenset({".py", ".json"})
"""Of folders: all else is made anew by Python itself."""


def code_digest(project: Path = PROJECT) -> str:
    """Return what stands for the code: the same as long as no file of it differs."""
    found = hashlib.sha256()
    for source in SOURCES:
        path = project / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and (file == path or file.suffix in _READ):
                content = file.read_bytes()
                found.update(f"{file.relative_to(project).as_posix()} {len(content)}\n".encode() + content)
    return found.hexdigest()

"""A copy of the example accounts that a test may break."""

import re
import shutil
from pathlib import Path

import pytest

from zone.plan.planner import EXAMPLES


class Folder:
    """An accounts folder: change files, then read it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def change(self, file: str, old: str, new: str) -> None:
        text = (self.path / file).read_text()
        assert old in text, f"{file} does not hold {old!r}: mend the test"
        (self.path / file).write_text(text.replace(old, new, 1))

    def write(self, file: str, text: str | bytes) -> None:
        path = self.path / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def expected(self, problem: str) -> str:
        """Put the line's number for its text, `dev/fraud.yaml:<kind: team>: …`: a comment more breaks no test."""
        found = re.match(r"(\S+):<(.+?)>:", problem)
        if not found:
            return problem
        file, text = found.groups()
        lines = (self.path / file).read_text().splitlines()
        number = next(number for number, line in enumerate(lines, 1) if text in line)
        return problem.replace(f"<{text}>", str(number), 1)

    def remove(self, file: str) -> None:
        (self.path / file).unlink()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The examples with their lock file, copied."""
    for path in [*EXAMPLES.glob("*/*.yaml"), EXAMPLES / "ids.lock.yaml"]:
        copy = tmp_path / "accounts" / path.relative_to(EXAMPLES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return Folder(tmp_path / "accounts")

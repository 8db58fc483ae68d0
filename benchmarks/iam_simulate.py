"""Fetches @cloud-copilot/iam-simulate (AGPL-3.0) into the user's cache and asks it questions as a separate program.

It is compared with, never linked to or shipped: nothing of it is in this project, and it is installed outside of it.
Needs npm and node; says so where they are missing. Run as a script to install only:

    python -m benchmarks.iam_simulate
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NoReturn, Self

PACKAGE = "@cloud-copilot/iam-simulate@0.1.173"
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlz" / "iam-simulate"
DRIVER = Path(__file__).with_suffix(".mjs")
AT_ONCE = 64  # lines in flight: enough to keep both sides busy, few enough for any pipe's buffer


def refuse(message: str) -> NoReturn:
    """Say what is missing and stop: 2 is the exit code of everything the user can mend."""
    print(message, file=sys.stderr)
    sys.exit(2)


def install() -> Path:
    """Install the pinned package unless it is there; return its folder."""
    missing = [name for name in ("npm", "node") if shutil.which(name) is None]
    if missing:
        refuse(
            f"{' and '.join(missing)} not found: the comparison with iam-simulate runs only where npm and node are. "
            "Install Node.js 20 or newer, then run this again."
        )
    marker = FOLDER / "installed"
    if not marker.exists() or marker.read_text() != PACKAGE:
        FOLDER.mkdir(parents=True, exist_ok=True)
        # No scripts: nothing of a package runs while it is installed.
        command = ["npm", "install", "--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            refuse(f"npm could not install {PACKAGE} into {FOLDER}:\n{done.stderr.strip()}")
        marker.write_text(PACKAGE)
    return FOLDER


class Program:
    """A program that answers JSON lines with JSON lines, in order."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            self.pipe(stream).close()
        self.process.wait()

    @staticmethod
    def pipe(stream: IO[str] | None) -> IO[str]:
        """The stream, which is there because we asked for it."""
        assert stream is not None
        return stream

    def answers(self, lines: Iterable[Any]) -> Iterator[Any]:
        """Yield each line's answer."""
        lines = iter(lines)
        while some := list(islice(lines, AT_ONCE)):
            for line in some:
                self.pipe(self.process.stdin).write(json.dumps(line) + "\n")
            self.pipe(self.process.stdin).flush()
            for _ in some:
                text = self.pipe(self.process.stdout).readline()
                if not text:
                    sys.exit(f"{self.process.args} stopped with {self.process.wait()}")
                yield json.loads(text)

    def whole(self, lines: Iterable[Any]) -> Any:
        """Give all lines, and read the one answer to them together."""
        said, _ = self.process.communicate("".join(json.dumps(line) + "\n" for line in lines))
        return json.loads(said)


def iam_simulate(*mode: str) -> Program:
    """Start iam-simulate's driver."""
    return Program(["node", str(DRIVER), str(install()), *mode])


if __name__ == "__main__":
    print(install())

"""`./mlz test`: format, lint, types, tests. What a person runs and what CI runs are the same."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).parents[1]


def test(
    pytest_arguments: Annotated[
        list[str] | None, typer.Argument(help="Handed to pytest, e.g. tests/zone or -- -k endpoints")
    ] = None,  # noqa: PT028 -- a verb of the command line, no test
) -> None:
    """Run format check, lint, types and tests; exit 1 if any of them fails.

    Tests marked `engine` run the real Pulumi engine against the emulated AWS; without an engine they are skipped and
    say why.
    """
    python = [sys.executable, "-m"]
    steps = {
        "format": [*python, "ruff", "format", "--check", "."],
        "lint": [*python, "ruff", "check", "."],
        # Two more than cores: who waits for the engine waits for the provider's own delays most of the time.
        "tests": [
            *python,
            "pytest",
            "-n",
            str((os.cpu_count() or 2) + 2),
            "--dist",
            "loadfile",  # tests/conftest.py says what stays together, and
            "--no-loadscope-reorder",  # what begins first
            *(pytest_arguments or []),
        ],
    }
    # Side by side with the others, for it uses one processor; what it says comes last.
    types = subprocess.Popen([*python, "mypy"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    failed = []
    try:
        for name, command in steps.items():
            typer.echo(f"── {name}: {' '.join(command[2:])}", err=True)
            if subprocess.run(command, cwd=ROOT, check=False).returncode:
                failed.append(name)
        said, _ = types.communicate()
    finally:
        types.kill()  # an interrupted run leaves nothing behind
    typer.echo(f"── types: mypy\n{said.rstrip()}", err=True)
    if types.returncode:
        failed.append("types")
    if failed:
        typer.echo(f"failed: {', '.join(failed)}", err=True)
        raise typer.Exit(1)

"""The `mlz` file itself, which runs before anything is installed."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

MLZ = Path(__file__).parents[1] / "mlz"


def started_by(version, *, path=os.environ["PATH"]):
    """Start mlz as a Python of another version would: what it asks of `sys` is all that differs."""
    code = f"import runpy, sys; sys.version_info = {version}; sys.version = '{'.'.join(map(str, version[:3]))} (x)'"
    start = f"{code}; sys.argv = ['./mlz', 'plan']; runpy.run_path({str(MLZ)!r}, run_name='__main__')"
    env = {**os.environ, "PATH": path}
    return subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=False, env=env)


def test_python_3_6_can_read_it():
    tree = ast.parse(MLZ.read_text(), feature_version=(3, 6))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    annotations = [given.annotation for each in functions for given in each.args.args] + [
        each.returns for each in functions
    ]

    assert "__future__" not in {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert [] == [each for each in annotations if isinstance(each, ast.BinOp)], (
        "3.6 evaluates them, and knows no `X | None`"
    )


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 8, 18), (3, 9, 6), (3, 10, 1), (3, 14, 0)])
def test_another_python_is_told_which_are_right(version, tmp_path):
    none = started_by(version, path=str(tmp_path))
    (tmp_path / "python3.12").write_text("#!/bin/sh\n")
    (tmp_path / "python3.12").chmod(0o755)
    one = started_by(version, path=str(tmp_path))
    number = ".".join(map(str, version))

    assert (2, 2) == (none.returncode, one.returncode)
    assert none.stderr == (
        f"mlz: needs Python 3.11 to 3.13, this is {number}; install one, and start it with python3.13 {MLZ}\n"
    )
    assert one.stderr == f"mlz: needs Python 3.11 to 3.13, this is {number}; start it with python3.12 {MLZ}\n"

"""What the tests of `mlz policy` share."""

import io
import sys
from types import SimpleNamespace

import pytest

from cli import policy


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the verb on arguments and standard input."""

    def run(*arguments, text=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        code = policy.main(arguments)
        said = capsys.readouterr()
        return SimpleNamespace(exit_code=code, stdout=said.out, stderr=said.err)

    return run

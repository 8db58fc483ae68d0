"""One Spark and one stand-in model for all tests."""

from contextlib import nullcontext
from pathlib import Path

import pytest
import standin
from batch import __main__
from batch.session import session

FOLDER = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """Folder with `model` and `without` (no contract)."""
    folder = tmp_path_factory.mktemp("models")
    standin.main(folder)
    return folder


@pytest.fixture(scope="session")
def spark():
    """The session of `python -m batch`, with two workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_MASTER", "local[2]")
        patch.setenv("PYTHONPATH", str(FOLDER))
        with session() as one:
            yield one


@pytest.fixture
def batch(spark, monkeypatch):
    """The command, in the running Spark."""
    monkeypatch.setattr(__main__, "session", lambda: nullcontext(spark))
    return lambda *arguments: __main__.main(["score", *map(str, arguments)])

"""One Spark and one stand-in model for all tests."""

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "serving" / "tests")]


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """Folder with `model` and `without` (no contract.json)."""
    import standin

    folder = tmp_path_factory.mktemp("models")
    standin.main(folder)
    return folder


@pytest.fixture(scope="session")
def spark():
    """The session of `python -m batch`, with two workers."""
    from batch.session import session

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_MASTER", "local[2]")
        patch.setenv("PYTHONPATH", str(FOLDER))
        with session() as one:
            yield one


@pytest.fixture
def batch(spark, monkeypatch):
    """The command, in the running Spark."""
    from contextlib import nullcontext

    from batch import __main__

    monkeypatch.setattr(__main__, "session", lambda: nullcontext(spark))
    return lambda *arguments: __main__.main(["score", *map(str, arguments)])
